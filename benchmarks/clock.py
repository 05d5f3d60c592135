"""A clock that times repeated work after it has warmed up."""

import time

WARM = 3  # units before the clock starts: the first ones compile and allocate


class Clock:
    """Counts units of work for `seconds`, after the first `warm` units.

    Attributes:
        startup: seconds from the creation of the clock to its start, compilation included.
        elapsed: seconds that the counted units took.
        units: how many units were counted.
    """

    def __init__(self, seconds, warm=WARM, now=time.perf_counter):
        self.seconds, self.warm, self.now = seconds, warm, now
        self.made, self.begun = now(), None
        self.startup = self.elapsed = 0.0
        self.units = self._before = 0

    def tick(self, units=1):
        """Counts `units` more, and returns whether that is enough."""
        if self.begun is None:
            self._before += units
            if self._before >= self.warm:
                self.begun = self.now()
                self.startup = self.begun - self.made
            return False
        self.units += units
        self.elapsed = self.now() - self.begun
        return self.elapsed >= self.seconds

    def run(self, work, units=1):
        """Calls `work`, which does `units`, until that is enough."""
        work()
        while not self.tick(units):
            work()
