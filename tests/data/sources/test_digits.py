"""The digits of scikit-learn, from the package to pixels."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from kgan.data import load
from kgan.errors import UserError
from kgan.networks.sides import CONVOLUTIONAL, RESIDUAL


def quiet(_):
    """Take a line and drop it."""


def test_digits_are_those_of_the_source():
    train, test = load("digits", log=quiet), load("digits", split="test", log=quiet)
    assert (len(train), len(test)) == (1437, 360)
    assert train.name == "digits" and train.classes == tuple("0123456789")
    source = load_digits()
    pixels = np.concatenate([train["real"], test["real"]])
    assert pixels.dtype == np.uint8 and pixels.shape == (1797, 8, 8, 1)
    # 16 steps of ink, 255 / 16 apart: what is rounded is at most a half.
    assert np.abs(pixels[..., 0] - source.images * 255 / 16).max() <= 0.5
    labels = np.concatenate([train["label"], test["label"]])
    np.testing.assert_array_equal(labels, source.target)
    assert labels.dtype == np.int32


def test_line_about_the_digits(capsys):
    load("digits")
    first, second = capsys.readouterr().out.splitlines()
    assert first == "digits: 1,437 images 8x8x1, 10 classes, 92 kB in memory"
    assert second.startswith("classes: 0 (143), 1 (146), ")


def test_scaled_and_coloured():
    images = load("digits", image_size=16, channels=3, log=quiet)
    assert images.spec.shape == (16, 16, 3) and len(images["label"]) == 1437
    assert (images["real"][..., 0] == images["real"][..., 2]).all()
    own = load("digits", log=quiet)
    means = images["real"].mean(axis=(1, 2, 3)), own["real"].mean(axis=(1, 2, 3))
    assert np.abs(means[0] - means[1]).max() < 8


def test_a_size_that_the_network_can_draw():
    for drawable, side in ((CONVOLUTIONAL, 8), (RESIDUAL, 32)):
        assert load("digits", drawable=drawable, log=quiet).spec.shape[0] == side


def test_missing_split_names_those_there_are():
    with pytest.raises(UserError, match="split=val: .* the splits train and test"):
        load("digits", split="val", log=quiet)
