"""The encoder of a trained generator: its training, and its place in a workdir."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import keras
import numpy as np
import tensorflow as tf

from kgan.applications.inversion import choices, encoded
from kgan.errors import UserError
from kgan.files import replacing_folder
from kgan.networks.encoder import encoder as build_encoder
from kgan.training.inputs import load_again
from kgan.typing import Log, PathLike, Tensors

if TYPE_CHECKING:
    from kgan.models import GAN
    from kgan.training.record import Record

FOLDER, WEIGHTS, STATE = "encoder", "encoder.weights.h5", "encoder.json"
UPDATES, BATCH, RATE = 1000, 64, 1e-3
PIXELS = 10.0  # weight of the error of real pictures against that of the codes
TOLD_EVERY = 200


def new_encoder(game: "GAN", width: int = 32) -> keras.Model:
    """Returns an untrained encoder for the pictures and latents of a game."""
    heads = {"z": game.generator.input["z"].shape[-1]}
    options = {one.name: len(one.options) for one in choices(game)}
    heads |= {k: n for k, n in options.items() if k in game.generator.input}
    return build_encoder(game.real_field.shape, heads, width=width)


def train_encoder(
    game: "GAN",
    pixels: np.ndarray,
    *,
    updates: int = UPDATES,
    seed: int = 0,
    log: Log = print,
) -> keras.Model:
    """Trains an encoder E of a generator G, which stays as it is.

    For codes z that are drawn, E(G(z)) shall be z, and the label the one that was drawn;
    for real pictures x, G(E(x)) shall be x (Zhu 2020, In-Domain GAN Inversion, without
    its discriminator).

    Args:
        game: a game that makes images from noise.
        pixels: real pictures, uint8 (n, H, W, C).
        updates: of E, on batches of 64.
        seed: of the codes, the batches and the weights.
        log: called with a line now and then.
    """
    keras.utils.set_random_seed(seed)
    encoder = new_encoder(game)
    rate = keras.optimizers.schedules.CosineDecay(RATE, updates)
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(encoder.trainable_variables)
    to_network = game.real_field.kind.to_network

    @tf.function
    def step(real, one):
        drawn = game.latents(BATCH, one)
        made = game.sampler(drawn, training=False)
        with tf.GradientTape() as tape:
            of_codes = _code_error(encoder(made, training=True), drawn)
            again = game.sampler(encoded(game, encoder, real), training=False)
            of_pixels = tf.reduce_mean(tf.square(tf.cast(again, tf.float32) - real))
            loss = of_codes + PIXELS * of_pixels
        gradients = tape.gradient(loss, encoder.trainable_variables)
        optimizer.apply(gradients, encoder.trainable_variables)
        return of_codes, of_pixels

    generator = np.random.default_rng(seed)
    for number in range(updates):
        some = pixels[np.sort(generator.integers(len(pixels), size=BATCH))]
        key = tf.constant([seed, number], tf.int32)
        codes, apart = step(to_network(tf.constant(some)), key)
        if (number + 1) % TOLD_EVERY == 0:
            log(
                f"encoder: {number + 1:,} of {updates:,} updates, error of the codes "
                f"{float(codes):.3f}, of real pictures {float(apart):.4f}"
            )
    return encoder


def of_run(
    game: "GAN",
    record: "Record",
    dataset: str | None = None,
    *,
    updates: int = UPDATES,
    seed: int = 0,
    log: Log = print,
) -> keras.Model:
    """Trains an encoder with the data of a run: `train_encoder`.

    Args:
        game: the trained game of the run.
        record: of the run.
        dataset: the images that the run learned from, if they lie elsewhere now.
        updates: of the encoder.
        seed: as `train_encoder` takes it.
        log: called with a line now and then.
    """
    data = load_again(record, dataset, log=log)
    return train_encoder(game, data["real"], updates=updates, seed=seed, log=log)


def _code_error(answer: Tensors, drawn: Tensors):
    """The squared error of z, and the cross-entropy of labels."""
    error = tf.reduce_mean(tf.square(answer["z"] - drawn["z"]))
    for name, logits in answer.items():
        if name != "z":
            cross = tf.nn.sparse_softmax_cross_entropy_with_logits(drawn[name], logits)
            error += tf.reduce_mean(cross)
    return error


def save_encoder(game: "GAN", encoder: keras.Model, workdir: PathLike) -> Path:
    """Writes an encoder into the workdir of its game, and returns the folder."""
    path = Path(workdir) / FOLDER
    with replacing_folder(path) as folder:
        encoder.save_weights(folder / WEIGHTS)
        (folder / STATE).write_text(json.dumps(_state(game)) + "\n")
    return path


def load_encoder(game: "GAN", workdir: PathLike) -> keras.Model | None:
    """Returns the encoder of a workdir, or None if it has none.

    Raises:
        UserError: it is damaged, or was trained for the generator of another iteration.
    """
    path = Path(workdir) / FOLDER
    if not path.exists():
        return None
    try:
        state = json.loads((path / STATE).read_text(encoding="utf-8"))
        encoder = new_encoder(game)
        encoder.load_weights(path / WEIGHTS)
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(
            path, f"damaged ({reason})", "`train_encoder` makes it anew", exit_code=1
        ) from error
    if state != _state(game):
        raise UserError(
            path,
            "belongs to an earlier state of this run",
            "`train_encoder` makes it anew",
        )
    return encoder


def _state(game):
    """The state of the generator that an encoder was trained for."""
    return {"iterations": int(game.iterations)}
