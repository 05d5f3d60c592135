"""What happens to images by chance: alike to a pair, and the same again."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from kgan.data import arrays, batches
from kgan.data.jitter import Jitter


def ramp(count, side=8):
    """Images whose pixels tell where they are: column and row."""
    rows, columns = np.mgrid[:side, :side].astype("float32")
    return np.broadcast_to(np.stack([rows, columns], -1), (count, side, side, 2)).copy()


def test_nothing_to_do_changes_nothing():
    images = {"real": tf.constant(ramp(3))}
    same = Jitter()(images, tf.constant([1, 2], tf.int64))["real"]
    np.testing.assert_allclose(same, images["real"], atol=1e-5)


def test_half_of_the_images_are_mirrored():
    images = {"real": tf.constant(ramp(400))}
    flipped = Jitter(flip=True)(images, tf.constant([1, 2], tf.int64))["real"].numpy()
    turned = flipped[:, 0, 0, 1] > 3
    assert 150 < turned.sum() < 250
    np.testing.assert_allclose(flipped[turned], ramp(turned.sum())[:, :, ::-1])
    np.testing.assert_allclose(flipped[~turned], ramp((~turned).sum()))


def test_a_crop_is_a_window_of_the_image():
    """Its rows and columns still rise evenly, over the share that is kept."""
    images = {"real": tf.constant(ramp(50))}
    cut = Jitter(grow=0.25)(images, tf.constant([1, 2], tf.int64))["real"].numpy()
    for axis in (1, 2):
        steps = np.diff(cut[..., axis - 1], axis=axis)
        np.testing.assert_allclose(steps, 1 / 1.25, atol=1e-5)
    assert cut.min() >= 0 and cut.max() <= 7
    corners = cut[:, 0, 0]
    assert len(np.unique(corners[:, 0].round(4))) > 40, "each has its own"


def test_a_pair_is_treated_alike():
    pair = {"source": tf.constant(ramp(9)[..., :1]), "real": tf.constant(ramp(9))}
    changed = Jitter(0.25, True)(pair, tf.constant([3, 4], tf.int64))
    np.testing.assert_array_equal(changed["source"][..., 0], changed["real"][..., 0])


def two():
    """Two kinds of noise that have nothing to do with each other."""
    noise = np.random.default_rng(0).integers(256, size=(12, 4, 4, 1), dtype=np.uint8)
    return arrays.domains(noise, noise[:5], paired=False)


@pytest.mark.parametrize(("epoch", "step"), [(0, 2), (1, 1)])
def test_what_chance_does_depends_on_seed_epoch_and_step(epoch, step):
    options = {"seed": 5, "change": Jitter(0.5, True)}
    whole = list(itertools.islice(batches(two(), 3, **options), 8))
    resumed = batches(two(), 3, start=(epoch, step), **options)
    for one, other in zip(whole[epoch * 4 + step :], resumed, strict=False):
        np.testing.assert_array_equal(one["source"], other["source"])
        np.testing.assert_array_equal(one["real"], other["real"])
    plain = next(iter(batches(two(), 3, seed=5)))
    assert (plain["source"].numpy() != whole[0]["source"].numpy()).any()


def test_groups_are_changed_apart():
    """As nothing ties their rows, nothing may tie what chance does to them."""
    same = np.random.default_rng(0).integers(256, size=(1, 8, 8, 1), dtype=np.uint8)
    options = {"seed": 5, "change": Jitter(0.5)}
    (apart,) = batches(arrays.domains(same, same, paired=False), 1, **options).take(1)
    assert (apart["source"].numpy() != apart["real"].numpy()).any()
    (pair,) = batches(arrays.domains(same, same, paired=True), 1, **options).take(1)
    np.testing.assert_array_equal(pair["source"], pair["real"])


def test_labels_are_left_alone():
    """And pictures stay in their range, as the games' conversion expects it."""
    pixels = np.full((6, 4, 4, 1), 255, np.uint8)
    images = arrays.images(pixels, np.arange(6), classes=tuple("abcdef"))
    (batch,) = batches(images, 6, seed=1, change=Jitter(0.5, True)).take(1)
    assert sorted(batch["label"].numpy()) == list(range(6))
    assert batch["real"].dtype == tf.float32
    np.testing.assert_allclose(batch["real"], 255, atol=1e-3)
