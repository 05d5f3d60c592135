"""Pictures of the captions that are asked for, and what a second stage takes over."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.augmentations import DiffAugment, InstanceNoise
from kgan.configs import stackgan as variant
from kgan.errors import UserError
from kgan.networks import dfgan, stackgan
from tests import specs
from tests.models.stackgan_cases import KIND, LENGTH, SHAPE, batch, build


def test_caption_that_is_asked_for_reaches_the_generator():
    game = build()
    latent = game.latents(2, (0, 1), caption="a red seven")
    assert KIND.decode(latent["caption"]) == ["a red seven"] * 2
    latent = game.latents(2, (0, 1), caption=["a red", "a blue two"])
    assert KIND.decode(latent["caption"]) == ["a red", "a blue two"]
    drawn = {*KIND.decode(game.latents(50, (0, 1))["caption"])}
    assert drawn == {"a red seven on", "a blue two"}, "the examples, cut at 4 words"
    assert game.generate(2, 0, caption="a red").shape == (2, *SHAPE)


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("a red sevn", r"does not know 'sevn'; did you mean 'seven'\?"),
        ("elephants dance", "does not know 'elephants', 'dance'"),
        ("", "has 0 words and takes 1 to 4"),
        ("a a a a a", "has 5 words and takes 1 to 4"),
        (7, "is no text"),
        (["a red", 7], "is no text"),
        (["a red", "a two"], "has 2 values for 1 samples"),
        ([], "has 0 values for 1 samples"),
    ],
)
def test_wrong_captions(caption, words):
    with pytest.raises(UserError, match=words):
        build().generate(1, 0, caption=caption)


@pytest.mark.parametrize("norm", ["batch", "layer", "none"])
@pytest.mark.parametrize("network", [stackgan, dfgan])
def test_a_wrong_caption_is_scored_as_the_own_one_is(network, norm):
    """By the same weights: of the same caption, both scores are equal."""
    scores = network.discriminator((16, 16, 3), 3, width=4, norm=norm)
    chance = np.random.default_rng(0)
    for variable in scores.trainable_variables:
        variable.assign(chance.normal(size=variable.shape))
    given = chance.normal(size=(4, 3)).astype("float32")
    x = chance.normal(size=(4, 16, 16, 3)).astype("float32")
    found = scores({"x": x, "condition": given, "wrong": given})
    np.testing.assert_allclose(found["score"], found["wrong"], rtol=1e-5)


@pytest.mark.parametrize("stages", [1, 2])
def test_d_sees_augmented_pictures(stages, monkeypatch):
    config = variant.Config(
        width=2, augmentations="cutout", instance_noise=0.1, stages=stages
    )
    game = variant.build(config, specs.images((16, 16, 1), captions=["a red two"]))
    kinds = [type(one) for one in game.augmentations]
    assert kinds == [DiffAugment, InstanceNoise], "noise comes last"
    del game.augmentations[1:]
    seen, inputs = [], game.discriminator_inputs

    def noted(x, batch):
        seen.append(x)
        return inputs(x, batch)

    monkeypatch.setattr(game, "discriminator_inputs", noted)
    played = game.forward(
        {"real": tf.ones((4, 16, 16, 1)), "caption": tf.ones((4, 3), "int32")}
    )
    assert {*played.real_answer} == {*played.answer}
    cut = np.mean(np.concatenate(seen) == 0, axis=(1, 2, 3))
    assert len(cut) == 8 and np.all((cut > 0.05) & (cut < 0.5)), "of real and of fake"


@pytest.mark.parametrize("augmented", [True, False])
def test_stage_two_begins_with_the_enlarged_picture_and_learns_to_change_it(augmented):
    first = build(augmented=augmented).generator
    game = build(first, (16, 16, 1), augmented)
    latent = game.latents(3, (0, 1), caption="a red")
    own = first.input["z"].shape[-1]
    small = first({"z": latent["z"][:, :own], "caption": latent["caption"]})
    with tf.GradientTape() as tape:
        drawn = game.generator(latent, training=False)
        loss = tf.reduce_mean(drawn)
    large = tf.image.resize(small, (16, 16))
    np.testing.assert_allclose(drawn, stackgan.ROOM * large, atol=1e-6)
    bias = game.generator.get_layer("painter").trainable_variables[-1]
    slope = np.mean(1 - np.square(drawn))  # of tanh
    np.testing.assert_allclose(tape.gradient(loss, bias), [slope], rtol=1e-4)


@pytest.mark.parametrize(("stages", "weight"), [(1, 0.1), (2, 0.0)])
def test_stage_one_alone_seeks_modes(stages, weight):
    config = variant.Config(width=2, stages=stages)
    game = variant.build(config, specs.images((16, 16, 1), captions=["a red two"]))
    assert game.diversity_weight == weight
    assert ("G/diversity" in game.tracked) == (weight > 0)


def test_preview_has_a_row_for_each_caption_and_says_it():
    game = build()
    shown = game.preview(game.as_inputs(batch(["a red", "a two"])), (0, 1))
    assert shown["real"].shape == (2, 8, *SHAPE)
    assert KIND.decode(shown["caption"].numpy()[:, 0]) == ["a red", "a two"]
    alone = game.preview({}, (0, 1))
    assert KIND.decode(alone["caption"].numpy()[:, 3])[1] == "a blue two"


def test_way_between_two_captions_begins_and_ends_at_them():
    game = build()
    captions = ("a red", "a blue two")
    first, second = (tf.constant(KIND.encode([c], LENGTH)) for c in captions)
    z = game.latents(3, (0, 1))["z"]
    way = game.between(first, second, 4, z).numpy().reshape(3, 4, *SHAPE)
    for at, caption in ((0, first), (-1, second)):
        expected = game.samples({"z": z, "caption": tf.repeat(caption, 3, 0)})
        np.testing.assert_allclose(way[:, at], expected, atol=1)


class TestTwoStages:
    @pytest.fixture
    def games(self):
        keras.utils.set_random_seed(0)
        trained = build(ema=0.5)
        keras.utils.set_random_seed(1)
        fresh = build().generator
        return trained, build(first=fresh, shape=(16, 16, 1), ema=0.5)

    def test_second_stage_draws_from_the_trained_first(self, games):
        trained, game = games
        game.continue_from(trained)
        for generator in (game.generator, game.sampler):
            for name in ("encoder", "painter"):
                inner = generator.get_layer(name).get_layer(name)
                kept = trained.sampler.get_layer(name)
                for one, other in zip(inner.weights, kept.weights, strict=True):
                    np.testing.assert_array_equal(one, other)

    def test_second_stage_does_not_train_the_first(self, games):
        _, game = games
        inner = game.generator.get_layer("painter").get_layer("painter")
        before = [w.numpy() for w in inner.weights]
        others = [w.numpy() for w in game.min_side.weights]
        captions = ["a red seven", "a blue two"]
        game.train_step(batch(captions, (16, 16, 1)))
        for one, other in zip(inner.weights, before, strict=True):
            np.testing.assert_array_equal(one, other)
        moved = [
            not np.array_equal(one, other)
            for one, other in zip(game.min_side.weights, others, strict=True)
        ]
        assert any(moved)  # not all: rectifiers of so narrow a net may be dead

    def test_a_game_of_one_stage_takes_none(self, games):
        trained, _ = games
        with pytest.raises(ValueError, match="no stage before"):
            build().continue_from(trained)

    def test_sizes_that_do_not_double(self):
        with pytest.raises(ValueError, match="doubles"):
            build(first=build().generator, shape=(24, 24, 1))
