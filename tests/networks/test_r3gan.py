"""R3GAN's networks: what the paper says of their start, and what their layers keep."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from kgan.networks import r3gan
from kgan.networks.layers import GroupedConv2D

SHAPE = (32, 32, 3)


def numbers(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def through(network, x):
    """The output of every layer, by the layer."""
    outputs = [layer.output for layer in network.layers]
    found = keras.Model(network.input, outputs)(x)
    return dict(zip(network.layers, found, strict=True))


@pytest.fixture(scope="module")
def players():
    keras.utils.set_random_seed(0)
    generator = r3gan.generator(64, SHAPE, blocks=2)
    return generator, r3gan.discriminator(SHAPE, blocks=2)


def test_the_papers_presets():
    """96, 192, 384, 768 ... for FFHQ-256; 384 below 768s for FFHQ-64; 768 for CIFAR-10."""
    assert r3gan.widths((256, 256, 3), 96, 768) == [96, 192, 384, 768, 768, 768, 768]
    assert r3gan.widths((64, 64, 3), 384, 768) == [384, 768, 768, 768, 768]
    assert r3gan.widths((32, 32, 3), 768, 768) == [768] * 4


def test_small_presets_taper_towards_large_images():
    assert r3gan.widths((28, 28, 1)) == [64, 128, 128]
    assert r3gan.widths((64, 64, 3)) == [32, 64, 128, 128, 128]
    assert r3gan.widths((128, 64, 3)) == [16, 32, 64, 128, 128]
    assert r3gan.widths((256, 256, 3))[:4] == [8, 16, 32, 64]
    assert r3gan.widths((32, 32, 3), widest=16) == [16] * 4


def test_blocks_begin_as_the_identity(players):
    for network, x in zip(
        players, ({"z": numbers(2, 64)}, numbers(2, *SHAPE)), strict=True
    ):
        found = through(network, x)
        blocks = [layer for layer in found if isinstance(layer, layers.Add)]
        assert len(blocks) == 2 * 4
        for add in blocks:
            before, branch = add.input
            assert not np.any(found[owner(network, branch)])
            np.testing.assert_array_equal(found[add], found[owner(network, before)])


def owner(network, tensor):
    return next(layer for layer in network.layers if layer.output is tensor)


def test_features_of_g_keep_their_variance(players):
    """Order 1 in every stage: nothing normalises them later."""
    found = through(players[0], {"z": numbers(256, 64)})
    wide = [np.var(x) for layer, x in found.items() if isinstance(layer, layers.Add)]
    assert len(wide) == 8 and min(wide) > 0.2 and max(wide) < 2.0
    inner = [
        np.var(x) for layer, x in found.items() if isinstance(layer, GroupedConv2D)
    ]
    # Fix-up: eight blocks scale both of a branch's kernels by 8^(-1/4).
    assert min(inner) > 0.05 and max(inner) < 2.0


def test_kernels_begin_with_the_deviation_of_fix_up(players):
    """sqrt(2 / (1 + .2^2)) / sqrt(fan-in) * N^(-1/4), with N = 8 blocks."""
    expected = (2 / 1.04) ** 0.5 * 8**-0.25
    for network in players:
        for layer in network.layers:
            if isinstance(layer, GroupedConv2D):
                inputs = np.prod(layer.kernel.shape[:3])
                found = np.std(layer.kernel) * inputs**0.5
                assert found == pytest.approx(expected, rel=0.05)


def test_groups_have_16_channels(players):
    of_groups = [x for p in players for x in p.layers if isinstance(x, GroupedConv2D)]
    assert {x.kernel.shape[2] for x in of_groups} == {16}
    assert all(x.filters // x.groups == 16 for x in of_groups)


def test_nothing_is_normalised_or_bounded(players):
    kinds = {type(layer).__name__ for p in players for layer in p.layers}
    assert not {k for k in kinds if "Norm" in k or "Activation" in k}
    generator = players[0]
    assert float(tf.reduce_max(generator({"z": 30 * numbers(4, 64)}))) > 1.5


def test_the_smallest_images_stay_in_float32(policy):
    policy("mixed_bfloat16")
    for network in (
        r3gan.generator(8, SHAPE, width=8),
        r3gan.discriminator(SHAPE, width=8),
    ):
        for layer in network.layers:
            if isinstance(layer, layers.Add | GroupedConv2D):
                small = layer.output.shape[1] == 4
                assert layer.compute_dtype == ("float32" if small else "bfloat16")


def test_spectral_norm_is_refused():
    with pytest.raises(ValueError, match="spectral norm divides"):
        r3gan.discriminator(SHAPE, width=4, spectral=True)


def test_the_score_with_labels_is_a_product():
    """Without its label's vector a score would be the same for every label."""
    network = r3gan.discriminator((8, 8, 1), classes=3, width=4)
    x = np.repeat(numbers(1, 8, 8, 1), 3, 0)
    scores = network({"x": x, "label": np.arange(3)[:, None]}).numpy()
    assert np.ptp(scores) > 1e-3
    (label,) = (w for w in network.weights if tuple(w.shape) == (3, 16))
    label.assign(0 * label)
    assert not np.any(network({"x": x, "label": np.arange(3)[:, None]}))


@pytest.mark.parametrize("size", [(8, 8), (28, 28), (100, 36), (128, 96)])
def test_sizes_that_halve(size):
    shape = (*size, 3)
    assert r3gan.generator(5, shape, width=2, widest=4).output.shape == (None, *shape)
    network = r3gan.discriminator(shape, width=2, widest=4)
    assert network.input.shape == (None, *shape) and network.output.shape == (None,)


@pytest.mark.parametrize("side", [4, 30, 260])
def test_other_sizes_are_refused(side):
    with pytest.raises(ValueError, match=f"multiples of 4 from 8 to 256; got {side};"):
        r3gan.generator(5, (side, side, 1), width=4)
