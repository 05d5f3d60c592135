"""Sizes, shapes and refusals of the builders."""

import functools
import inspect
import itertools

import keras
import numpy as np
import pytest
from keras import layers, ops

from kgan.networks import blocks, dcgan, infogan, mlp, r3gan

# The others have kernels of zeros and no bounds: tests/networks/test_r3gan.py.
BOUNDED = [mlp, dcgan, infogan]
EVERY = [*BOUNDED, r3gan]
CONVOLUTIONAL = [dcgan, infogan]


def dense(*sizes):
    """Parameters of a stack of dense layers: a weight per pair, a bias per unit."""
    return sum(ins * outs + outs for ins, outs in itertools.pairwise(sizes))


def kernels(network):
    return [
        tuple(layer.kernel.shape)
        for layer in network.layers
        if isinstance(layer, layers.Dense)
    ]


def test_mlp_is_the_recipe_of_the_lecture():
    generator = mlp.generator(100, (28, 28, 1))
    sizes = [(100, 256), (256, 512), (512, 1024), (1024, 784)]
    assert kernels(generator) == sizes
    assert generator.count_params() == dense(100, 256, 512, 1024, 784) == 1_486_352
    discriminator = mlp.discriminator((28, 28, 1))
    assert kernels(discriminator) == [(784, 1024), (1024, 512), (512, 256), (256, 1)]
    assert discriminator.count_params() == dense(784, 1024, 512, 256, 1) == 1_460_225
    rates = [x.rate for x in discriminator.layers if isinstance(x, layers.Dropout)]
    assert rates == [0.3, 0.3, 0.3]


def test_conditional_mlp_counts():
    """One-hot it joins G's z; D projects its last features on one vector per label."""
    generator = mlp.generator(100, (28, 28, 1), classes=10)
    assert generator.count_params() == dense(110, 256, 512, 1024, 784)
    discriminator = mlp.discriminator((28, 28, 1), classes=10)
    assert discriminator.count_params() == dense(784, 1024, 512, 256, 1) + 10 * 256


def test_infogan_has_the_layers_of_the_paper():
    """Chen 2016, table 1: FC 1024, FC 7x7x128, 64 up-convolved, 1; and back."""
    generator = infogan.generator(74, (28, 28, 1))
    assert kernels(generator) == [(74, 1024), (1024, 7 * 7 * 128)]
    heads = {"category_0": 10, "continuous": 2}
    discriminator = infogan.discriminator((28, 28, 1), heads=heads)
    filters = [x.filters for x in discriminator.layers if isinstance(x, layers.Conv2D)]
    assert filters == [64, 128]
    trunk, score, q = (7 * 7 * 128, 1024), (1024, 1), (1024, 128)
    expected = [trunk, score, q, (128, 10), (128, 2)]
    assert sorted(kernels(discriminator)) == sorted(expected)


@pytest.mark.parametrize("network", CONVOLUTIONAL)
@pytest.mark.parametrize(
    "size", [*((s, s) for s in range(8, 129, 4)), (128, 96), (8, 128), (36, 256)]
)
def test_every_side(network, size):
    shape = (*size, 3)
    assert network.generator(5, shape, width=4).output.shape == (None, *shape)
    discriminator = network.discriminator(shape, width=4)
    assert discriminator.input.shape == (None, *shape)
    assert discriminator.output.shape == (None,)


@pytest.mark.parametrize("network", CONVOLUTIONAL)
@pytest.mark.parametrize("side", [4, 30, 260])
def test_other_sides_are_refused(network, side):
    for build in (
        lambda: network.generator(5, (side, side, 1), width=4),
        lambda: network.discriminator((side, side, 1), width=4),
    ):
        with pytest.raises(
            ValueError, match=f"multiples of 4 from 8 to 256; got {side};"
        ):
            build()


@pytest.mark.parametrize(
    ("size", "halvings", "left"),
    [
        ((8, 8), 2, (2, 2)),
        ((28, 28), 2, (7, 7)),
        ((96, 96), 5, (3, 3)),
        ((256, 256), 6, (4, 4)),
        ((128, 96), 5, (4, 3)),
        ((128, 256), 5, (4, 8)),
        ((64, 128), 4, (4, 8)),
        ((36, 128), 2, (9, 32)),
    ],
)
def test_height_and_width_are_halved_together(size, halvings, left):
    assert blocks.levels(*size) == (halvings, left)


def test_dcgan_at_256_has_the_channels_of_its_depth():
    generator = dcgan.generator(100, (256, 256, 3), width=4)
    assert kernels(generator) == [(100, 4 * 4 * 128)]
    discriminator = dcgan.discriminator((256, 256, 3), width=4)
    assert kernels(discriminator) == [(4 * 4 * 128, 1)]


def test_a_shift_to_the_right_is_no_shift_downwards():
    """Rows are rows: a net that mixes them up would still have the right shapes."""
    discriminator = dcgan.discriminator((16, 64, 1), width=4, features=True)
    x = np.zeros((1, 16, 64, 1), "float32")
    x[0, 3, 50] = 1.0
    changed = discriminator(x)["feature_0"] != discriminator(0 * x)["feature_0"]
    rows, columns = np.nonzero(np.asarray(changed)[0].any(-1))
    assert changed.shape[1:3] == (4, 16)
    assert set(rows) <= {0, 1} and set(columns) <= {11, 12, 13}


@pytest.mark.parametrize("network", EVERY)
def test_unknown_norm_is_refused(network):
    with pytest.raises(ValueError, match="instance or none; got 'group'"):
        network.discriminator((8, 8, 1), width=4, norm="group")


@pytest.mark.parametrize("network", BOUNDED)
def test_images_fill_the_range_and_no_more(network):
    generator = network.generator(5, (8, 8, 2), width=4)
    for weight in generator.trainable_variables:
        weight.assign(10 * np.random.default_rng(0).normal(size=weight.shape))
    images = generator({"z": np.ones((3, 5), "float32")}).numpy()
    assert images.shape == (3, 8, 8, 2)
    assert images.min() >= -1 and images.max() <= 1 and np.ptp(images) > 1.5


@pytest.mark.parametrize("network", EVERY)
def test_labels_and_packs(network):
    discriminator = network.discriminator((8, 8, 2), classes=3, pack=2, width=4)
    assert discriminator.input["x"].shape == (None, 8, 8, 4)
    assert discriminator.input["label"].shape == (None, 2)
    x = np.random.default_rng(0).normal(size=(1, 8, 8, 4)).astype("float32")
    label = np.array([[0, 1], [1, 0], [0, 1]])
    scores = discriminator({"x": np.repeat(x, 3, 0), "label": label})
    assert scores.shape == (3,)
    # It matters which label belongs to which image of the pack.
    assert float(scores[0]) == pytest.approx(float(scores[2]), abs=1e-6)
    assert abs(float(scores[0] - scores[1])) > 1e-6


@pytest.mark.parametrize("network", EVERY)
def test_the_label_changes_the_image(network):
    generator = network.generator(5, (8, 8, 1), classes=3, width=4)
    latent = {"z": np.ones((3, 5), "float32"), "label": np.array([0, 1, 0])}
    images = generator(latent).numpy()
    np.testing.assert_allclose(images[0], images[2], atol=1e-6)
    assert not np.allclose(images[0], images[1], atol=1e-7)


def test_labels_of_combinations_are_made_of_the_options():
    found = np.asarray(blocks.one_hot_parts(np.arange(6), (2, 3)))
    wanted = [[*first, *second] for first in np.eye(2) for second in np.eye(3)]
    np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("network", EVERY)
def test_a_network_of_combinations_has_weights_for_the_options_alone(network):
    generators, discriminators = (
        {c: make(classes=c, width=2) for c in ((2, 3), 2 + 3)}
        for make in (
            functools.partial(network.generator, 4, (8, 8, 1)),
            functools.partial(network.discriminator, (8, 8, 1)),
        )
    )
    for built in (generators, discriminators):
        assert len({one.count_params() for one in built.values()}) == 1
    label = np.arange(6)
    latent = {"z": np.zeros((6, 4), "float32"), "label": label}
    made = generators[2, 3](latent)
    asked = {"x": made, "label": ops.convert_to_tensor(label[:, None])}
    assert discriminators[2, 3](asked).shape == (6,)


@pytest.mark.parametrize("network", EVERY)
def test_heads(network):
    heads = {"category_0": 3, "category_1": 4, "continuous": 2}
    answer = network.discriminator((8, 8, 1), heads=heads, width=4).output
    assert {name: x.shape for name, x in answer.items()} == {
        "score": (None,),
        "category_0": (None, 3),
        "category_1": (None, 4),
        "continuous": (None, 2),
    }


@pytest.mark.parametrize("network", EVERY)
@pytest.mark.parametrize("norm", ["layer", "none"])
def test_without_batch_norm_examples_are_apart(network, norm):
    """What a gradient penalty supposes: an image's score is the image's own."""
    options = {"norm": norm, "width": 4}
    if "dropout" in inspect.signature(network.discriminator).parameters:
        options["dropout"] = 0.0
    discriminator = network.discriminator((8, 8, 1), **options)
    x = np.random.default_rng(0).normal(size=(4, 8, 8, 1)).astype("float32")
    paired = discriminator(x, training=True).numpy()
    apart = [float(discriminator(one[None], training=True)[0]) for one in x]
    np.testing.assert_allclose(paired, apart, atol=1e-5)


@pytest.mark.parametrize("network", BOUNDED)
def test_no_two_layers_begin_alike(network):
    keras.utils.set_random_seed(0)
    discriminator = network.discriminator((8, 8, 1), width=4)
    starts = [
        w.numpy().ravel()[:4] for w in discriminator.weights if "kernel" in w.path
    ]
    assert len({tuple(start) for start in starts}) == len(starts)
