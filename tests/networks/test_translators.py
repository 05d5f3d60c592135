"""The networks of image translation: the papers' sizes, and what they refuse."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.networks import dcgan, patch, resnet, unet


def images(shape, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype("float32")


def test_parameters_of_the_papers():
    """As counted in the authors' programs: 54.4, 11.378, 7.838 and 2.77 millions."""
    with keras.StatelessScope():  # nothing is drawn: 75 million numbers
        assert unet.generator((256, 256, 3), 3).count_params() == 54_409_603
        assert resnet.generator((256, 256, 3), 3).count_params() == 11_378_179
        assert resnet.generator((128, 128, 3), 3).count_params() == 7_837_699
        assert patch.discriminator((256, 256, 6)).count_params() == 2_767_809


@pytest.mark.parametrize("side", [32, 64, 128, 256])
@pytest.mark.parametrize("builder", [unet, resnet])
def test_a_translation_has_the_size_of_its_source(builder, side):
    generator = builder.generator((side, side, 1), 3, width=2)
    assert generator.output_shape == (None, side, side, 3)
    assert list(generator.input) == ["source"]


@pytest.mark.parametrize("size", [(64, 128), (96, 128), (24, 40)])
@pytest.mark.parametrize("builder", [unet, resnet])
def test_a_translation_has_the_shape_of_its_source(builder, size):
    generator = builder.generator((*size, 1), 3, width=2)
    assert generator.output_shape == (None, *size, 3)


def test_a_u_net_halves_as_often_as_both_sides_are_even():
    for size, left in (((64, 64), (1, 1)), ((96, 128), (3, 4)), ((64, 128), (1, 2))):
        generator = unet.generator((*size, 1), 1, width=2)
        maps = [
            x.output.shape[1:3]
            for x in generator.layers
            if type(x) is keras.layers.Conv2D
        ]
        assert maps[-1] == left


def test_a_translation_is_in_range_and_the_same_again():
    for builder in (unet, resnet):
        generator = builder.generator((16, 16, 3), 1, width=4)
        source = images((2, 16, 16, 3))
        both = [np.asarray(generator({"source": source})) for _ in range(2)]
        np.testing.assert_array_equal(*both)
        assert np.abs(both[0]).max() <= 1
        alone = np.asarray(generator({"source": source[:1]}))
        np.testing.assert_allclose(alone, both[0][:1], atol=1e-5)


def test_dropout_only_in_training():
    generator = unet.generator((16, 16, 1), 1, width=4)
    source = {"source": images((1, 16, 16, 1))}
    first, second = (np.asarray(generator(source, training=True)) for _ in range(2))
    assert (first != second).any()
    without = unet.generator((16, 16, 1), 1, width=4, dropout=0.0)
    names = [type(layer).__name__ for layer in without.layers]
    assert "Dropout" not in names


def test_skips_carry_the_source_past_the_bottleneck():
    """Without them all goes through one pixel; with them a doubling has more inputs."""
    with_skips, without = (
        unet.generator((32, 32, 1), 1, width=4, skips=skips) for skips in (True, False)
    )
    assert with_skips.count_params() > without.count_params()
    merged = [x for x in with_skips.layers if isinstance(x, keras.layers.Concatenate)]
    assert len(merged) == 4
    assert not any(isinstance(x, keras.layers.Concatenate) for x in without.layers)


def test_receptive_fields_of_the_paper():
    fields = [patch.receptive_field(depth) for depth in (1, 2, 3, 5)]
    assert fields == [16, 34, 70, 286]


@pytest.mark.parametrize(("depth", "side"), [(1, 64), (2, 64), (3, 128)])
def test_as_many_scores_see_a_pixel_as_their_field_says(depth, side):
    discriminator = patch.discriminator(
        (side, side, 1), depth=depth, width=2, norm="none"
    )
    for layer in discriminator.layers:  # positive weights: nothing cancels out
        if hasattr(layer, "kernel"):
            layer.kernel.assign(np.abs(layer.kernel) + 0.1)
    blank = np.zeros((1, side, side, 1), "float32")
    lit = blank.copy()
    lit[0, side // 2, side // 2] = 1
    changed = np.asarray(discriminator(lit) != discriminator(blank))[0]
    apart = patch.receptive_field(depth) / 2**depth  # fields of that side, so far apart
    assert abs(changed.any(1).sum() - apart) < 1


def test_a_discriminator_tells_its_features():
    discriminator = dcgan.discriminator((32, 32, 1), width=2, features=True)
    shapes = {name: tuple(x.shape) for name, x in discriminator.output.items()}
    assert shapes == {
        "score": (None,),
        "feature_0": (None, 8, 8, 4),
        "feature_1": (None, 4, 4, 8),
    }


def test_xla_changes_nothing():
    """Of the layers that no other network has: reflection and instance norm."""
    generator = resnet.generator((12, 12, 1), 1, width=2, blocks=1)
    source = images((2, 12, 12, 1))
    plain, compiled = (
        tf.function(lambda x: generator({"source": x}), jit_compile=jit)(source)
        for jit in (False, True)
    )
    np.testing.assert_allclose(plain, compiled, atol=1e-5)


def test_depths_give_maps():
    assert patch.discriminator((256, 256, 3)).output_shape == (None, 30, 30)
    assert patch.discriminator((32, 32, 1)).output_shape == (None, 2, 2)
    assert patch.discriminator((28, 28, 1), depth=2).output_shape == (None, 5, 5)


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: unet.generator((28, 28, 1), 1), "multiples of 8.* 24 or 32"),
        (lambda: unet.generator((72, 128, 1), 1), "halve .* 64x128 or 80x128"),
        (lambda: resnet.generator((30, 30, 1), 1), "multiples of 4"),
        (lambda: resnet.generator((8, 8, 1), 1), "from 12"),
        (lambda: patch.discriminator((16, 16, 1), depth=3), "from 24 to"),
    ],
)
def test_impossible_sizes_are_refused(make, word):
    with pytest.raises(ValueError, match=word):
        make()
