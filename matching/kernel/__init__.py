"""What every room stands on: clock, database, outbox, audit, errors and permissions."""
