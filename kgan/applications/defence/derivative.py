"""Three derivatives of a projection, for attackers who know of it.

Its result moves with the image by a rule that an attacker can write down. Each function
here returns the projection as a `kgan.applications.attacks.Defence`: images (n, H, W, C) in
[0, 1] and the number of the call, which tells it to draw other codes, -> images like them.
"""

from typing import Any

import tensorflow as tf

from kgan.applications.attacks import Defence, derived, straight_through
from kgan.applications.defence.projection import Projection
from kgan.applications.descent import INERTIA, MOMENTUM, best_start, squared_error
from kgan.typing import Tensor, Tensors

DAMPING = 0.1  # of the slopes of G, as a share of their mean square


def identity(projection: Projection, seed: int = 0) -> Defence:
    """As if the projection changed nothing: BPDA (Athalye 2018, section 4.1)."""
    return straight_through(
        lambda x, number: tf.constant(projection(x, seed + 1 + number).images)
    )


def tangent(projection: Projection, seed: int = 0) -> Defence:
    """That of the nearest point of a surface, where G is taken for flat.

    With J the slopes of G at the code that was found, an image that moves by dx moves the
    nearest one by J (J^T J + d I)^-1 J^T dx: what leaves the surface is lost. The damping d
    keeps codes still that hardly change the picture, as the projection's few steps do.
    """
    slopes = _slopes(projection.game)

    def defended(x: Tensor, number: int) -> Tensor:
        found = projection(x, seed + 1 + number)

        def back(upstream):
            flat = tf.reshape(upstream, (len(upstream), -1))
            along = _along(slopes(found.latent), flat, DAMPING)
            return tf.reshape(along, tf.shape(upstream))

        return derived(tf.constant(found.images), x, back)

    return defended


def unrolled(projection: Projection, seed: int = 0) -> Defence:
    """Through every step of the descent from the best start.

    The script that Defense-GAN's authors released sets FGSM up on the projection and the
    classifier together. Each step of so long a rate stretches this gradient, so after 200 it
    is noise, other for each start: an attack that fails with it says little about the
    defence. What is no number counts as 0.
    """
    steps, moved = projection.steps, _descended(projection.game)
    rates = tf.constant([MOMENTUM.rate(k / steps) for k in range(steps)], tf.float32)

    def defended(x: Tensor, number: int) -> Tensor:
        drawn = projection.drawn(len(x), seed + 1 + number)
        start = best_start(projection.search, 2 * x - 1, drawn, steps)
        made = moved(_finite(2 * x - 1), start, rates)
        return tf.clip_by_value((made + 1) / 2, 0.0, 1.0)

    return defended


def _slopes(game):
    """The function latents -> J, how each number of z changes the picture, (d, n, P)."""

    @tf.function(reduce_retracing=True)
    def slopes(latent: Tensors) -> Tensor:
        z = latent["z"]

        def column(direction):
            along = tf.broadcast_to(direction, tf.shape(z))
            with tf.autodiff.ForwardAccumulator(z, along) as forward:
                made = game.sampler(latent | {"z": z}, training=False)
                made = (tf.cast(made, tf.float32) + 1) / 2
            return tf.reshape(forward.jvp(made), (tf.shape(z)[0], -1))

        return tf.map_fn(column, tf.eye(tf.shape(z)[-1]))

    return slopes


@tf.function(reduce_retracing=True)
def _along(columns, flat, damping):
    """Projects directions g (n, P) on slopes J (d, n, P): J (J^T J + d I)^-1 J^T g, (n, P).

    The damping d is `damping` times the mean square of the slopes of each image.
    """
    squares = tf.einsum("inp,jnp->nij", columns, columns)
    damping *= tf.reduce_mean(tf.linalg.diag_part(squares), -1) + 1e-12
    squares += damping[:, None, None] * tf.eye(tf.shape(columns)[0])
    shares = tf.einsum("inp,np->ni", columns, flat)
    shares = tf.linalg.solve(squares, shares[:, :, None])[:, :, 0]
    return tf.einsum("inp,ni->np", columns, shares)


def _descended(game):
    """The function (x, latents, rates) -> pictures after the descent, which is kept whole."""

    @tf.function(reduce_retracing=True)
    def descended(x: Tensor, latent: Tensors, rates: Tensor) -> Tensor:
        z, move = latent["z"], tf.zeros_like(latent["z"])
        for number in tf.range(len(rates)):
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(z)
                made = game.sampler(latent | {"z": z}, training=False)
                loss = squared_error(tf.cast(made, tf.float32), x)
            slope: Any = tape.gradient(loss, z)
            move = INERTIA * move - rates[number] * slope
            z = game.nearest_latents(latent | {"z": z + move})["z"]
        return tf.cast(game.sampler(latent | {"z": z}, training=False), tf.float32)

    return descended


def _finite(x):
    """x, with the gradient 0 where it is no number."""
    return derived(x, x, lambda one: tf.where(tf.math.is_nan(one), 0.0, one))
