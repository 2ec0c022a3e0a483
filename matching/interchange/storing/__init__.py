"""Records of sheets into tables: what is new is added, what differs changed, the rest kept."""
