"""The planner: eligibility, scoring, planning and explaining, on plain arrays."""
