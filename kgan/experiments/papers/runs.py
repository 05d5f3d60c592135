"""Functions that the tables of trained image games share."""

import functools
from typing import Any

import numpy as np
import tensorflow as tf

from kgan import metrics, variants
from kgan.applications import sampling
from kgan.data import Dataset, load
from kgan.training.options import Options
from kgan.training.run import Variant, prepare


def trained(
    name,
    build,
    config,
    folder,
    log,
    dataset: Any = "mnist",
    split="train",
    evaluate=None,
):
    """Trains the game that `build` makes of `config` for the table `name`, in `folder`.

    A run that was interrupted there resumes. `evaluate` is that of
    `kgan.training.options.Options`: the best generator is then left in `folder`/best.
    """
    options = Options(split=split, evaluate=evaluate, log=log)
    return prepare(Variant(name, build), dataset, config, folder, options).train()


def trained_variant(name, fields, dataset, folder, log, **options):
    """Trains the variant `name` with `fields` of its configuration, in `folder`.

    A run that was interrupted there resumes. `options` are further ones of
    `kgan.training.options.Options`.
    """
    module = variants.load(name)
    run = prepare(
        Variant.of(name, module),
        dataset,
        module.Config(**fields),
        folder,
        Options(log=log, **options),
    )
    return run.train()


def first(updates, batch):
    """Returns the split whose epoch has `updates` batches of size `batch`."""
    return f"train[:{updates * batch}]"


def held_out(data: Dataset) -> Dataset:
    """Returns the held-out part of a data set that has one."""
    assert data.held_out is not None
    return data.held_out


@functools.cache
def images(split, dataset="mnist"):
    """Loads a split of a TFDS data set, as a `kgan.data.Dataset`."""
    return load(dataset, split=split, log=lambda line: None)


@functools.cache
def classifier(folder, digits=60_000):
    """Returns a classifier trained on the first `digits` of MNIST's training images."""
    fit, test = images("train"), images("test")
    return metrics.fit_classifier(
        fit["real"][:digits],
        fit["label"][:digits],
        10,
        test_pixels=test["real"],
        test_labels=test["label"],
        cache=folder,
        updates=digits // 50,
    )


def best(folder, latent):
    """Draws uint8 images (n, H, W, C) with the best generator of a run."""
    generator = tf.saved_model.load(str(folder / "best"))
    parts = []
    for start in range(0, len(latent["z"]), sampling.BATCH):
        part = {k: v[start : start + sampling.BATCH] for k, v in latent.items()}
        parts.append(generator.serving_default(**part)["images"].numpy())
    return np.concatenate(parts)


def evenly_labelled(game, count, seed):
    """Draws latents of a conditional game, equally many of each class; and labels."""
    latent = game.latents(count, (0, seed))
    classes = np.arange(len(game.classes), dtype="int32")
    label = np.repeat(classes, count // len(classes))
    return latent | {"label": tf.constant(label)}, label
