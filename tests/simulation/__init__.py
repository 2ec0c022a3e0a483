"""A year at the volunteer centre, lived through by different ways of choosing whom to ask."""
