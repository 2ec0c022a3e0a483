"""The catalogues of the registers, and how the texts for them are collected."""
