"""What happens to images by chance: alike to a pair, and the same again."""

import dataclasses
import itertools

import numpy as np
import pytest
import tensorflow as tf

from kgan.data import Images, batches
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


@dataclasses.dataclass(frozen=True, eq=False)
class Two(Images):
    """Two kinds that have nothing to do with each other; five of the second."""

    @property
    def parts(self):
        return {"x": self.pixels, "number": self.labels}, {"y": self.pixels[:5]}


def two(count=12):
    numbers = np.arange(count)
    pixels = np.zeros((count, 4, 4, 1), np.uint8)
    pixels += numbers.astype(np.uint8)[:, None, None, None]
    return Two("two", pixels, numbers.astype(np.int32))


def shown(batch, name):
    return np.rint((batch[name].numpy()[:, 0, 0, 0] + 1) * 127.5).astype(int)


def test_parts_are_drawn_apart():
    epoch = list(itertools.islice(batches(two(), 3, seed=0), 4))
    xs, ys = (np.concatenate([shown(b, name) for b in epoch]) for name in "xy")
    np.testing.assert_array_equal(xs, np.concatenate([b["number"] for b in epoch]))
    assert sorted(xs) == list(range(12))
    counts = np.bincount(ys, minlength=5)
    assert counts.sum() == 12 and set(counts) <= {2, 3}, "each before any again"
    assert (xs[:5] != ys[:5]).any()


@pytest.mark.parametrize(("epoch", "step"), [(0, 2), (1, 1)])
def test_what_chance_does_depends_on_seed_epoch_and_step(epoch, step):
    options = {"seed": 5, "change": Jitter(0.5, True)}
    images = two()
    images.pixels[:] = np.random.default_rng(0).integers(256, size=images.pixels.shape)
    whole = list(itertools.islice(batches(images, 3, **options), 8))
    resumed = batches(images, 3, first_epoch=epoch, first_step=step, **options)
    for one, other in zip(whole[epoch * 4 + step :], resumed, strict=False):
        np.testing.assert_array_equal(one["x"], other["x"])
        np.testing.assert_array_equal(one["y"], other["y"])
    plain = next(iter(batches(images, 3, seed=5)))
    assert (plain["x"].numpy() != whole[0]["x"].numpy()).any()
