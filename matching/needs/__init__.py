"""Residents' needs from intake to ready."""
