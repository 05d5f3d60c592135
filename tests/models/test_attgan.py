"""AttGAN: what it changes, what it keeps, and what it learns from."""

import shutil

import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan.configs import attgan as config
from kgan.data import Attribute, arrays
from kgan.data.kinds import Attributes
from kgan.data.sources.conditions import attributed
from kgan.errors import UserError
from kgan.networks import attgan
from kgan.settings import as_plain, defaults, from_plain
from tests.conformance import games

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 1), np.uint8)


@pytest.fixture(scope="module")
def game():
    return games.build("attgan")


def test_targets_are_the_attributes_of_the_batch_in_another_order(game):
    own = np.arange(16, dtype=np.int32).reshape(8, 2)
    batch = {"real": tf.zeros((8, 1)), "attributes": tf.constant(own)}
    found = game.sample_latents(batch)["attributes"].numpy()
    assert sorted(map(tuple, found)) == sorted(map(tuple, own))
    assert not np.array_equal(found, own)
    assert not np.array_equal(found, game.sample_latents(batch)["attributes"])


def test_what_is_not_asked_for_is_what_d_reads(game):
    own = game.read(game.real_field.kind.to_network(PIXELS)).numpy()
    asked = []
    game.samples, before = lambda latent: asked.append(latent) or PIXELS, game.samples
    game.generate(source=PIXELS, mouth="smirk")
    game.generate(source=PIXELS, hair=[0, 1, 2, 0, 1, 2])
    game.samples = before
    np.testing.assert_array_equal(asked[0]["attributes"][:, 0], np.full(6, 1))
    np.testing.assert_array_equal(asked[0]["attributes"][:, 1], own[:, 1])
    np.testing.assert_array_equal(asked[1]["attributes"][:, 0], own[:, 0])
    np.testing.assert_array_equal(asked[1]["attributes"][:, 1], [0, 1, 2, 0, 1, 2])


def test_losses_by_hand(game):
    """ln 2 + ln 3 for heads that say nothing, and |1 - 0| for the reconstruction."""
    n, options = 4, (2, 3)
    answer = {f"attribute_{i}": tf.zeros((n, k)) for i, k in enumerate(options)}
    answer["score"] = tf.zeros((n,))
    latent = {"attributes": tf.zeros((n, 2), tf.int32)}
    latent |= {"reconstructed": tf.ones((n, 2)), "mask": tf.fill((n, 2), 0.25)}
    batch = {"real": tf.zeros((n, 2)), "attributes": tf.zeros((n, 2), tf.int32)}
    played = kgan.models.round.Round(batch, latent, tf.zeros((n, 2)), lambda *_: answer)
    terms = game.min_terms(played)
    np.testing.assert_allclose(terms["attributes"], np.log(6.0), rtol=1e-5)
    np.testing.assert_allclose(terms["reconstruction"], 1.0)
    np.testing.assert_allclose(terms["mask"], 0.25)
    read = game.max_terms(played)["attributes"]
    np.testing.assert_allclose(read, np.log(6.0), rtol=1e-5)


def test_where_the_mask_is_closed_a_picture_stays_as_it_is():
    network = attgan.generator((8, 8, 1), (2, 3), width=2)
    (last,) = [w for w in network.weights if w.shape == (1,) and "bias" in w.path][1:]
    last.assign([-100.0])
    x = np.random.default_rng(0).uniform(-1, 1, (2, 8, 8, 1)).astype("float32")
    given = {"source": x, "attributes": np.zeros((2, 2), "int32")}
    np.testing.assert_array_equal(network(given), x)
    without = attgan.generator((8, 8, 1), (2, 3), width=2, mask=False)
    assert "mask" not in without.get_layer("decoder").output
    assert np.abs(without(given) - x).max() > 0.1


def labelled(n=40, held_out=0):
    """Noise whose attribute is its brightness."""
    values = np.arange(n, dtype=np.int32) % 2
    pixels = np.random.default_rng(0).integers(0, 100, (n, 8, 8, 1), np.uint8)
    pixels += (100 * values[:, None, None, None]).astype(np.uint8)
    data = arrays.images(pixels, name="noise")
    return kgan.data.Dataset(
        "noise",
        data.fields,
        data.groups,
        attributes={
            "light": Attribute(("low", "high"), values),
            "own name": Attribute(("a",), values * 0),
        },
        held_out=labelled(held_out) if held_out else None,
    )


def test_attributes_become_a_field_of_all_parts():
    data = attributed(labelled(held_out=8), ("light",))
    field = data.fields["attributes"]
    assert field.kind == Attributes({"light": ("low", "high")})
    assert kgan.Field.from_plain(field.plain()) == field
    np.testing.assert_array_equal(data["attributes"][:, 0], np.arange(40) % 2)
    assert data.held_out["attributes"].shape == (8, 1)


@pytest.mark.parametrize(
    "names, words",
    [
        (("lights",), "attributes=lights.*did you mean 'light'"),
        (("light", "light"), "names an attribute twice"),
    ],
)
def test_wrong_names_of_attributes(names, words):
    with pytest.raises(UserError, match=words):
        attributed(labelled(), names)


def test_data_that_it_cannot_learn_from():
    with pytest.raises(UserError, match="noise: has no attributes"):
        attributed(arrays.images(PIXELS, name="noise"))
    spec = attributed(labelled()).spec
    with pytest.raises(UserError, match="attributes=own name: cannot be the name"):
        config.build(config.Config(), spec)


SMALL = {"attributes": "light", "batch_size": 20, "width": 2, "steps_per_execution": 1}


def trained(workdir, epochs):
    data = labelled(held_out=40)
    return kgan.train("attgan", data, workdir, epochs=epochs, **SMALL)


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    """A run of two steps."""
    return trained(tmp_path_factory.mktemp("attgan") / "run", 1).workdir


def test_a_run_shows_exports_and_edits(workdir):
    assert (workdir / "samples" / "epoch-00001.png").exists()
    game, exported = kgan.load(workdir), kgan.load(workdir / "generator")
    for values in ({}, {"light": "low"}, {"light": 1}):
        made = game.generate(source=PIXELS, **values)
        off = made.astype(int) - exported.generate(source=PIXELS, **values)
        assert np.abs(off).max() <= 1
    edited = kgan.edit(workdir, PIXELS, "light=low")
    np.testing.assert_array_equal(edited, game.generate(source=PIXELS, light="low"))


@pytest.mark.parametrize(
    "attribute, settings, words",
    [
        ("light=middle", {}, "attribute=light=middle: light takes 0 to 1: low, high"),
        ("mouth=low", {}, "attribute=mouth=low: no such attribute"),
        ("light=low", {"strength": 2}, "strength=2: has no effect"),
    ],
)
def test_what_a_run_refuses(workdir, attribute, settings, words):
    with pytest.raises(UserError, match=words):
        kgan.edit(workdir, PIXELS, attribute, **settings)


@pytest.mark.slow
def test_a_run_goes_on_bit_by_bit(workdir, tmp_path):
    whole = trained(tmp_path / "whole", 2)
    shutil.copytree(workdir, tmp_path / "parts")
    parts = trained(tmp_path / "parts", 2)
    for one, other in zip(whole.game.state, parts.game.state, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_run_from_before_its_rates_fell_is_read():
    """Its checkpoint holds a rate, and no schedule."""
    plain = as_plain(config.Config())
    assert from_plain(config.Config, plain).decay == 0.5
    del plain["decay"]
    assert from_plain(config.Config, plain).decay == 0.0
    assert defaults(config.Config())["decay"] == 0.0
