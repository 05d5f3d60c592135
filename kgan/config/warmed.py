"""A base of configurations with `warm_up`: maximum likelihood alone, to a run's end."""

import dataclasses
from typing import Self


class Warmed:
    """Lets a `warm_up` of as many iterations as `updates` last for the whole run.

    A configuration with the field `warm_up` derives from it and from
    `kgan.config.Common`, in this order.
    """

    warm_up: int

    def resolved(self, steps: int) -> Self:
        """Returns the configuration with the `epochs` and `updates` that the run has.

        These are whole epochs, which are more updates than were asked for.
        """
        asked: int = self.updates  # type: ignore[attr-defined]
        written = self.network != "convolutional"  # type: ignore[attr-defined]
        whole = not self.epochs and self.warm_up >= asked  # type: ignore[attr-defined]
        found = super().resolved(steps)  # type: ignore[misc]
        if not (written and whole):
            return found
        return dataclasses.replace(found, warm_up=max(self.warm_up, found.iterations))
