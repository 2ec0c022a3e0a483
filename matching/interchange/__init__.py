"""Sheets in and out: reading what people typed, and writing files that come back unchanged."""
