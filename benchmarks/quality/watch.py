"""A watch that stands still while samples are drawn and written."""

import time


class Watch:
    """Counts the seconds of a training, and has samples left at certain moments.

    Args:
        minutes: the moments, in order; the last one ends the training.
        leave: (number of the moment, minutes so far, real images so far, draw); writes
            what `draw(n)` draws, uint8 (n, H, W, C).
        now: the seconds of a clock.
    """

    def __init__(self, minutes, leave, now=time.perf_counter):
        self.moments, self.leave, self.now = list(minutes), leave, now
        self.began = self.stood = 0.0
        self.number = 0  # of the next moment
        self.newest = -1  # real images at the last one

    def start(self):
        """Starts to count, once images are in memory and packages are imported."""
        self.began = self.now()

    @property
    def minutes(self):
        """The minutes of training so far."""
        return (self.now() - self.began - self.stood) / 60

    @property
    def enough(self):
        """Whether the last moment has come and gone."""
        return self.number >= len(self.moments)

    def goes_on(self, images, draw):
        """Leaves samples if it is time to, and returns whether training may go on.

        Args:
            images: real images that were trained on so far.
            draw: n -> uint8 (n, H, W, C).
        """
        if not self.enough and self.minutes >= self.moments[self.number]:
            self._leave(images, draw)
        return not self.enough

    def finish(self, images, draw):
        """Leaves the samples of a training that came to its own end."""
        if not self.enough and images > self.newest:
            self._leave(images, draw)
            self.number = len(self.moments)

    def _leave(self, images, draw):
        stopped, minutes = self.now(), self.minutes
        self.leave(self.number, minutes, images, draw)
        self.newest = images
        # A long step can pass several moments.
        while not self.enough and self.moments[self.number] <= minutes:
            self.number += 1
        self.stood += self.now() - stopped
