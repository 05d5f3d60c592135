"""A GAN in plain Keras in the style of keras.io: a Model with its own train_step."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from benchmarks import material
from benchmarks.peers import keras_networks as networks

EPOCHS = 1_000_000  # the clock ends the run


def measure(case, clock):
    """Trains until `clock` has enough; returns facts about the networks."""
    game = game_of(case)
    game.fit(data(case), epochs=EPOCHS, callbacks=[Listener(clock)], verbose=0)
    return facts(game.generator, game.discriminator, shape=case.shape)


def facts(*players, shape):
    """Returns the numbers of parameters of the networks, and the shape of an image."""
    count = [
        sum(math.prod(w.shape) for w in player.trainable_variables)
        for player in players
    ]
    return {"parameters": count, "shape": list(shape)}


def game_of(case):
    """Returns the compiled model of a case."""
    game = Adversaries(case)
    game.compile(
        d_optimizer=keras.optimizers.Adam(case.rate, *case.betas),
        g_optimizer=keras.optimizers.Adam(case.rate, *case.betas),
    )
    return game


def data(case):
    """Returns a finite `tf.data.Dataset` of batches, float32."""
    if case.network == "plane":
        held = tf.data.Dataset.from_tensor_slices(material.points(case.count))
    else:
        held = tf.data.Dataset.from_tensor_slices(material.pixels(case))
    found = held.shuffle(1024).batch(case.images, drop_remainder=True)
    if case.network != "plane":
        found = found.map(_scaled, num_parallel_calls=tf.data.AUTOTUNE)
    return found.prefetch(tf.data.AUTOTUNE)


def _scaled(images):
    return tf.cast(images, tf.float32) / 127.5 - 1.0


class Listener(keras.callbacks.Callback):
    """Counts every step with a clock, and ends the run when that is enough."""

    def __init__(self, clock):
        super().__init__()
        self.clock = clock

    def on_train_batch_end(self, batch, logs=None):
        self.model.stop_training = self.clock.tick()


class Adversaries(keras.Model):
    """A model with G, D and their training step."""

    def __init__(self, case):
        super().__init__()
        self.case = case
        self.generator = networks.generator(case)
        self.discriminator = networks.discriminator(case)
        self.seed_generator = keras.random.SeedGenerator(0)
        self.d_loss_metric = keras.metrics.Mean(name="d_loss")
        self.g_loss_metric = keras.metrics.Mean(name="g_loss")
        self.built = True

    def compile(self, d_optimizer, g_optimizer):
        super().compile()
        self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer

    @property
    def metrics(self):
        return [self.d_loss_metric, self.g_loss_metric]

    def train_step(self, images):
        for real in ops.split(images, self.case.critic_steps):
            z = self.draw(ops.shape(real)[0])
            fake = self.generator(z, training=True)
            with tf.GradientTape() as tape:
                d_loss = self._d_loss(real, fake, z)
            weights = self.discriminator.trainable_weights
            self.d_optimizer.apply(tape.gradient(d_loss, weights), weights)
        z = self.draw(ops.shape(real)[0])
        with tf.GradientTape() as tape:
            score, heads = self._judge(self.generator(z, training=True))
            g_loss = generator_loss(self.case, score) + code_loss(self.case, heads, z)
        weights = self.generator.trainable_weights
        self.g_optimizer.apply(tape.gradient(g_loss, weights), weights)
        self.d_loss_metric.update_state(d_loss)
        self.g_loss_metric.update_state(g_loss)
        return {m.name: m.result() for m in self.metrics}

    def draw(self, count):
        """Draws z, (count, latent)."""
        case, seed = self.case, self.seed_generator
        if not case.continuous:
            return keras.random.normal((count, case.latent), seed=seed)
        noise, *sizes, continuous = parts(case)
        drawn = [keras.random.randint((count,), 0, size, seed=seed) for size in sizes]
        codes = [
            ops.one_hot(code, size) for code, size in zip(drawn, sizes, strict=True)
        ]
        around = [
            keras.random.uniform((count, width), -1, 1, seed=seed)
            for width in (noise, continuous)
        ]
        return ops.concatenate([around[0], *codes, around[1]], 1)

    def _judge(self, x):
        answer = self.discriminator(x, training=True)
        return (answer[0], answer[1:]) if self.case.continuous else (answer, [])

    def _d_loss(self, real, fake, z):
        if self.case.batch_norm:
            generated, heads = self._judge(fake)
            judged, _ = self._judge(real)
        else:  # one pass: without batch norm the two do not meet
            both, heads = self._judge(ops.concatenate([fake, real]))
            generated, judged = ops.split(both, 2)
        loss = discriminator_loss(self.case, judged, generated)
        if self.case.critic:
            share = keras.random.uniform(
                (ops.shape(real)[0], 1, 1, 1), seed=self.seed_generator
            )
            between = fake + share * (real - fake)
            loss += self.case.penalty * gradient_penalty(self._judge, between)
        return loss + code_loss(self.case, heads, z)


def gradient_penalty(judge, x):
    """Returns the mean of (|grad critic(x)| - 1)^2; `judge` returns the score and heads."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        score, _ = judge(x)
    gradient = tape.gradient(score, x)
    norm = ops.sqrt(ops.sum(ops.square(gradient), axis=[1, 2, 3]) + 1e-12)
    return ops.mean(ops.square(norm - 1.0))


def discriminator_loss(case, real, fake):
    """Returns the loss of D."""
    if case.critic:
        return ops.mean(fake) - ops.mean(real)
    return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))


def generator_loss(case, fake):
    """Returns the loss of G."""
    return -ops.mean(fake) if case.critic else ops.mean(ops.softplus(-fake))


def code_loss(case, heads, z):
    """Returns -log Q(c|x): weight 1 for the categories, 0.1 for the continuous code."""
    if not case.continuous:
        return 0.0
    *logits, guess = heads
    ends = np.cumsum(parts(case))[:-1].tolist()
    _, *codes, continuous = ops.split(z, ends, axis=1)
    half = 0.5 * ops.mean(ops.sum(ops.square(continuous - guess), 1))
    surprises = [
        ops.mean(-ops.sum(code * ops.log_softmax(logit), 1))
        for code, logit in zip(codes, logits, strict=True)
    ]
    return sum(surprises) + 0.1 * half


def parts(case):
    """Returns the lengths of the parts of z: noise, categories, continuous codes."""
    code = [*case.categories, case.continuous]
    return [case.latent - sum(code), *code]
