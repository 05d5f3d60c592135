"""FastGAN's networks: their shapes, gates, and the picture that D draws again."""

import keras
import numpy as np
import pytest
from keras import layers

from kgan import GAN
from kgan.networks import fastgan


def noise(*shape):
    return np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")


@pytest.mark.parametrize("size", [(8, 8), (28, 28), (64, 64), (128, 96), (36, 256)])
def test_sides(size):
    shape = (*size, 3)
    generator = fastgan.generator(5, shape, width=2)
    assert generator.output.shape == (None, *shape)
    answer = fastgan.discriminator(shape, width=2).output
    assert {name: x.shape for name, x in answer.items()} == {
        "score": (None,),
        "reconstruction": (None,),
    }


def test_another_side_and_another_norm_are_refused():
    with pytest.raises(ValueError, match="multiples of 4 from 8 to 256; got 30"):
        fastgan.generator(5, (30, 30, 1), width=2)
    with pytest.raises(ValueError, match="instance or none; got 'group'"):
        fastgan.discriminator((8, 8, 1), width=2, norm="group")


def test_labels_packs_and_heads():
    heads = {"category_0": 3}
    discriminator = fastgan.discriminator(
        (8, 8, 2), classes=3, pack=2, heads=heads, width=2
    )
    label = np.array([[0, 1], [1, 0]])
    answer = discriminator({"x": np.repeat(noise(1, 8, 8, 4), 2, 0), "label": label})
    assert abs(float(answer["score"][0] - answer["score"][1])) > 1e-6
    assert answer["category_0"].shape == (2, 3)
    assert answer["reconstruction"].shape == (2,)
    generator = fastgan.generator(5, (8, 8, 1), classes=3, width=2)
    made = generator({"z": np.ones((2, 5), "float32"), "label": np.array([0, 1])})
    assert not np.allclose(made[0], made[1], atol=1e-7)


def test_small_maps_gate_the_channels_of_large_ones():
    generator = fastgan.generator(5, (64, 64, 3), width=2)
    gates = [x for x in generator.layers if isinstance(x, layers.Conv2D)]
    # Of 4x4 pixels: the first map, of 16 channels, gates the fourth after it, of 2.
    found = [x.kernel.shape for x in gates if x.kernel_size == (4, 4)]
    assert found == [(4, 4, 16, 2)]


def test_doubling_leaves_no_checkerboard():
    """Away from the border, pixels of even and of odd rows come from equal sums."""
    generator = fastgan.generator(5, (16, 16, 1), width=2)
    for layer in generator.layers:
        if isinstance(
            layer, layers.Dense
        ):  # one value for each channel of the first map
            layer.kernel.assign(np.tile(noise(5, 2 * 2 * 4), (1, 16)))
    made = np.asarray(generator({"z": noise(1, 5)}))[0, 4:-4, 4:-4]
    assert np.ptp(made) < 1e-5 < np.abs(made).max()


def test_what_d_draws_again_comes_from_its_features():
    keras.utils.set_random_seed(0)
    discriminator = fastgan.discriminator((8, 8, 1), width=4)
    x = np.repeat(np.sign(noise(8, 1, 1, 1)), 64, 1).reshape(8, 8, 8, 1)
    apart = keras.Model(discriminator.input, discriminator.output["reconstruction"])
    apart.compile(keras.optimizers.Adam(0.01), lambda _, unlike: unlike)
    before = float(np.mean(discriminator(x)["reconstruction"]))
    apart.fit(x, np.zeros(8), epochs=20, verbose=0)
    after = float(np.mean(discriminator(x, training=True)["reconstruction"]))
    assert 0.8 < before < 1.3
    assert after < before / 2


def test_a_game_teaches_d_to_draw_real_images():
    game = GAN(
        fastgan.generator(4, (8, 8, 1), width=2),
        fastgan.discriminator((8, 8, 1), width=2),
    )
    sgd = keras.optimizers.SGD
    game.compile(max_optimizer=sgd(0.1), min_optimizer=sgd(0.1))
    drawing = [
        w
        for w in game.discriminator.trainable_variables
        if w.shape[-1] == 1 and len(w.shape) == 4 and w.shape[0] == 3
    ]
    before = [w.numpy() for w in drawing]
    logs = game.train_step({"real": noise(4, 8, 8, 1)})
    assert 0 < float(logs["D/reconstruction"]) < 2
    assert drawing and all(
        not np.array_equal(w, old) for w, old in zip(drawing, before, strict=True)
    )
