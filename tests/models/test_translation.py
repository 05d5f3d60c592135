"""Translations: their terms by hand, and what each player sees."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from kgan.augmentations import DiffAugment
from kgan.configs import discogan, next_frame, pix2pix
from kgan.data import Field, Spec
from kgan.errors import UserError
from kgan.export.endpoints import endpoints
from kgan.models import CycleGAN, DiscoGAN, Pix2Pix, Translator
from kgan.training.checkpoint import Checkpoints
from kgan.training.loop import Position

SHAPE = (2, 2, 1)


def shift(by, name="generator"):
    """A generator that adds `by` to every pixel."""
    source = keras.Input(SHAPE, name="source")
    shifted = layers.Rescaling(1.0, by)(source)
    return keras.Model({"source": source}, shifted, name=name)


def discriminator(channels=1, name="discriminator"):
    """The sum of the channels' means, times a weight that is 1 at first."""
    image = keras.Input((2, 2, channels))
    mean = layers.GlobalAveragePooling2D()(image)
    score = layers.Dense(1, kernel_initializer="ones")(mean)
    return keras.Model(image, layers.Flatten()(score), name=name)


def batch(source, real, n=3):
    return {
        "source": tf.fill((n, *SHAPE), float(source)),
        "real": tf.fill((n, *SHAPE), float(real)),
    }


def values(terms):
    return {k: float(np.mean(v)) for k, v in terms.items()}


def two_sided(kind=CycleGAN, **settings):
    """G adds 0.5, F takes 0.25 away."""
    parts = [
        Translator(shift(by, f"g{by}"), discriminator(name=f"d{by}"))
        for by in (0.5, -0.25)
    ]
    game = kind(*parts, **settings)
    game.compile(max_optimizer="sgd", min_optimizer="sgd")
    return game


def test_pix2pix_by_hand():
    """D sees the source beside the image: -0.5 + (-0.5 + 0.2) = -0.8."""
    game = Pix2Pix(shift(0.2), discriminator(2), l1_weight=100.0)
    game.compile(max_optimizer="sgd", min_optimizer="sgd")
    played = game.forward(batch(-0.5, 0.6))
    np.testing.assert_allclose(np.ravel(played.answer["score"]), [-0.8] * 3, rtol=1e-5)
    real = np.ravel(played.real_answer["score"])
    np.testing.assert_allclose(real, [0.1] * 3, rtol=1e-5)
    terms = values(game.min_terms(played))
    assert terms["l1"] == pytest.approx(100 * 0.9, rel=1e-5)
    assert terms["adversarial"] == pytest.approx(np.log1p(np.exp(0.8)), rel=1e-5)


@pytest.mark.parametrize(
    "given, words",
    [
        ({"pool": 4}, "pool=4: D sees a picture with its source"),
        ({"augmentations": [DiffAugment()]}, "DiffAugment would change one"),
    ],
)
def test_pairs_are_not_parted(given, words):
    with pytest.raises(ValueError, match=words):
        Pix2Pix(shift(0.2), discriminator(2), **given)


@pytest.mark.parametrize("config", [pix2pix.Config, next_frame.Config])
def test_no_pool_of_pairs(config):
    with pytest.raises(UserError, match="pool=32: D sees a picture with its source"):
        config(pool=32)


def test_discogan_without_features():
    words = "discriminator=patch: returns no features, which feature_weight weighs"
    with pytest.raises(UserError, match=words):
        discogan.Config(discriminator="patch")
    spec = Spec({name: Field.by_shape((16, 16, 1)) for name in ("source", "real")})
    config = discogan.Config(discriminator="patch", feature_weight=0.0, width=2)
    game = discogan.build(config, spec)
    pixels = np.zeros((2, 16, 16, 1), np.uint8)
    logs = game.train_step({"source": pixels, "real": pixels})
    assert np.isfinite(float(logs["G/loss"])) and "G/features" not in logs


def test_pix2pix_weighs_what_d_tells():
    """Only G's side of the game: what D learns is the same."""
    terms = []
    for weight in (1.0, 0.5, 0.0):
        game = Pix2Pix(shift(0.2), discriminator(2), adversarial_weight=weight)
        game.compile(max_optimizer="sgd", min_optimizer="sgd")
        assert Pix2Pix.from_config(game.get_config()).adversarial_weight == weight
        played = game.forward(batch(-0.5, 0.6))
        terms.append(values(game.min_terms(played)))
        d = values(game.max_terms(played))["adversarial"]
        expected = np.log1p(np.exp(-0.1)) + np.log1p(np.exp(-0.8))
        assert d == pytest.approx(expected, rel=1e-5)
    whole, half, none = terms
    assert half["adversarial"] == pytest.approx(whole["adversarial"] / 2)
    assert none["adversarial"] == 0 and whole["l1"] == half["l1"] == none["l1"] > 0


def test_cyclegan_by_hand():
    """There and back is 0.25 too far; each image of the target is moved by its G."""
    game = two_sided(adversarial_weight=2.0, cycle_weight=10.0, identity_weight=3.0)
    played = game.forward(batch(0.1, -0.3))
    terms = values(game.min_terms(played))
    softplus = lambda score: np.log1p(np.exp(-score))
    expected = {
        "adversarial_y": 2 * softplus(0.6),
        "adversarial_x": 2 * softplus(-0.55),
        "cycle_x": 2.5,
        "cycle_y": 2.5,
        "identity_y": 1.5,
        "identity_x": 0.75,
    }
    assert terms == pytest.approx(expected, rel=1e-5)
    # D_Y is shown y, -0.3, and G(x), 0.6; D_X x and F(y).
    expected = softplus(-0.3) + softplus(-0.6), softplus(0.1) + softplus(0.55)
    answers = values(game.max_terms(played))
    assert answers["adversarial_y"] == pytest.approx(expected[0], rel=1e-5)
    assert answers["adversarial_x"] == pytest.approx(expected[1], rel=1e-5)


def times(factor, name="generator"):
    """A generator that learns: every pixel times a weight."""
    source = keras.Input(SHAPE, name="source")
    start = keras.initializers.Constant(factor)
    scaled = layers.Dense(1, kernel_initializer=start)(source)
    return keras.Model({"source": source}, scaled, name=name)


def learners():
    ways = [
        Translator(times(w, f"g{w}"), discriminator(name=f"d{w}")) for w in (0.5, 2.0)
    ]
    return [Pix2Pix(times(0.5), discriminator(2)), CycleGAN(*ways)]


@pytest.mark.parametrize("which", [0, 1])
def test_g_makes_its_images_once_for_an_ascent_and_a_descent(which, monkeypatch):
    """D's step moves no G: the same weights as where G makes them again."""
    rng = np.random.default_rng(0)
    both = {
        k: tf.constant(rng.normal(size=(3, *SHAPE)), "float32")
        for k in ("source", "real")
    }
    found, made, generate = [], [], Translator.generate_batch
    monkeypatch.setattr(
        Translator,
        "generate_batch",
        lambda self, one: made.append(1) or generate(self, one),
    )
    for once in (True, False):
        game, before = learners()[which], len(made)
        monkeypatch.setattr(type(game), "reuses_generated", once)
        game.compile(
            max_optimizer=keras.optimizers.SGD(0.5),
            min_optimizer=keras.optimizers.SGD(0.5),
        )
        start = [w.numpy() for w in game.min_side.weights]
        game.train_step(both)
        assert len(made) - before == len(game.min_players()) * (1 if once else 2)
        end = [w.numpy() for w in game.min_side.weights]
        assert all(np.abs(a - b).max() > 1e-3 for a, b in zip(start, end, strict=True))
        found.append([w.numpy() for w in game.variables])
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def told(by):
    """A D that tells its features."""
    image = keras.Input(SHAPE)
    mean = layers.GlobalAveragePooling2D()(image)
    score = layers.Flatten()(layers.Dense(1, kernel_initializer="ones")(mean))
    answer = {"score": score, "feature_0": layers.Rescaling(1.0)(image)}
    return keras.Model(image, answer, name=f"d{by}")


def test_discogan_by_hand():
    """Features are compared by their means: (0.6 + 0.3)^2, (-0.55 - 0.1)^2."""
    parts = [Translator(shift(by, f"g{by}"), told(by)) for by in (0.5, -0.25)]
    game = DiscoGAN(*parts, first_steps=2)
    game.compile(max_optimizer="sgd", min_optimizer="sgd")
    data = batch(0.1, -0.3)
    for rate in (0.01, 0.01, 0.5):
        terms = values(game.min_terms(game.forward(data)))
        assert terms["cycle_x"] == pytest.approx(rate * 0.0625, rel=1e-4)
        rest = 1 - rate
        assert terms["features_y"] == pytest.approx(rest * 0.9 * 0.81, rel=1e-4)
        assert terms["features_x"] == pytest.approx(rest * 0.9 * 0.4225, rel=1e-4)
        game.iterations.assign_add(1)


def pooled():
    keras.utils.set_random_seed(0)
    parts = []
    for name in "yx":
        source = keras.Input((4, 4, 1), name="source")
        image = layers.Conv2D(1, 3, padding="same")(source)
        seen = keras.Input((4, 4, 1))
        parts.append(
            Translator(
                keras.Model({"source": source}, image, name=f"g{name}"),
                keras.Model(seen, layers.Conv2D(1, 3)(seen), name=f"d{name}"),
                pool=4,
            )
        )
    game = CycleGAN(*parts)
    game.compile(max_optimizer="sgd", min_optimizer="sgd")
    return game


def test_readings_are_told_apart():
    game = pooled()
    data = {k: tf.ones((4, 4, 4, 1)) for k in ("source", "real")}
    logs = game.train_step(data)
    readings = {"D(x)_y", "D(G(z))_x", "V(D,G)_y", "D/adversarial_x", "G/cycle_y"}
    assert readings < logs.keys() and "G/identity_x" not in logs
    assert game.equilibrium.keys() == {"V(D,G)_y", "V(D,G)_x"}


def test_a_full_pool_resumes_exactly(tmp_path):
    data = [
        {
            k: np.random.default_rng([i, j]).normal(size=(4, 4, 4, 1)).astype("float32")
            for j, k in enumerate(("source", "real"))
        }
        for i in range(6)
    ]
    game, other = pooled(), pooled()
    for step in data[:3]:
        game.train_step(step)
    held = game.to_y.image_pool.held.numpy()
    assert held.any(axis=(1, 2, 3)).all(), "full"
    saver = Checkpoints(game, tmp_path)
    saver.begin()
    saver.save(Position(0, 3), {})
    Checkpoints(other, tmp_path).restore()
    np.testing.assert_array_equal(other.to_y.image_pool.held, held)
    for one in (game, other):
        for step in data[3:]:
            one.train_step(step)
    for a, b in zip(game.state, other.state, strict=True):
        np.testing.assert_array_equal(a, b)
    assert (game.to_y.image_pool.held.numpy() != held).any()


def test_d_sees_the_pool_and_g_its_own():
    """The pool holds fakes of another sign: D's score of fakes changes, G's does not."""
    game = pooled()
    played = game.to_y.forward(
        {k: np.ones((4, 4, 4, 1), "float32") for k in ("source", "real")}
    )
    own = float(np.mean(played.answer["score"]))
    game.to_y.image_pool.held.assign(np.full((4, 4, 4, 1), 50.0))
    game.to_y.image_pool.count.assign(4)
    g_term = np.asarray(game.to_y.min_terms(played)["adversarial"])
    game.reset_metrics()
    for _ in range(4):  # once, none of four may be swapped
        game.to_y.max_terms(played)
    assert np.asarray(game.to_y.min_terms(played)["adversarial"]) == pytest.approx(
        g_term
    )
    read = float(game.means()["D(G(z))_y"])
    assert abs(read - 1 / (1 + np.exp(-own))) > 1e-3


def test_pictures_side_by_side():
    game = two_sided()
    held = np.full((2, *SHAPE), 128, np.uint8)
    data = {name: held / np.float32(127.5) - 1 for name in ("source", "real")}
    pictures = np.asarray(game.preview(data, (0, 1))["real"])
    assert pictures.shape == (2, 6, *SHAPE) and pictures.dtype == np.uint8
    assert pictures[0, :, 0, 0, 0].tolist() == [128, 192, 160, 128, 96, 160]
    assert game.preview({}, (0, 1)) == {}, "nothing is held out"


def test_a_colour_image_stands_by_grey_ones_in_colour():
    source = keras.Input((2, 2, 3), name="source")
    grey = keras.Model({"source": source}, layers.Conv2D(1, 1)(source))
    game = Pix2Pix(grey, discriminator(4))
    data = {"source": np.zeros((1, 2, 2, 3), "float32"), "real": np.zeros((1, *SHAPE))}
    assert game.preview(data, (0, 1))["real"].shape == (1, 3, 2, 2, 3)


def test_endpoints_take_and_give_pixels():
    offered = endpoints(two_sided())
    images = np.full((1, *SHAPE), 100, np.uint8)
    for name, expected in ("serving_default", 164), ("to_y", 164), ("to_x", 68):
        function, signature = offered[name]
        assert signature["images"].dtype == tf.uint8
        got = np.asarray(function(images=images)["images"])
        assert got.dtype == np.uint8 and (got == expected).all()


def test_generate_takes_pictures_of_either_domain():
    game = two_sided()
    images = np.full((1, *SHAPE), 100, np.uint8)
    assert (np.asarray(game.generate(source=images)) == 164).all()
    assert (np.asarray(game.generate(target=images)) == 68).all()
    with pytest.raises(UserError, match="source=float32.*must be uint8"):
        game.generate(source=images.astype("float32"))
