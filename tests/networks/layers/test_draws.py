"""The draw of an option, whose gradient is that of its share."""

import numpy as np
import tensorflow as tf

from kgan.networks.layers.draws import straight_through


def test_a_draw_follows_the_shares_and_has_their_gradient():
    logits = tf.tile(tf.math.log([[0.2, 0.5, 0.3]]), (20_000, 1))
    share = tf.random.stateless_uniform(logits.shape, (0, 1), 1e-6, 1 - 1e-6)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        drawn = straight_through(logits - tf.math.log(-tf.math.log(share)), 0.5)
        total = tf.reduce_sum(drawn[:, 1])
    np.testing.assert_allclose(tf.reduce_sum(drawn, 1), 1.0, atol=1e-6)
    np.testing.assert_allclose(tf.reduce_mean(drawn, 0), [0.2, 0.5, 0.3], atol=0.02)
    slope = tape.gradient(total, logits).numpy()
    assert (slope[:, 1] >= 0).all() and slope[:, 1].mean() > 0.1
    assert (slope[:, [0, 2]] <= 0).all()
