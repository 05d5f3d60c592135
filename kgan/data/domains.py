"""Two domains of images, as a translation learns from them."""

import dataclasses

import numpy as np

from kgan.data.images import readable_size


@dataclasses.dataclass(frozen=True, eq=False)
class Domains:
    """A source domain and a target domain, decoded once.

    Attributes:
        name: what the user calls them.
        source: uint8, (N, H, W, C), in memory or memory-mapped.
        target: uint8, (M, H, W, C').
        together: whether the rows are pairs; N is M then.
        shown: name -> uint8 (n, H, W, C): held-out images of both domains, "source"
            and "real", that nothing learns from and the sample grids show.
        left_out: one line per file that could not be used: "path: reason".
    """

    name: str
    source: np.ndarray
    target: np.ndarray
    paired: bool
    shown: dict
    left_out: tuple[str, ...] = ()
    classes = ()

    def __len__(self):
        return max(len(self.source), len(self.target))

    @property
    def image_shape(self):
        """(height, width, channels) of a target image."""
        return self.target.shape[1:]

    @property
    def resolved_fields(self):
        """The fields of a configuration that the data decides."""
        side, _, channels = self.image_shape
        return {
            "image_size": side,
            "channels": channels,
            "source_channels": self.source.shape[-1],
        }

    @property
    def parts(self):
        """As `Images.parts`: one group of pairs, or a group for each domain."""
        if self.paired:
            return ({"source": self.source, "real": self.target},)
        return {"source": self.source}, {"real": self.target}

    def describe(self):
        """One line: how many images of each domain, and their shapes."""
        ends = [f"{len(one):,} {_shape(one)}" for one in (self.source, self.target)]
        size = readable_size(self.source.nbytes + self.target.nbytes)
        if self.paired:
            what = (
                f"{len(self):,} pairs, {_shape(self.source)} to {_shape(self.target)}"
            )
        else:
            what = f"{ends[0]} to {ends[1]}, without pairs"
        return f"{self.name}: {what}, {len(self.shown['source'])} held out, {size}"


def _shape(pixels):
    return "x".join(str(length) for length in pixels.shape[1:])
