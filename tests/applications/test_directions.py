"""Directions in the space of z, against generators whose directions are known."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.applications import attributes, directions, editing, finding
from kgan.applications.directions import Directions
from kgan.configs import gan, infogan
from kgan.data import Attribute, arrays
from kgan.errors import UserError
from kgan.models import GAN
from tests import specs

SHAPE, WIDTH = (8, 8, 1), 4
GAINS = (0.1, 0.5, 0.2, 0.05)  # of the coordinates of z; each moves its own quarter


def quarters():
    """Patterns (4, 64): each is 1 in a quarter of the picture."""
    found = np.zeros((4, 8, 8), np.float32)
    for number, (row, column) in enumerate(((0, 0), (0, 4), (4, 0), (4, 4))):
        found[number, row : row + 4, column : column + 4] = 1
    return found.reshape(4, 64)


@pytest.fixture(scope="module")
def game():
    """A game whose G adds up the quarters, each by its number of z."""
    z = keras.Input((WIDTH,), name="z")
    dense = keras.layers.Dense(64, use_bias=False)
    x = dense(z)
    x = keras.layers.Activation("tanh")(x)
    network = keras.Model({"z": z}, keras.layers.Reshape(SHAPE)(x))
    dense.set_weights([quarters() * np.array(GAINS, np.float32)[:, None]])
    discriminator = gan.build(gan.Config(width=4), specs.images(SHAPE)).discriminator
    return GAN(network, discriminator)


def axes(found):
    """The coordinate that each direction follows, and how exactly."""
    sizes = np.abs(found.vectors)
    return sizes.argmax(1).tolist(), sizes.max(1)


def test_sefa_finds_what_moves_most(game):
    found = finding.sefa(game, 3)
    order, exact = axes(found)
    assert found.names == ("sefa-1", "sefa-2", "sefa-3") and order == [1, 2, 0]
    np.testing.assert_allclose(exact, 1, atol=1e-5)
    squares = np.square(GAINS)
    np.testing.assert_allclose(
        found.scores, squares[[1, 2, 0]] / squares.sum(), rtol=1e-4
    )


def test_pca_finds_what_varies_most(game):
    order, exact = axes(finding.pca(game, 2))
    assert order == [1, 2] and (exact > 0.98).all()


def lit(images):
    """Scores: how light the first and the last quarter are."""
    first = images[:, :4, :4].mean((1, 2, 3))
    last = images[:, 4:, 4:].mean((1, 2, 3))
    return {"first=lit": first, "first=dark": -first, "last=lit": last}


def test_a_plane_between_confident_codes(game):
    found = finding.svm(game, lit, samples=2000, share=0.1)
    order, exact = axes(found)
    assert found.names == ("first=lit", "first=dark", "last=lit")
    assert order == [0, 0, 3] and (exact > 0.9).all()
    assert (found.scores > 0.95).all()
    assert found["first=lit"][0] > 0 > found["first=dark"][0]


def test_a_reader_that_sees_nothing_separates_nothing(game):
    generator = np.random.default_rng(0)
    found = finding.svm(
        game,
        lambda images: {"x": generator.random(len(images))},
        samples=2000,
        share=0.1,
    )
    assert 0.3 < found.scores[0] < 0.7


def test_what_is_kept_by_hand():
    found = Directions(
        ("a", "b"), np.array([[0.6, 0.8], [1.0, 0.0]], np.float32), np.ones(2)
    )
    np.testing.assert_allclose(found.without("a", ["b"]), [0, 1], atol=1e-6)
    np.testing.assert_array_equal(found.without("a", []), found["a"])
    with pytest.raises(UserError, match="keep=a: leaves nothing of a"):
        found.without("a", ["a"])
    with pytest.raises(UserError, match="keep=c: no such direction.*there are a, b"):
        found.without("a", ["c"])


def test_what_is_kept_counts_once():
    """Of directions that depend on each other, no other one is taken out."""
    vectors = np.array([[0.6, 0.8, 0.0], [1, 0, 0], [1, 0, 0], [-1, 0, 0]], np.float32)
    found = Directions(("a", "b", "c", "d"), vectors, np.ones(4))
    alone = found.without("a", ["b"])
    np.testing.assert_allclose(found.without("a", ["b", "c", "d"]), alone, atol=1e-6)


def test_attributes_that_were_found_before_stay(game, tmp_path):
    path = tmp_path / "svm.npz"
    finding.svm(game, lit, samples=200).save(path)
    lighter = Directions(
        ("last=lit", "new"), np.eye(4, dtype=np.float32)[:2], np.ones(2)
    )
    both = lighter.with_others(path, game)
    assert both.names == ("first=lit", "first=dark", "last=lit", "new")
    np.testing.assert_array_equal(both["last=lit"], [1, 0, 0, 0])
    game.iterations.assign_add(1)
    later = dataclasses.replace(lighter, iterations=int(game.iterations))
    assert later.with_others(path, game) is later, "of an earlier state"
    finding.sefa(game, 2).save(tmp_path / "sefa.npz")
    assert Directions.load(tmp_path, game).names == ("sefa-1", "sefa-2")
    game.iterations.assign_sub(1)


def test_deviations_are_those_of_the_prior_and_codes_stay():
    config = infogan.Config(network="mlp", width=4, latent=18)
    game = infogan.build(config, specs.images(SHAPE))
    found = finding.sefa(game, 2)
    width = game.generator.input["z"].shape[-1]
    assert found.vectors.shape == (2, width) and game.noise_width < width
    assert not found.vectors[:, game.noise_width :].any()
    moved = directions.moved(game, {"z": tf.zeros((1, width))}, found.vectors[0], 3.0)
    length = float(tf.norm(moved["z"]))
    assert length == pytest.approx(3 * game.prior.deviation)
    drawn = game.prior((4000, 5), (0, 1))
    assert np.std(drawn) == pytest.approx(game.prior.deviation, rel=0.02)


def test_directions_are_kept_for_the_state_of_a_run(game, tmp_path):
    with pytest.raises(UserError, match="no directions"):
        Directions.load(tmp_path, game)
    finding.sefa(game, 2).save(tmp_path / "sefa.npz")
    finding.svm(game, lit, samples=200).save(tmp_path / "svm.npz")
    found = Directions.load(tmp_path, game)
    assert found.names == ("sefa-1", "sefa-2", "first=lit", "first=dark", "last=lit")
    np.testing.assert_array_equal(found["sefa-1"], finding.sefa(game, 1).vectors[0])
    np.savez(tmp_path / "pca.npz", names=np.array(["x"]), vectors=np.ones((1, 3)))
    with pytest.raises(UserError, match="pca.npz: damaged"):
        Directions.load(tmp_path, game)
    (tmp_path / "pca.npz").unlink()
    game.iterations.assign_add(1)
    with pytest.raises(UserError, match="earlier state"):
        Directions.load(tmp_path, game)
    game.iterations.assign_sub(1)


def test_a_sheet_has_a_row_for_each(game):
    found = finding.sefa(game, 2)
    picture = directions.sheet(game, found.vectors, rows=2)
    assert picture.shape == (4 * 98 + 2, 7 * 98 + 2, 1)
    start = game.samples(game.latents(2, (1, 0)))
    middle = picture[2 + 98 : 98 + 98, 2 + 3 * 98 : 98 + 3 * 98]
    np.testing.assert_array_equal(middle[::12, ::12], start[1])


def test_an_edit_changes_its_quarter_alone(game):
    """What the inversion misses stays: the pictures have noise that G cannot make."""
    found = finding.svm(game, lit, samples=2000, share=0.1)
    exact = Directions(found.names, np.eye(4, dtype="float32")[[0, 0, 3]], found.scores)
    noise = np.random.default_rng(0).integers(100, 150, (3, *SHAPE), np.uint8)
    edited, before = editing.edit(
        game, noise, exact, "last=lit", strength=4.0, steps=60
    )
    changed = (edited != noise).any((0, 3))
    assert changed[4:, 4:].all() and not changed[:4].any() and not changed[:, :4].any()
    assert (edited[:, 4:, 4:] > noise[:, 4:, 4:]).all()
    assert before.images.shape == noise.shape and (before.images != noise).any()
    anew, _ = editing.edit(
        game, noise, exact, "last=lit", strength=0.0, anew=True, steps=60
    )
    np.testing.assert_array_equal(anew, before.images)
    back, _ = editing.edit(game, noise, exact, "last=lit", strength=-4.0, steps=60)
    assert (back[:, 4:, 4:] < noise[:, 4:, 4:]).all()


def test_a_reader_of_attributes_reads_them(record):
    values = np.arange(60, dtype=np.int32) % 2
    pixels = np.zeros((60, *SHAPE), np.uint8) + (200 * values)[:, None, None, None]
    data = arrays.images(pixels.astype(np.uint8), name="lamps")
    data.attributes["lamp"] = Attribute(("off", "on"), values)
    reader = attributes.reader_of(data, ["lamp"], updates=20)
    told = reader(data["real"])
    assert set(told) == {"lamp=off", "lamp=on"}
    np.testing.assert_array_equal(told["lamp=on"] > told["lamp=off"], values == 1)
    np.testing.assert_allclose(
        np.exp(told["lamp=on"]) + np.exp(told["lamp=off"]), 1, rtol=1e-4
    )
    with pytest.raises(UserError, match="attributes=hair.*no such attribute"):
        attributes.reader_of_run(record, ["hair"], "digits", log=lambda line: None)
    with pytest.raises(UserError, match="attributes=lamp,lamp: names an attribute twi"):
        attributes.reader_of(data, ["lamp", "lamp"])


def test_a_generator_without_a_dense_layer():
    z = keras.Input((16,), name="z")
    x = keras.layers.Conv2DTranspose(1, 2, 2)(keras.layers.Reshape((4, 4, 1))(z))
    discriminator = gan.build(gan.Config(width=4), specs.images(SHAPE)).discriminator
    odd = GAN(keras.Model({"z": z}, x), discriminator)
    for way in (finding.sefa, finding.pca):
        with pytest.raises(UserError, match="svm"):
            way(odd)


def test_moving_leaves_the_label(game):
    latent = {"z": tf.zeros((2, 3)), "label": tf.constant([1, 2])}
    moved = directions.moved(game, latent, np.array([0, 1, 0]), 2.0)
    np.testing.assert_array_equal(moved["z"], [[0, 2, 0]] * 2)
    np.testing.assert_array_equal(moved["label"], [1, 2])
