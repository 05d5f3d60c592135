"""Data that a Python user holds, and what is refused of them."""

import numpy as np
import pytest
import tensorflow as tf

from kgan.data.kinds import Image, Label, Points, Vector
from kgan.data.sources import arrays
from kgan.data.sources.given import dataset
from kgan.errors import UserError

PIXELS = np.arange(5 * 8 * 8, dtype=np.uint8).reshape(5, 8, 8, 1)
LABELS = np.array([0, 2, 1, 1, 0])
SLICES = tf.data.Dataset.from_tensor_slices


@pytest.mark.parametrize(
    "given",
    [
        PIXELS,
        PIXELS[..., 0],  # as keras.datasets.mnist has them
        tf.constant(PIXELS),
        SLICES(PIXELS),
        SLICES(PIXELS).batch(2),
        SLICES(PIXELS).batch(2, drop_remainder=False),
        {"real": PIXELS},
        SLICES({"real": PIXELS}),
    ],
)
def test_images(given):
    data = dataset(given)
    np.testing.assert_array_equal(data["real"], PIXELS)
    assert data.fields["real"].kind == Image() and "label" not in data


@pytest.mark.parametrize(
    "given",
    [
        (PIXELS, LABELS),
        SLICES((PIXELS, LABELS)),
        SLICES((PIXELS, LABELS)).batch(3),
        SLICES({"real": PIXELS, "label": LABELS}),
    ],
)
def test_images_with_labels(given):
    data = dataset(given)
    np.testing.assert_array_equal(data["label"], LABELS)
    assert data["label"].dtype == np.int32 and data.fields["label"].kind == Label()
    assert data.classes == ("0", "1", "2")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            np.array([[1.0, np.nan], [0, 0]]),
            "real: 1 of 2 rows have a NaN, an infinity",
        ),
        (np.array([[1e300, 0.0], [0, 0]]), "real: 1 of 2 rows have a NaN, an infinity"),
        (np.ones((4, 2), complex), "real: must be real numbers; got complex128"),
        (np.array([["a", "b"]]), "real: must be real numbers; got <U1"),
        ((PIXELS, np.arange(len(PIXELS)) + 2**32), "label: has the number 4294967"),
    ],
)
def test_numbers_that_no_training_can_use(given, words):
    with pytest.raises(UserError, match=words):
        dataset(given)


@pytest.mark.parametrize("labels", [[0.9] * 6, [-1] * 6, ["a"] * 6])
def test_labels_that_are_no_numbers_of_classes(labels):
    with pytest.raises(UserError, match="label: must be whole numbers from 0"):
        arrays.images(np.zeros((6, 4, 4, 1), np.uint8), labels)


def test_numbers_of_half_precision_and_none_at_all():
    half = tf.constant(np.ones((4, 2)), tf.bfloat16)
    assert dataset(half.numpy())["real"].dtype == np.float32
    assert len(arrays.points(np.zeros((0, 2)))) == 0


def test_labels_of_more_classes_than_are_named():
    with pytest.raises(UserError, match="label: has the number 2, and there are 2 cl"):
        arrays.images(np.zeros((3, 4, 4, 1), np.uint8), [0, 1, 2], classes=("a", "b"))


def test_numbers():
    assert dataset(np.ones((4, 2))).fields["real"].kind == Points()
    data = dataset(SLICES(np.ones((4, 3))))
    assert data.fields["real"].kind == Vector() and data["real"].dtype == np.float32


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (7, "dataset=int: is no data; give a name, a folder"),
        ({"label": LABELS}, 'needs a field "real"; there are label'),
        (PIXELS / 255.0, "must be uint8, 0 to 255; got float64 between 0 and 1"),
        (np.zeros(3), "must be images .* or numbers"),
        (np.zeros((2, 8, 8, 2), np.uint8), "1 or 3 channels; got 2"),
        ((PIXELS, LABELS / 2), "label: must be whole numbers from 0"),
        ((PIXELS, -LABELS), "label: must be whole numbers from 0"),
        ((PIXELS, LABELS[:4]), "differ in number: real 5, label 4"),
        (SLICES(PIXELS).repeat(), "never ends"),
        (SLICES(PIXELS).take(0), "is empty"),
        (
            tf.data.Dataset.from_generator(
                lambda: iter(PIXELS),
                output_signature=tf.TensorSpec((None, None, 1), tf.uint8),
            ),
            "examples differ in shape",
        ),
    ],
)
def test_what_is_refused(given, words):
    with pytest.raises(UserError, match=words):
        dataset(given)
