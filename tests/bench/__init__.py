"""Measures speed; every comparison is a ratio taken within one run on one machine."""
