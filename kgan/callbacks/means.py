"""Means of what a game tracks, over any number of steps."""


class Means:
    """Means since the last `take`, although the game's tally begins anew each epoch.

    Call `collect` at the end of each epoch, before the tally is reset.

    Args:
        state: what `state` returned, to go on from there.
    """

    def __init__(self, state=None):
        state = state or {"marks": {}, "sums": {}}
        self._marks, self._sums = state["marks"], state["sums"]

    def state(self):
        """Plain values for JSON."""
        return {"marks": dict(self._marks), "sums": dict(self._sums)}

    def collect(self, running_means, ends=False):
        """Adds what a `kgan.running_means.RunningMeans` has gained."""
        for name, now in running_means.read().items():
            before = self._marks.get(name, (0.0, 0.0))
            total, count = self._sums.get(name, (0.0, 0.0))
            self._sums[name] = (total + now[0] - before[0], count + now[1] - before[1])
            self._marks[name] = now
        if ends:
            self._marks = {}

    def take(self):
        """name -> mean, nan where nothing was tracked."""
        found = {
            name: total / count if count else float("nan")
            for name, (total, count) in self._sums.items()
        }
        self._sums = {}
        return found
