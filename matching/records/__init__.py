"""Records: the keys of what is sealed, backups, erasure, and the account of who saw what."""
