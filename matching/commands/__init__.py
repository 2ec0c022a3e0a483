"""`musubi …`: commands for operators, each a few lines over a use case or query."""
