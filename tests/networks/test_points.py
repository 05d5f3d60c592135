"""Networks for points of any number of dimensions."""

import keras
import numpy as np
import pytest

from kgan.networks import points


@pytest.mark.parametrize("dimensions", [1, 2, 5])
def test_shapes(dimensions):
    generator = points.generator(3, (dimensions,), width=4)
    assert generator.input["z"].shape == (None, 3)
    assert generator.output.shape == (None, dimensions)
    discriminator = points.discriminator((dimensions,), pack=4, width=4)
    assert discriminator.input.shape == (None, 4 * dimensions)
    assert discriminator.output.shape == (None,)


def test_labels_and_heads():
    """As the networks of images have them."""
    generator = points.generator(3, classes=5, width=4)
    given = {"z": np.ones((7, 3), "float32"), "label": np.arange(7) % 5}
    assert generator(given).shape == (7, 2)
    judge = points.discriminator(classes=5, pack=2, heads={"code": 3}, width=4)
    shown = {"x": np.ones((7, 4), "float32"), "label": np.ones((7, 2), "int32")}
    answer = judge(shown)
    assert answer["score"].shape == (7,) and answer["code"].shape == (7, 3)


def test_two_dimensions_are_the_default():
    assert points.generator().output.shape == (None, 2)
    assert points.discriminator(pack=3).input.shape == (None, 6)


def test_a_translation_of_points():
    generator = points.generator(2, (3,), input_name="source", width=4, depth=1)
    assert list(generator.input) == ["source"]
    assert generator({"source": np.ones((5, 2), "float32")}).shape == (5, 3)


def test_the_initializer_of_every_layer():
    generator = points.generator(kernel_initializer=keras.initializers.Zeros)
    assert not np.any(generator({"z": np.ones((4, 2), "float32")}))
