"""Random changes of real images, so that few images teach more."""

import dataclasses
from typing import Any

import tensorflow as tf

from kgan.typing import Tensor


@dataclasses.dataclass(frozen=True)
class Jitter:
    """Crops images at random, scales the crop to the whole size, and flips at random.

    With `grow=30 / 256` it is the jitter of Isola 2017 at 256 pixels: scale to 286, crop
    256. Images of one row, such as a pair, are treated alike.

    Attributes:
        grow: the share of their side by which images grow before they are cropped; 0
            leaves every pixel where it is.
        flip: whether half of them are mirrored left to right.
    """

    grow: float = 0.0
    flip: bool = False

    def __call__(
        self, images: dict[str, Tensor], seed: Tensor, share: Any = None
    ) -> dict[str, Tensor]:
        """Returns changed images: name -> float32 (n, H, W, C).

        Args:
            images: name -> float32 (n, H, W, C).
            seed: int64 (2,).
            share: the `kgan.data.pipeline.Share` of a batch that they are; None for all
                of one.
        """
        first = next(iter(images.values()))
        count: int = first.shape[0]  # pyright: ignore[reportAssignmentType]
        size, own = (share.size, share.of) if share else (count, lambda drawn: drawn)
        place, mirror = tf.unstack(tf.random.split(seed, 2))
        kept = 1.0 / (1.0 + self.grow)
        corner = (1.0 - kept) * own(tf.random.stateless_uniform((size, 2), place))
        top, left = tf.unstack(corner, axis=1)
        # From the first pixel to the last of what is cut out: 0 and 1 are centres.
        sides = left, left + kept
        if self.flip:
            turned = own(tf.random.stateless_uniform((size,), mirror)) < 0.5
            sides = [tf.where(turned, *sides[::step]) for step in (-1, 1)]
        boxes = tf.stack([top, sides[0], top + kept, sides[1]], 1)
        rows = tf.range(count)
        return {
            name: tf.image.crop_and_resize(image, boxes, rows, image.shape[1:3])
            for name, image in images.items()
        }
