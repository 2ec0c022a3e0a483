"""The background side: jobs that leave the outbox, and the beat that sweeps up."""
