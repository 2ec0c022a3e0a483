"""Safeguarding: a worry about somebody, who looks into it, and everything that stops meanwhile."""
