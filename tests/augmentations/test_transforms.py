"""Changes of images by hand, and under XLA."""

import numpy as np
import pytest
import tensorflow as tf

from kgan.augmentations import transforms

SQUARE = np.arange(1, 10, dtype="float32").reshape(1, 3, 3, 1)
LETTER = np.float32([[1, 2, 3], [4, 5, 6]]).reshape(1, 2, 3, 1)


def flat(x):
    return np.asarray(x)[0, ..., 0].astype(int).tolist()


def test_mirrored_where_it_is_asked():
    x = np.concatenate([LETTER, LETTER])
    found = transforms.mirrored(x, tf.constant([True, False]))
    assert flat(found) == [[3, 2, 1], [6, 5, 4]]
    np.testing.assert_array_equal(found[1], x[1])


@pytest.mark.parametrize("quarters", range(-1, 6))
def test_turned_as_numpy_turns(quarters):
    found = transforms.turned(SQUARE, tf.constant([quarters]))
    assert flat(found) == np.rot90(SQUARE[0, ..., 0], quarters).astype(int).tolist()


def test_what_is_not_square_is_turned_upside_down_or_not_at_all():
    for quarters in range(4):
        found = flat(transforms.turned(LETTER, tf.constant([quarters])))
        assert found == ([[6, 5, 4], [3, 2, 1]] if quarters == 2 else flat(LETTER))


def test_shifted_fills_with_zeros():
    found = transforms.shifted(SQUARE, tf.constant([1]), tf.constant([-2]))
    assert flat(found) == [[0, 0, 0], [3, 0, 0], [6, 0, 0]]


def test_cut_out_of_the_inside_and_over_the_border():
    x = np.ones((3, 4, 6, 1), "float32")
    corner = np.float32([1, -1, 0]), np.float32([1, 4, 0])
    found = transforms.cut_out(x, *corner, np.float32([0.5, 0.5, 0.0]))
    holes = [
        [(y, z) for y, z in zip(*np.nonzero(one[..., 0] == 0), strict=True)]
        for one in found.numpy()
    ]
    assert holes[0] == [(y, z) for y in (1, 2) for z in (1, 2, 3)]
    assert holes[1] == [(0, 4), (0, 5)]
    assert holes[2] == []


def test_xla_and_gradients_change_nothing():
    """A move is linear: its gradient moves back, and the gradient of that moves again."""
    x = np.random.default_rng(0).normal(size=(4, 6, 6, 3)).astype("float32")

    def moved(x):
        x = transforms.mirrored(x, tf.constant([True, False, True, False]))
        x = transforms.turned(x, tf.constant([0, 1, 2, 3]))
        x = transforms.shifted(
            x, tf.constant([1, -1, 0, 2]), tf.constant([0, 1, -2, 0])
        )
        return transforms.cut_out(
            x, tf.fill((4,), 1.0), tf.fill((4,), 2.0), tf.fill((4,), 0.5)
        )

    def steep(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as tape:
                tape.watch(x)
                loss = tf.reduce_sum(moved(x) ** 3)
            slope = tape.gradient(loss, x)
        return moved(x), slope, outer.gradient(slope, x)

    plain, compiled = (
        tf.function(steep, jit_compile=jit)(tf.constant(x)) for jit in (False, True)
    )
    for one, other in zip(plain, compiled, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)
    # A pixel that left the image, or was cut out, has no slope; any other has 3 x^2.
    slope = plain[1].numpy()
    kept = slope != 0
    np.testing.assert_allclose(slope[kept], (3 * x**2)[kept], rtol=1e-4)
    assert 0.3 < kept.mean() < 0.8
