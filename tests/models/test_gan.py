"""What `GAN` adds to the game: packing, noise, averages, pixels."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from kgan.augmentations import Augmentation, InstanceNoise
from kgan.models import GAN
from kgan.networks import dcgan, mlp
from kgan.objectives import Relativistic
from kgan.schedules import Schedule

SHAPE = (8, 8, 1)
REAL = tf.constant(np.random.default_rng(0).uniform(-1, 1, (8, *SHAPE)), "float32")


def build(network=mlp, rate=0.05, pack=1, **rules):
    keras.utils.set_random_seed(0)
    game = GAN(
        network.generator(5, SHAPE, width=4),
        network.discriminator(SHAPE, width=4, pack=pack),
        pack=pack,
        **rules,
    )
    game.compile(
        max_optimizer=keras.optimizers.SGD(rate),
        min_optimizer=keras.optimizers.SGD(rate),
    )
    return game


def test_packing_puts_neighbours_side_by_side():
    """Four images of two pixels and two channels: 0 next to 1, 2 next to 3."""
    pixel, channel = [0, 10], [0, 1]
    x = [[[[100 * n + p + c for c in channel] for p in pixel]] for n in range(4)]
    packed = build(pack=2).packed(tf.constant(x)).numpy().tolist()
    assert packed == [
        [[[0, 1, 100, 101], [10, 11, 110, 111]]],
        [[[200, 201, 300, 301], [210, 211, 310, 311]]],
    ]


def test_packing_vectors():
    packed = build(pack=2).packed(tf.constant([[1, 2], [3, 4], [5, 6], [7, 8]]))
    assert packed.numpy().tolist() == [[1, 2, 3, 4], [5, 6, 7, 8]]


def test_a_pack_has_one_score():
    game = build(pack=2)
    played = game.forward({"real": REAL})
    assert played.fake.shape == (8, *SHAPE) and played.answer["score"].shape == (4,)


def test_latents_and_seeds():
    game = build()
    first, again, other = (game.latents(4, (0, seed))["z"] for seed in (1, 1, 2))
    assert first.shape == (4, 5)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_draws_are_new_each_time():
    game = build()
    first, second = (game.sample_latents({"real": REAL})["z"] for _ in range(2))
    assert first.shape == (8, 5) and not np.array_equal(first, second)


def test_truncation_reaches_the_prior():
    z = build().latents(100, (0, 1), truncation=0.3)["z"]
    assert np.abs(z).max() <= 0.3 + 1e-5


def test_showcase_is_a_square_of_samples():
    latent, rows, columns = build().preview_latents((0, 1))
    assert latent["z"].shape == (rows * columns, 5) and rows == columns == 8


def expected_average(old, new, decay, descents):
    share = 1 - min(decay, (1 + descents) / (10 + descents))
    return old + share * (new - old)


@pytest.mark.parametrize("decay", [0.15, 0.9])
def test_average_follows_g_and_its_batch_norm(decay):
    game = build(dcgan, ema=decay)
    ema = game.ema_generator.get_weights()
    names = [w.path for w in game.generator.weights]
    assert any("moving_mean" in name for name in names)
    for old, start in zip(ema, game.generator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, start)
    for descents in (1, 2, 3):
        game.train_step(REAL)
        now = game.generator.get_weights()
        ema = [
            expected_average(a, w, decay, descents)
            for a, w in zip(ema, now, strict=True)
        ]
        found = game.ema_generator.get_weights()
        for name, one, other in zip(names, found, ema, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6, err_msg=name)


def test_samples_come_from_the_average():
    game = build(ema=0.9, rate=1.0)
    game.train_step(REAL)
    latent = game.latents(2, (0, 1))
    assert game.sampler is game.ema_generator
    np.testing.assert_array_equal(game(latent), game.ema_generator(latent))
    assert not np.allclose(game(latent), game.generator(latent), atol=1e-7)
    plain = build()
    assert plain.sampler is plain.generator


def test_no_gradient_reaches_the_average():
    game = build(ema=0.5)
    owned = {id(w) for side in (game.max_side, game.min_side) for w in side.weights}
    assert not owned & {id(w) for w in game.ema_generator.weights}
    assert not game.ema_generator.trainable_variables


def test_noise_is_on_real_and_generated_data_alike():
    class Watched(GAN):
        def discriminator_inputs(self, x, batch):
            self.shown.append(x)
            return x

    game = Watched(mlp.generator(5, SHAPE, width=4), mlp.discriminator(SHAPE, width=4))
    game.compile(max_optimizer="sgd", min_optimizer="sgd")
    spread = {}
    for level in (0.0, 2.0):
        game.augmentations, game.shown = [InstanceNoise(level)], []
        game.max_terms(game.forward({"real": 0 * REAL}))
        (both,) = game.shown
        in_turns = both[::2], both[1::2]
        fake, real = (float(tf.math.reduce_std(x)) for x in in_turns)
        spread[level] = fake, real
    assert spread[0.0][1] == 0.0
    assert spread[2.0][1] == pytest.approx(2.0, rel=0.1)
    assert spread[2.0][0] == pytest.approx(np.hypot(2.0, spread[0.0][0]), rel=0.1)


@pytest.mark.parametrize(("norm", "passes"), [("none", 1), ("layer", 1), ("batch", 2)])
def test_d_scores_both_in_one_pass_unless_they_would_meet(norm, passes):
    """The loss and D's gradient are those of two passes."""
    discriminator = dcgan.discriminator(SHAPE, width=4, norm=norm)
    game = GAN(mlp.generator(5, SHAPE, width=4), discriminator)
    game.compile(max_optimizer="sgd", min_optimizer="sgd")
    asked, discriminate = [], game.discriminate
    game.discriminate = lambda x, batch: asked.append(len(x)) or discriminate(x, batch)
    with tf.GradientTape(persistent=True) as tape:
        played = game.forward({"real": REAL})
        one = game.max_terms(played)["adversarial"]
        assert asked == [2 * len(REAL) // passes] * passes
        scores = [discriminate(x, played.batch)["score"] for x in (REAL, played.fake)]
        other = game.objective.discriminator(*scores)
    np.testing.assert_allclose(one, other, rtol=1e-5)
    weights = [w.value for w in discriminator.trainable_variables]
    gradients = (tape.gradient(loss, weights) for loss in (one, other))
    for mine, expected in zip(*gradients, strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-3, atol=1e-5)


def test_what_d_has_said_already_is_not_asked_again():
    """A variant may look at an answer before `GAN.max_terms` does."""
    game = build()
    asked, discriminate = [], game.discriminate
    game.discriminate = lambda x, batch: asked.append(len(x)) or discriminate(x, batch)
    played = game.forward({"real": REAL})
    score = played.real_answer["score"]
    game.max_terms(played)
    assert asked == [len(REAL)] * 2 and played.real_answer["score"] is score


def test_only_a_relative_objective_shows_g_the_real_data():
    for objective, expected in (None, 1), (Relativistic(), 2):
        game = build(objective=objective)
        shown = []
        game.discriminator_inputs = lambda x, batch, shown=shown: shown.append(x) or x
        game.min_terms(game.forward({"real": REAL}))
        assert len(shown) == expected


def test_the_readings_of_a_fair_game():
    """D of zeros gives D(x) = 1/2 and V = -log 4 to everything."""
    game = build(rate=0.0)
    for weight in game.discriminator.trainable_variables:
        weight.assign(0 * weight)
    logs = game.train_step(REAL)
    assert float(logs["D(x)"]) == float(logs["D(G(z))"]) == 0.5
    assert float(logs["V(D,G)"]) == pytest.approx(-np.log(4))
    assert float(logs["G/loss"]) == pytest.approx(np.log(2))


def test_data_need_not_be_images():
    inputs = {"z": keras.Input((2,), name="z")}
    x = keras.Input((2,))
    game = GAN(
        keras.Model(inputs, layers.Dense(2)(inputs["z"])),
        keras.Model(x, layers.Dense(1)(x)),
    )
    game.compile(max_optimizer="sgd", min_optimizer="sgd")
    logs = game.train_step(tf.ones((4, 2)))
    assert np.isfinite(float(logs["D/loss"]))


class Counted(Augmentation):
    """Counts the rounds that it was told of, in a variable of its own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.count = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def update(self, played):
        self.count.assign_add(1.0)


def test_an_augmentation_keeps_its_state_with_the_game():
    counted = Counted()
    game = build(augmentations=[counted, InstanceNoise(0.1)])
    for _ in range(3):
        game.train_step(REAL)
    assert float(counted.count) == 3.0
    assert any(v is counted.count for v in game.state)


def test_an_augmentation_is_serialised_with_its_schedule():
    noise = InstanceNoise(Schedule(0.5, steps=10))
    again = GAN.from_config(build(augmentations=[noise]).get_config())
    (found,) = again.augmentations
    assert float(found.deviation(5)) == pytest.approx(0.25)


def test_penalties_of_g_are_part_of_its_loss():
    def brightness(played):
        return tf.reduce_mean(played.fake**2, (1, 2, 3))

    brightness.name = "brightness"
    game = build(generator_penalties=[brightness])
    logs = game.train_step(REAL)
    total = float(logs["G/adversarial"]) + float(logs["G/brightness"])
    assert float(logs["G/loss"]) == pytest.approx(total) and logs["G/brightness"] > 0
