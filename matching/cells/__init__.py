"""Readers of single cells: each turns what was typed into canonical text, or says why it cannot."""
