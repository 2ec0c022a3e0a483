"""A second opinion on plans, written apart from the planner and from what its tests use."""
