"""The demonstration city: invented people, groups and needs, the same for the same seed and day."""
