"""The only look at elapsed time in the planner: whether a caller's deadline has passed."""

import time


class Stopwatch:
    """Counts from its making; without a deadline it never runs out."""

    def __init__(self, deadline_seconds: float | None) -> None:
        self._deadline = deadline_seconds
        self._began = time.monotonic()

    def left(self) -> float:
        """Return the seconds left, infinity without a deadline."""
        if self._deadline is None:
            return float("inf")
        return self._deadline - (time.monotonic() - self._began)

    @property
    def over(self) -> bool:
        """Tell whether the deadline has passed."""
        return self.left() <= 0
