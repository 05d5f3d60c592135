"""The pool of earlier fakes: what it shows, keeps and remembers."""

import numpy as np
import pytest
import tensorflow as tf

from kgan.models.image_pool import ImagePool


def numbered(first, n):
    """n images of 1x1 pixel whose value is their number."""
    return tf.reshape(tf.range(first, first + n, dtype=tf.float32), (n, 1, 1, 1))


def shown(pool, first, n, seed):
    return np.ravel(pool(numbered(first, n), tf.constant([0, seed]))).astype(int)


def held(pool):
    return np.ravel(pool.held).astype(int)


def test_it_takes_in_all_until_it_is_full():
    pool = ImagePool(5, (1, 1, 1))
    for first in (1, 3):
        assert shown(pool, first, 2, seed=first).tolist() == [first, first + 1]
    assert held(pool).tolist() == [1, 2, 3, 4, 0] and int(pool.count) == 4


def test_the_last_place_is_filled_and_the_rest_changes_places():
    """Of three new images the first fills the fifth place, whatever the chance."""
    for seed in range(20):
        pool = ImagePool(5, (1, 1, 1))
        shown(pool, 1, 4, seed=0)
        seen = shown(pool, 11, 3, seed)
        assert seen[0] == 11 and held(pool)[4] == 11 and int(pool.count) == 5
        assert set(seen[1:]) <= {12, 13, 1, 2, 3, 4}
        assert sorted([*seen, *held(pool)]) == [1, 2, 3, 4, 11, 11, 12, 13]


def test_half_of_the_full_pool_s_answers_are_old():
    pool = ImagePool(50, (1, 1, 1))
    shown(pool, 1, 50, seed=0)
    old = 0
    for step in range(1, 41):
        before = set(held(pool))
        seen = shown(pool, 50 * step + 1, 50, seed=step)
        news = set(range(50 * step + 1, 50 * step + 51))
        assert set(seen) <= before | news and len(set(seen)) == 50
        # Nothing is lost or doubled: what is shown and what is kept is what there was.
        assert set(seen) | set(held(pool)) == before | news
        old += len(set(seen) & before)
    assert abs(old / 2000 - 0.5) < 0.05  # 4.5 deviations


def test_equal_seeds_do_the_same_in_a_graph_and_under_xla():
    ends = []
    for settings in ({}, {"jit_compile": False}, {"jit_compile": True}):
        pool = ImagePool(4, (1, 1, 1))
        call = tf.function(pool, **settings) if settings else pool
        seen = [
            np.ravel(call(numbered(4 * i, 4), tf.constant([7, i]))) for i in range(5)
        ]
        ends.append(np.concatenate([*seen, held(pool)]))
    np.testing.assert_array_equal(ends[0], ends[1])
    np.testing.assert_array_equal(ends[0], ends[2])


def test_a_batch_larger_than_the_pool():
    with pytest.raises(ValueError, match="pool of 2 cannot serve a batch of 3"):
        ImagePool(2, (1, 1, 1))(numbered(0, 3), tf.constant([0, 1]))


def test_points_are_remembered_as_images_are():
    """Data of any rank: each example changes places as a whole."""
    points, images = ImagePool(4, (2,)), ImagePool(4, (1, 1, 1))
    for first in range(0, 24, 3):
        rows = tf.range(first, first + 3, dtype=tf.float32)
        seed = tf.constant([0, first])
        seen = points(tf.stack([rows, -rows], 1), seed).numpy()
        np.testing.assert_array_equal(seen[:, 0], -seen[:, 1])
        beside = images(tf.reshape(rows, (-1, 1, 1, 1)), seed)
        np.testing.assert_array_equal(seen[:, 0], np.ravel(beside))
    np.testing.assert_array_equal(points.held[:, 0], np.ravel(images.held))
