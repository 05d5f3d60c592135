"""Handwritten digits that come with scikit-learn, as a TFDS data set.

Importing this module registers "digits" with TensorFlow Datasets; it also
imports that library, so kgan does so only when the set is asked for.
"""

import numpy as np
import tensorflow_datasets as tfds

# The set is ordered by writer: what is held out is mostly by other hands.
TRAIN_COUNT = 1437


class Digits(tfds.core.GeneratorBasedBuilder):
    """1,797 grey 8x8 digits by 43 people; needs no network, ever.

    Features: "image", uint8 (8, 8, 1), 0 for paper and 255 for ink; "label",
    0 to 9. Splits: "train", the first 1,437; "test", the other 360.
    """

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description="Optical recognition of handwritten digits, scanned to 8x8.",
            homepage="https://archive.ics.uci.edu/dataset/80",
            features=tfds.features.FeaturesDict(
                {
                    "image": tfds.features.Image(shape=(8, 8, 1)),
                    "label": tfds.features.ClassLabel(num_classes=10),
                }
            ),
            supervised_keys=("image", "label"),
            # The files keep the order of the writers.
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        """Return the splits; nothing is downloaded."""
        return {
            "train": self._generate_examples(0, TRAIN_COUNT),
            "test": self._generate_examples(TRAIN_COUNT, None),
        }

    def _generate_examples(self, first, end):
        from sklearn.datasets import load_digits

        source = load_digits()
        # The source counts ink from 0 to 16.
        images = np.round(source.images * (255 / 16)).astype(np.uint8)[..., np.newaxis]
        pairs = zip(images[first:end], source.target[first:end], strict=True)
        for number, (image, label) in enumerate(pairs):
            yield number, {"image": image, "label": int(label)}
