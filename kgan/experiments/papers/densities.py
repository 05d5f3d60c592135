"""Log-likelihood of MNIST under a window on samples (Goodfellow 2014, Mirza 2014)."""

import dataclasses
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from kgan import metrics
from kgan.applications import sampling
from kgan.config import Config
from kgan.evaluation.scores import unit
from kgan.experiments.papers.runs import (
    best,
    classifier,
    evenly_labelled,
    images,
    trained,
)
from kgan.experiments.papers.table import Row, Table
from kgan.experiments.papers.target import Target
from kgan.models import CGAN, GAN
from kgan.networks import maxout
from kgan.optimizers import Adam
from kgan.penalties import R1
from kgan.priors import Uniform

SAMPLES, VALIDATION = 10_000, 1000
LEARNED, REST = "train[:50000]", "train[50000:]"
DIGITS, QUICK_DIGITS = 60_000, 5000  # that the classifier of labels learns from
QUICK_EPOCHS = 1


@dataclasses.dataclass(frozen=True)
class Recipe:
    """How the paper's networks learn.

    Attributes:
        epochs: over the 50,000 images that the paper's code learns from.
        dropout: in D.
        rules: a function that gives further arguments of `GAN`.
        optimizer: factor of a loss -> an optimizer of as much of it.
    """

    epochs: int
    dropout: bool
    rules: Callable[..., Any]
    optimizer: Callable[..., Any]


def _descent(factor):
    rate = 0.1 * factor
    falling = keras.optimizers.schedules.ExponentialDecay(rate, 1, 1 / 1.000004)
    return keras.optimizers.SGD(falling, momentum=0.5)


def _adam(factor):
    return Adam(1e-3, 0.0, 0.99)  # steps as far for any factor


PUBLISHED = Recipe(12, True, dict, _descent)
MODERN = Recipe(6, False, lambda: {"penalties": [R1(0.05)]}, _adam)
# The conditional D learns labels late, and wins before that if less holds it.
CONDITIONAL = Recipe(6, True, lambda: {"penalties": [R1(2.0)]}, _adam)


def build(conditional, recipe):
    """Returns a builder of the paper's game, for a `kgan.training.run.Variant`."""

    def of(config, spec):
        known = spec.classes if conditional else ()
        shape = spec.shape
        # Mirza draws z from the unit cube, Goodfellow from one of variance 1.
        prior = Uniform(1.0) if conditional else Uniform(3**0.5)
        kind: Any = CGAN if conditional else GAN
        more = {"classes": known} if conditional else {}
        game = kind(
            maxout.generator(config.latent, shape, classes=len(known)),
            maxout.discriminator(shape, classes=len(known), dropout=recipe.dropout),
            prior=prior,
            ema=config.ema,
            seed=config.seed,
            **recipe.rules(),
            **more,
        )
        # The paper's D lowers half of the sum of both errors.
        game.compile(
            max_optimizer=recipe.optimizer(0.5), min_optimizer=recipe.optimizer(1.0)
        )
        return game

    return of


def measure(conditional):
    """A `Table.measure`: of a trained game, or of real images in its place."""
    name = "cgan_parzen" if conditional else "gan_parzen"

    def of(row, seed, quick, folder, log):
        found, recipe = {}, row.options["recipe"]
        if recipe is None:
            pixels = images(LEARNED)["real"]
            chosen = np.random.default_rng(seed).permutation(len(pixels))[:SAMPLES]
            samples = unit(pixels[chosen])
        else:
            epochs = QUICK_EPOCHS if quick else recipe.epochs
            config = Config(
                batch_size=100, epochs=epochs, ema=0.999, seed=seed, grids=10
            )
            make = build(conditional, recipe)
            game = trained(
                name, make, config, folder, log, split=LEARNED, evaluate=(1, _held_out)
            )
            latent, labels = game.latents(SAMPLES, (0, seed)), np.zeros(0)
            if conditional:
                latent, labels = evenly_labelled(game, SAMPLES, seed)
            pixels = best(folder, latent)
            samples = unit(pixels)
            if conditional:
                count = QUICK_DIGITS if quick else DIGITS
                read = classifier(folder.parent / "classifiers", count).predict(pixels)
                found["label accuracy"] = 100 * metrics.label_accuracy(read, labels)
        test = images("test")["real"]
        nats, _, _ = metrics.parzen(samples, _validation(), unit(test))
        return {"nats": nats} | found

    return of


def _validation():
    """The images that choose the bandwidth, (1000, 784) in [0, 1]."""
    return unit(images(REST)["real"][:VALIDATION])


def _held_out(game):
    """The negative log-likelihood of the validation images, which chooses the epoch."""
    samples = unit(sampling.draw(game, game.latents(SAMPLES, (1, 0))))
    sigma = metrics.choose_bandwidth(samples, _validation())
    likelihood = metrics.log_likelihood(samples, _validation(), sigma)
    return "minus_nats", -float(likelihood.mean())


def _table(name, title, conditional, rows, departures, aim):
    accuracy = {"label accuracy": "{:.1f} %".format} if conditional else {}
    return Table(
        name=name,
        title=title,
        columns={"nats": "{:.1f}".format} | accuracy,
        rows=(
            Row("real images (ceiling)", {}, {"recipe": None}),
            *rows,
        ),
        measure=measure(conditional),
        departures=(
            f"Adam and R1: {MODERN.epochs} epochs, rate 1e-3, beta 0 and 0.99.",
            "G is measured as a moving average of the last ninth of the updates, at the epoch "
            + "at which 1,000 validation images are likeliest; they choose the bandwidth "
            + "as well.",
            *departures,
        ),
        quick=(f"{QUICK_EPOCHS} epoch, one seed.",),
        seeds=2,
        targets=(Target(rows[0].name, "nats", ">=", aim),),
    )


GAN_TABLE = _table(
    "gan_parzen",
    "MNIST, Parzen log-likelihood (Goodfellow 2014, Table 1)",
    False,
    (
        Row("GAN, Adam and R1", {"nats": "225 ± 2"}, {"recipe": MODERN}),
        Row("GAN, the paper's SGD", {"nats": "225 ± 2"}, {"recipe": PUBLISHED}, 1),
    ),
    (
        "R1 with gamma 0.05; D has no dropout with it.",
        f"The paper's SGD: {PUBLISHED.epochs} epochs instead of hundreds; momentum stays "
        + "at 0.5 (the paper's code raises it to 0.7).",
        "G's output bias starts at 0, not at the data's marginals.",
    ),
    215.0,
)
CGAN_TABLE = _table(
    "cgan_parzen",
    "MNIST, Parzen log-likelihood, conditional (Mirza & Osindero 2014, Table 1)",
    True,
    (Row("CGAN, Adam and R1", {"nats": "132 ± 1.8"}, {"recipe": CONDITIONAL}),),
    (
        "R1 with gamma 2.",
        "z ~ U(-1, 1) instead of U(0, 1); 132 is a low number: to beat it proves little.",
    ),
    132.0,
)
