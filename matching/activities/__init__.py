"""Activities: the visit itself, from checking in to a report that somebody else has verified."""
