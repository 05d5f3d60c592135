"""The choice of generated images to keep: no copies, no doubtful classes."""

import dataclasses
from typing import Any

import numpy as np

from kgan.data import Dataset, evenly
from kgan.errors import UserError
from kgan.metrics import Classifier, PixelFeatures, copy_distance, nearest

SHOWN = 1000  # held-out images that say how near a real image comes to a training image


@dataclasses.dataclass(frozen=True)
class Sieve:
    """Keeps generated images that are no copies and whose class a classifier is sure of.

    Attributes:
        train: features of the training images, (n, d); None to keep copies.
        within: distance within which an image is a copy.
        extract: images, uint8 (n, H, W, C) -> features.
        classifier: knows the classes by their numbers; None to keep all.
        confidence: the least probability of the class that was asked for.
    """

    train: np.ndarray | None = None
    within: float = 0.0
    extract: Any = None
    classifier: Classifier | None = None
    confidence: float = 0.0

    @classmethod
    def of(
        cls,
        train: Dataset,
        held_out: Dataset | None = None,
        *,
        memorised: float = 0.01,
        classifier: Classifier | None = None,
        confidence: float = 0.0,
    ) -> "Sieve":
        """Returns the sieve of a data set.

        Args:
            train: the images that the generator learned from.
            held_out: others of the same kind, or None.
            memorised: an image is a copy if it is nearer to a training image than this
                share of the held-out images is; 0 keeps copies.
            classifier: of the classes of `train`, or None.
            confidence: the least probability that it gives to the class asked for.
        """
        rest = {"classifier": classifier, "confidence": confidence}
        if not memorised:
            return cls(**rest)
        extract = PixelFeatures.fitting(train.fields["real"].shape, len(train))
        known = extract(train["real"])
        other = extract(evenly(held_out["real"], SHOWN)) if held_out else None
        if other is None and len(known) < 2:
            raise UserError(
                f"memorised={memorised:g}",
                "one training image says nothing about how near two images come",
                "use `memorised=0`",
            )
        return cls(known, copy_distance(known, other, memorised), extract, **rest)

    def told(self) -> dict[str, Any]:
        """Returns what the manifest says about the sieve."""
        told = {"left_out_within": self.within if self.train is not None else None}
        if self.classifier is not None:
            told |= {"confidence": self.confidence}
            told |= {"classifier_accuracy": self.classifier.accuracy}
        return told

    def keep(
        self, images: np.ndarray, label: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Returns which images are copies, which are unsure, and their distances."""
        copies, distances = np.zeros(len(images), bool), np.zeros(len(images))
        if self.train is not None:
            distances, _ = nearest(self.extract(images), self.train)
            copies = distances <= self.within
        sure = np.ones(len(images))
        if self.classifier is not None:
            sure = self.classifier.probabilities(images)[:, label]
        return copies, ~copies & (sure < self.confidence), distances
