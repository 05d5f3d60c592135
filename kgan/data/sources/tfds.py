"""The images of a prepared TFDS data set."""

import io

import numpy as np
import tensorflow as tf

from kgan.data.decoding import threads
from kgan.data.decoding.size import own_side
from kgan.data.images import Images
from kgan.data.sources.catalog import image_feature, quiet_tfds
from kgan.errors import UserError

# Records per step: one by one, handing them over costs more than decoding them.
BATCH = 256


def load_tfds(builder, *, split, image_size, channels, storage):
    """Decode one split.

    Args:
        builder: a TFDS builder whose data set is prepared.
        split: a name such as "train", or a part such as "train[:10%]".
        image_size: allowed side, or 0 for the data's own.
        channels: 1, 3, or 0 for the data's own.
        storage: a `Storage` for the pixels.

    Returns:
        An `Images`; labels are those of a class feature called "label".

    Raises:
        UserError: if there is no image feature or no such split, or if the
            files cannot be read or hold no usable image.
    """
    feature = image_feature(builder)
    shape = builder.info.features[feature].shape
    count = _count(builder, split)
    try:
        with quiet_tfds():
            side = image_size or own_side(_sizes(builder, split, feature, count))
            channels = channels or (1 if shape[-1] == 1 else 3)
            pixels = storage.room((count, side, side, channels))
            # Nothing to scale or to convert: TensorFlow decodes whole batches.
            as_is = shape == pixels.shape[1:]
            read = _read_as_is if as_is else _read_scaled
            labels, reasons = read(builder, split, feature, pixels)
    except tf.errors.OpError as error:
        raise UserError(
            f"cannot read {builder.name} in {builder.data_dir} "
            f"({type(error).__name__}): prepare it again",
            exit_code=1,
        ) from error
    return _images(builder, pixels, labels, reasons)


def _count(builder, split):
    try:
        count = builder.info.splits[split].num_examples
    # Which of them it is depends on how far the split's syntax made sense.
    except (KeyError, ValueError, AssertionError) as error:
        known = ", ".join(builder.info.splits)
        raise UserError(
            f"{builder.name} has no split {split!r}, only {known}"
        ) from error
    if not count:
        raise UserError(f"the split {split!r} of {builder.name} is empty")
    return count


def _sizes(builder, split, feature, count):
    """Return the (width, height) of the pictures: one pair if all are the same."""
    height, width, _ = builder.info.features[feature].shape
    if height and width:
        return [(width, height)]
    records = _records(builder, split, {feature}, decode=False)
    streams = (io.BytesIO(data) for record in records for data in record[feature])
    headers = threads.read_headers(streams, count)
    sizes = [header[:2] for header in headers if not isinstance(header, str)]
    if not sizes:
        raise UserError(f"no image of {builder.name} can be decoded: {headers[0]}")
    return sizes


def _records(builder, split, features, *, decode):
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
    return tfds.as_numpy(dataset.batch(BATCH).prefetch(tf.data.AUTOTUNE))


def _label_features(builder):
    import tensorflow_datasets as tfds

    features = builder.info.features
    if "label" not in features:
        return set()
    labelled = isinstance(features["label"], tfds.features.ClassLabel)
    return {"label"} if labelled else set()


def _read_as_is(builder, split, feature, pixels):
    """Fill `pixels`; return (labels, None for every picture)."""
    features = {feature} | _label_features(builder)
    labels, filled = [], 0
    for record in _records(builder, split, features, decode=True):
        pictures = record[feature]
        pixels[filled : filled + len(pictures)] = pictures
        filled += len(pictures)
        labels.extend(record.get("label", ()))
    return labels, [None] * filled


def _read_scaled(builder, split, feature, pixels):
    """Fill `pixels` without gaps; return (labels, reason or None per picture)."""
    features = {feature} | _label_features(builder)
    labels = []

    def streams():
        for record in _records(builder, split, features, decode=False):
            labels.extend(record.get("label", ()))
            yield from map(io.BytesIO, record[feature])

    return labels, threads.read_squares(streams(), pixels)


def _images(builder, pixels, labels, reasons):
    kept = np.array([why is None for why in reasons])
    if not kept.any():
        raise UserError(f"no image of {builder.name} can be decoded: {reasons[0]}")
    labels = np.array(labels, np.int32)[kept] if labels else None
    # Unlabelled splits have the label -1 throughout.
    if labels is not None and labels.min() < 0:
        labels = None
    return Images(
        name=builder.name,
        pixels=pixels[: kept.sum()],
        labels=labels,
        classes=() if labels is None else tuple(builder.info.features["label"].names),
        left_out=tuple(f"image {i}: {why}" for i, why in enumerate(reasons) if why),
    )
