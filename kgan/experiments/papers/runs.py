"""What the tables of trained images share."""

import functools

import numpy as np
import tensorflow as tf

from kgan import metrics
from kgan.applications import sampling
from kgan.data import load
from kgan.training import trainer as train


def trained(
    name, build, config, folder, log, dataset="mnist", split="train", evaluate=None
):
    """The game that `build` makes of `config` for the table `name`, trained in `folder`.

    A run that was interrupted there goes on where it stopped. `evaluate` is that of
    `kgan.training.trainer.Run`: the best generator is then left in `folder`/best.
    """
    run = train.Run(
        name, dataset, config, build, folder, split=split, evaluate=evaluate, log=log
    )
    return train.train(run)


def first(updates, batch):
    """The split of a data set that is one epoch of so many updates."""
    return f"train[:{updates * batch}]"


@functools.cache
def images(split, dataset="mnist"):
    """A part of a TFDS data set, as `kgan.data.Images`."""
    return load(dataset, split=split, log=lambda line: None)


@functools.cache
def judge(folder, digits=60_000):
    """A classifier that learned from so many of MNIST's training images."""
    fit, test = images("train"), images("test")
    return metrics.fit_classifier(
        fit.pixels[:digits],
        fit.labels[:digits],
        10,
        test_pixels=test.pixels,
        test_labels=test.labels,
        cache=folder,
        updates=digits // 50,
    )


def best(folder, latent):
    """uint8 images (n, H, W, C) of the best generator that a run has left."""
    generator = tf.saved_model.load(str(folder / "best"))
    parts = []
    for start in range(0, len(latent["z"]), sampling.AT_ONCE):
        part = {k: v[start : start + sampling.AT_ONCE] for k, v in latent.items()}
        parts.append(generator.serving_default(**part)["images"].numpy())
    return np.concatenate(parts)


def evenly_labelled(game, count, seed):
    """Latents of a conditional game, as many of each class; and the labels."""
    latent = game.latents(count, (0, seed))
    label = np.repeat(np.arange(game.classes, dtype="int32"), count // game.classes)
    return latent | {"label": tf.constant(label)}, label
