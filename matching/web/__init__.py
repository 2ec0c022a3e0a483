"""How people reach the service: one module per page family."""
