"""The images of a prepared TFDS data set."""

import functools
import io
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from kgan.data.dataset import Dataset
from kgan.data.decoding import threads
from kgan.data.decoding.levels import find_levels
from kgan.data.decoding.picture import Transform
from kgan.data.decoding.size import Shape
from kgan.data.decoding.storage import Storage
from kgan.data.sources.arrays import images as image_dataset
from kgan.data.sources.catalog import image_feature, quiet_tfds
from kgan.data.sources.listing import grouped
from kgan.errors import UserError
from kgan.sizes import Size
from kgan.typing import Log

if TYPE_CHECKING:
    from tensorflow_datasets.core import DatasetBuilder

# Records per step: one by one, handing them over costs more than decoding them.
BATCH = 256


def load_tfds(
    builder: "DatasetBuilder",
    *,
    split: str,
    shape: Shape,
    storage: Storage,
    levels: Sequence[float] = (),
    log: Log = print,
) -> Dataset:
    """Decode one split.

    Args:
        builder: a TFDS builder whose data set is prepared.
        split: a name such as "train", or a part such as "train[:10%]".
        shape: the `kgan.data.decoding.size.Shape` that is asked for.
        storage: a `Storage` for the pixels.
        levels: as `kgan.data.decoding.levels.find_levels` takes it.
        log: called with a line about images that are left out, or have other levels or
            another shape.

    Returns:
        A `kgan.data.Dataset`; labels are those of a class feature called "label".

    Raises:
        UserError: if there is no image feature or no such split, or if the
            files cannot be read or hold no usable image.
    """
    feature = image_feature(builder)
    stored = builder.info.features[feature].shape
    count = _count(builder, split)
    try:
        with quiet_tfds():
            sizes = _sizes(builder, split, feature, count)
            size = shape.chosen(sizes)
            channels = shape.channels or (1 if stored[-1] == 1 else 3)
            deep = builder.info.features[feature].np_dtype != np.uint8
            streams = _streams(builder, split, feature)
            spans = functools.partial(threads.read_spans, streams, count)
            ends = find_levels(spans, deep * count, count, levels, log)
            transform = Transform(size, channels, shape.fit, levels=ends)
            # Nothing to scale or to convert: TensorFlow decodes whole batches.
            as_is = stored == (*size, channels) and not deep
            records = _Records(builder, split, feature, count, transform, as_is)
            pixels, reasons, labels = storage.decoded(records)
    except tf.errors.OpError as error:
        raise UserError(
            builder.name,
            f"cannot be read in {builder.data_dir} ({type(error).__name__})",
            "prepare it again",
            exit_code=1,
        ) from error
    shape.announce(builder.name, sizes, size, log)
    _tell(reasons, log)
    return _images(builder, pixels, labels, reasons, ends)


def _tell(reasons, log):
    left_out = {(f"image {i}",): why for i, why in enumerate(reasons) if why}
    if left_out:
        whole = f"left out {len(left_out):,} of {len(reasons):,} images"
        log(f"{whole}: {grouped(left_out)}")


def _count(builder, split):
    try:
        count = builder.info.splits[split].num_examples
    # Which of them it is depends on how far the split's syntax made sense.
    except (KeyError, ValueError, AssertionError) as error:
        known = ", ".join(builder.info.splits)
        raise UserError(
            f"split={split}", f"{builder.name} has the splits {known}"
        ) from error
    if not count:
        raise UserError(f"split={split}", f"is empty in {builder.name}")
    return count


def _sizes(builder, split, feature, count):
    """Return the sizes of the pictures."""
    height, width, _ = builder.info.features[feature].shape
    if height and width:
        return [Size(height, width)] * count
    headers = threads.read_headers(_streams(builder, split, feature), count)
    sizes = [header.size for header in headers if not isinstance(header, str)]
    if not sizes:
        raise UserError(builder.name, f"no image can be decoded ({headers[0]})")
    return sizes


def _streams(builder, split, feature):
    """Yields the encoded pictures."""
    for record in _records(builder, split, {feature}, decode=False):
        yield from map(io.BytesIO, record[feature])


def _records(builder, split, features, *, decode, first=0):
    """Iterate over BATCH records at a time, as dicts of arrays, in their order."""
    import tensorflow_datasets as tfds

    # Encoded pictures go to Pillow, so that all sources are scaled alike.
    skip = {} if decode else {name: tfds.decode.SkipDecoding() for name in features}
    skip.pop("label", None)
    dataset = builder.as_dataset(
        split=split,
        decoders=tfds.decode.PartialDecoding(dict.fromkeys(features, True), skip),
        # They are read once; TFDS would keep small sets in memory for ever.
        read_config=tfds.ReadConfig(try_autocache=False),
    )
    return tfds.as_numpy(dataset.skip(first).batch(BATCH).prefetch(tf.data.AUTOTUNE))


def _label_features(builder):
    import tensorflow_datasets as tfds

    features = builder.info.features
    if "label" not in features:
        return set()
    labelled = isinstance(features["label"], tfds.features.ClassLabel)
    return {"label"} if labelled else set()


class _Records:
    """The pictures of a split, as `kgan.data.decoding.storage.Pictures`.

    To read on where the last read ended costs nothing; to begin elsewhere, the records
    before it.
    """

    def __init__(self, builder, split, feature, count, transform, as_is):
        self.builder, self.split, self.feature = builder, split, feature
        self.count, self.transform, self.as_is = count, transform, as_is
        self.shape = (*transform.size, transform.channels)
        self._rows, self._next = self._from(0), 0

    def read(self, start, stop, pixels):
        if start != self._next:
            self._rows = self._from(start)
        labels, self._next = [], stop

        def pictures():
            for picture, *label in itertools.islice(self._rows, stop - start):
                labels.extend(map(int, label))
                yield picture

        if not self.as_is:
            streams = map(io.BytesIO, pictures())
            return threads.read_pictures(streams, pixels, self.transform), labels
        for place, picture in enumerate(pictures()):
            pixels[place] = picture
        return [None] * (stop - start), labels

    def origin(self, start, stop):
        named = f"{self.builder.info.full_name} {self.split} {start}:{stop}"
        return f"{named} {self.transform} {self.as_is}"

    def _from(self, start):
        """The rows from `start` on: a picture, and its label where there are labels."""
        labels = sorted(_label_features(self.builder))
        features = {self.feature, *labels}
        for record in _records(
            self.builder, self.split, features, decode=self.as_is, first=start
        ):
            yield from zip(
                record[self.feature], *(record[one] for one in labels), strict=True
            )


def _images(builder, pixels, labels, reasons, levels):
    kept = np.array([why is None for why in reasons])
    if not kept.any():
        raise UserError(builder.name, f"no image can be decoded ({reasons[0]})")
    labels = np.array(labels, np.int32)[kept] if labels else None
    # Unlabelled splits have the label -1 throughout.
    if labels is not None and labels.min() < 0:
        labels = None
    return image_dataset(
        pixels,
        labels,
        name=builder.name,
        classes=() if labels is None else tuple(builder.info.features["label"].names),
        left_out=tuple(f"image {i}: {why}" for i, why in enumerate(reasons) if why),
        levels=levels,
    )
