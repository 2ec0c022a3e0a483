"""Musubi: matching residents' needs with volunteers for a volunteer centre."""
