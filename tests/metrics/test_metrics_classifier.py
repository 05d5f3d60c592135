"""The classifier: what it learns, what it gives and what it refuses."""

import os
from pathlib import Path

import numpy as np
import pytest

from kgan.errors import UserError
from kgan.metrics import fit_classifier, network


def test_small_digits_are_learnt_and_said(fitted):
    accuracy = fitted.classifier.accuracy
    assert accuracy >= 0.96
    assert fitted.said == [f"classifier: {accuracy * 100:.2f} % on 360 test images"]


def test_outputs_have_the_promised_shapes_and_agree(fitted, digits):
    classifier, images = fitted.classifier, digits["test_pixels"]
    probabilities = classifier.probabilities(images, batch_size=100)
    assert probabilities.shape == (360, 10)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    predictions = classifier.predict(images)
    np.testing.assert_array_equal(predictions, probabilities.argmax(axis=1))
    assert np.mean(predictions == digits["test_labels"]) == classifier.accuracy
    features = classifier.features(images)
    assert features.shape == (360, 64)
    assert features.min() == 0


def test_bytes_and_floats_give_the_same(fitted, digits):
    few = digits["test_pixels"][:20]
    np.testing.assert_array_equal(
        fitted.classifier.probabilities(few),
        fitted.classifier.probabilities(few.astype(np.float32)),
    )


def test_no_images_give_empty_arrays_of_the_right_width(fitted, digits):
    none = digits["test_pixels"][:0]
    assert fitted.classifier.probabilities(none).shape == (0, 10)
    assert fitted.classifier.features(none).shape == (0, 64)


@pytest.mark.parametrize("shape", [(12, 20, 3), (128, 128, 1)])
def test_other_sides_and_colours(shape, instant_training):
    pixels = np.zeros((4, *shape), np.uint8)
    labels = np.array([0, 1, 1, 0])
    classifier = fit_classifier(
        pixels,
        labels,
        2,
        test_pixels=pixels,
        test_labels=labels,
        log=lambda line: None,
    )
    assert classifier.features(pixels).shape == (4, 64)


def test_precision_of_the_process_is_not_that_of_the_classifier(digits, policy):
    policy("mixed_bfloat16")
    classifier = fit_classifier(**digits, updates=1, log=lambda line: None)
    assert classifier.features(digits["test_pixels"]).dtype == np.float32


@pytest.mark.parametrize(
    "changes",
    [
        {"pixels": np.zeros((2, 8, 8), np.uint8)},
        {"pixels": np.zeros((2, 8, 8, 1), np.float32)},
        {"pixels": np.zeros((2, 8, 8, 2), np.uint8)},
        {"pixels": np.zeros((2, 8, 10, 1), np.uint8)},
        {"pixels": np.zeros((2, 4, 4, 1), np.uint8)},
        {"labels": np.zeros(3, int)},
        {"labels": np.array([0, 10])},
        {"test_labels": np.array([0, -1])},
        {"test_pixels": np.zeros((2, 12, 12, 1), np.uint8)},
        {"test_pixels": np.zeros((0, 8, 8, 1), np.uint8), "test_labels": np.zeros(0)},
    ],
)
def test_images_and_labels_that_do_not_fit_are_refused(changes):
    pixels, labels = np.zeros((2, 8, 8, 1), np.uint8), np.zeros(2, int)
    good = {"pixels": pixels, "labels": labels, "classes": 10}
    good |= {"test_pixels": pixels, "test_labels": labels}
    with pytest.raises(UserError):
        fit_classifier(**(good | changes))


@pytest.mark.slow
def test_mnist_is_learnt(tmp_path):
    folder = os.environ.get("TFDS_DATA_DIR", "")
    if not folder or not (Path(folder) / "mnist").is_dir():
        pytest.skip("TFDS_DATA_DIR has no mnist folder")
    tfds = pytest.importorskip("tensorflow_datasets")
    (pixels, labels), (test_pixels, test_labels) = (
        tfds.as_numpy(
            tfds.load(
                "mnist",
                split=split,
                data_dir=folder,
                download=False,
                batch_size=-1,
                as_supervised=True,
            )
        )
        for split in ("train", "test")
    )
    classifier = fit_classifier(
        pixels, labels, 10, test_pixels=test_pixels, test_labels=test_labels
    )
    assert classifier.accuracy >= 0.988


@pytest.mark.parametrize(
    ("size", "left"),
    [
        ((28, 28), (7, 7)),
        ((8, 128), (1, 16)),
        ((128, 96), (8, 6)),
        ((12, 128), (1, 16)),
    ],
)
def test_height_and_width_are_halved_together(size, left):
    built = network.build_network((*size, 1), 10, seed=0)
    assert built.get_layer("flatten").input.shape[1:3] == left
