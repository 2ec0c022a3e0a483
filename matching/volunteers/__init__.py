"""Volunteers and groups: what they offer, when and within which limits."""
