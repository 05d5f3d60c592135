"""Inversion: codes that are known are found again, and stay where the prior is."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from kgan.applications import descent, encoding, inversion
from kgan.configs import cgan, gan, infogan
from kgan.errors import UserError
from kgan.models import GAN, Pix2Pix
from kgan.networks import patch, unet
from kgan.priors import Normal, Uniform
from tests import specs
from tests.applications.painting import SHAPE, painter


@pytest.fixture(scope="module")
def plain():
    base = gan.build(gan.Config(width=4), specs.images(SHAPE))
    return GAN(painter(labelled=False), base.discriminator)


@pytest.fixture(scope="module")
def labelled():
    config = cgan.Config(network="mlp", width=1, ema=0.0)
    game = cgan.build(config, specs.images(SHAPE, ("a", "b")))
    game.generator = painter(labelled=True)
    return game


def drawn(game, n=6, **controls):
    latent = game.nearest_latents(game.latents(n, (0, 3), **controls))
    return latent, np.asarray(game.samples(latent))


def test_a_descent_finds_the_code(plain):
    latent, images = drawn(plain)
    found = inversion.invert(plain, images, steps=150)
    assert found.psnr.min() > 40
    np.testing.assert_allclose(found.latent["z"], latent["z"], atol=0.15)
    np.testing.assert_array_equal(
        found.images, plain.samples({"z": tf.constant(found.latent["z"])})
    )


def test_the_psnr_is_that_of_the_written_images(plain):
    _, images = drawn(plain)
    held = {k: np.asarray(v) for k, v in inversion.mean_code(plain, 6).items()}
    found = inversion.reconstructed(plain, images, held)
    by_hand = np.square(found.images / 255.0 - images / 255.0).mean((1, 2, 3))
    np.testing.assert_allclose(found.psnr, -10 * np.log10(by_hand), rtol=1e-4)
    assert (np.abs(held["z"]) <= 1e-3).all(), "the middle of the prior"


def test_continuous_codes_start_at_their_middle_too():
    game = infogan.build(infogan.Config(width=2), specs.images((8, 8, 1)))
    held = game.control_values(inversion.mean_code(game, 2))
    np.testing.assert_array_equal(held["continuous"], np.zeros((2, 2)))


def test_more_pictures_than_go_together(plain, monkeypatch):
    _, images = drawn(plain)
    whole = inversion.invert(plain, images, steps=20)
    monkeypatch.setattr(inversion, "BATCH", 4)
    parts = inversion.invert(plain, images, steps=20)
    np.testing.assert_allclose(whole.latent["z"], parts.latent["z"], atol=0.01)


def test_a_descent_never_ends_worse_than_it_began(plain):
    _, images = drawn(plain)
    x = plain.real_field.kind.to_network(images)
    start = {"z": plain.nearest_latents(plain.latents(6, (0, 9)))["z"]}
    search = descent.Descent(plain, 6)
    errors = [search(x, start, steps)[1] for steps in (1, 3, 30)]
    assert (errors[1] <= errors[0]).all() and (errors[2] < errors[1]).all()
    again = search(x, start, 30)[1]
    np.testing.assert_array_equal(errors[2], again)  # Adam begins anew


def test_labels_are_found_as_well(labelled):
    label = np.array([0, 1, 1, 0, 1, 0], np.int32)
    _, images = drawn(labelled, label=label)
    found = inversion.invert(labelled, images, steps=100)
    np.testing.assert_array_equal(found.controls["label"], label)
    assert found.psnr.min() > 30


def test_several_starts(plain):
    _, images = drawn(plain)
    one, three = (
        inversion.invert(plain, images, steps=5, restarts=n).errors for n in (1, 3)
    )
    assert (three <= one + 1e-3).all()


def test_codes_stay_codes():
    config = infogan.Config(width=4)
    game = infogan.build(config, specs.images(SHAPE))
    _, images = drawn(game, 3)
    found = inversion.invert(game, images, steps=2)
    assert set(found.controls) == {"category", "continuous"}
    _, (category,), continuous = game.decode(found.latent["z"])
    assert (np.sort(category, -1)[:, -2:] == [0, 1]).all()
    assert (np.abs(continuous) <= 1).all()


def test_the_encoder_learns_and_is_kept(labelled, tmp_path):
    _, images = drawn(labelled, 64)
    encoder = encoding.train_encoder(
        labelled, images, updates=100, log=lambda line: None
    )
    label = np.tile(np.array([0, 1], np.int32), 32)
    _, images = drawn(labelled, 64, label=label)
    read = inversion.invert(labelled, images, "encoder", encoder)
    assert np.mean(read.controls["label"] == label) > 0.95
    middle = inversion.mean_code(labelled, 64)
    held = {k: np.asarray(v) for k, v in middle.items()}
    assert (
        read.psnr.mean()
        > 3 + inversion.reconstructed(labelled, images, held).psnr.mean()
    )
    both = inversion.invert(labelled, images, "both", encoder, steps=50)
    assert (both.psnr >= read.psnr - 0.1).all()
    assert encoding.load_encoder(labelled, tmp_path) is None
    encoding.save_encoder(labelled, encoder, tmp_path)
    again = inversion.invert(
        labelled, images, "encoder", encoding.load_encoder(labelled, tmp_path)
    )
    np.testing.assert_array_equal(again.images, read.images)
    labelled.iterations.assign_add(1)
    with pytest.raises(UserError, match="earlier state"):
        encoding.load_encoder(labelled, tmp_path)
    (tmp_path / encoding.FOLDER / encoding.WEIGHTS).write_text("no weights")
    with pytest.raises(UserError, match="damaged"):
        encoding.load_encoder(labelled, tmp_path)


@pytest.mark.parametrize(
    "prior, far, near",
    [
        (Normal(), [3.0, 4.0, 0.0, 0.0], [1.2, 1.6, 0.0, 0.0]),
        (Normal(), [1.0, -1.0, 1.0, 0.5], [1.0, -1.0, 1.0, 0.5]),
        (Uniform(0.5), [3.0, -4.0, 0.0, 0.2], [0.5, -0.5, 0.0, 0.2]),
    ],
)
def test_the_nearest_point_of_a_prior_by_hand(prior, far, near):
    np.testing.assert_allclose(prior.nearest(tf.constant([far])), [near], rtol=1e-6)


def test_what_is_refused(plain, labelled, monkeypatch):
    _, images = drawn(plain)
    with pytest.raises(UserError, match="images=6x4x8x1: the game makes images 8x8x1"):
        inversion.invert(plain, images[:, :4])
    with pytest.raises(UserError, match="images=0x8x8x1"):
        inversion.invert(plain, images[:0])
    with pytest.raises(UserError, match="method=fast"):
        inversion.invert(plain, images, "fast")
    with pytest.raises(UserError, match="train_encoder"):
        inversion.invert(plain, images, "both")
    monkeypatch.setattr(inversion, "MOST_STARTS", 1)
    with pytest.raises(UserError, match="restarts=1: with 2 labels"):
        inversion.invert(labelled, images)


def test_a_game_that_draws_nothing_from_noise(plain):
    translator = Pix2Pix(
        unet.generator(SHAPE, 1, width=2),
        patch.discriminator((8, 8, 2), depth=1, width=2),
    )
    with pytest.raises(UserError, match="nothing from noise"):
        inversion.check_game(translator)


def test_an_inversion_holds_what_was_found(plain):
    _, images = drawn(plain, 2)
    found = inversion.invert(plain, images, steps=1)
    whole = dataclasses.replace(found, errors=np.array([0.01, 0.0]))
    np.testing.assert_allclose(whole.psnr, [20, 100])
