"""Means of the values that a game tracks, over any number of steps."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgan.running_means import RunningMeans


class Means:
    """Means of the tracked values since the last `take`, across epochs.

    The running means of a game are reset at each epoch. Call `collect` at the end of
    each epoch, before the reset, and whenever the means are needed.

    Args:
        state: what an earlier `state()` returned, to continue from it; None to start.
    """

    def __init__(self, state: dict[str, Any] | None = None) -> None:
        state = state or {"marks": {}, "sums": {}}
        self._marks, self._sums = state["marks"], state["sums"]

    def state(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"marks": dict(self._marks), "sums": dict(self._sums)}

    def collect(self, running_means: "RunningMeans", ends: bool = False) -> None:
        """Adds what a `kgan.running_means.RunningMeans` gained since the last call.

        Args:
            running_means: those of the game.
            ends: whether the running means are reset after this call.
        """
        for name, now in running_means.read().items():
            before = self._marks.get(name, (0.0, 0.0))
            total, count = self._sums.get(name, (0.0, 0.0))
            self._sums[name] = (total + now[0] - before[0], count + now[1] - before[1])
            self._marks[name] = now
        if ends:
            self._marks = {}

    def take(self) -> dict[str, float]:
        """Returns name -> mean, nan where nothing was tracked, and starts anew."""
        found = {
            name: total / count if count else float("nan")
            for name, (total, count) in self._sums.items()
        }
        self._sums = {}
        return found
