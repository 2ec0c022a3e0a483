"""Messages to people: what is said to whom, by which channel; at least once, never stale."""
