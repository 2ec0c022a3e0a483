"""The embedded default: PostgreSQL, Valkey and every process of the service as one command."""
