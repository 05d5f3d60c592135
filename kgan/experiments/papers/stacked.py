"""Stacked MNIST, 1,000 modes, with a D a quarter of G's size (PacGAN Table 3)."""

from typing import Any

import keras
import numpy as np
from keras import layers

from kgan import metrics
from kgan.applications import sampling
from kgan.config import Config
from kgan.data import arrays
from kgan.experiments.papers.runs import classifier, images, trained
from kgan.experiments.papers.table import Row, Table
from kgan.experiments.papers.target import Target
from kgan.models import GAN
from kgan.networks import dcgan
from kgan.networks.blocks import normalise
from kgan.objectives import NonSaturating, Relativistic
from kgan.optimizers import Adam
from kgan.penalties import R1, R2

STACKS, SAMPLES = 60_000, 25_600
QUICK_DIGITS, QUICK_SAMPLES = 5000, 5000
UPDATES, QUICK_UPDATES, LATENT, BATCH = 4000, 100, 256, 128


def stacked(digits, count, seed):
    """Three random digits as the colours of one image: uint8 (count, 28, 28, 3)."""
    rows = np.random.default_rng(seed).integers(len(digits), size=(count, 3))
    return np.concatenate([digits[rows[:, i]] for i in range(3)], -1)


def generator():
    """PacGAN's: z 256 -> 4x4x64 -> 7x7x32 -> 14x14x16 -> 28x28x8 -> 28x28x3."""
    z = keras.Input((LATENT,), name="z")
    x = layers.Dense(4 * 4 * 64, use_bias=False, kernel_initializer=dcgan.small())(z)
    x = layers.Reshape((4, 4, 64))(layers.ReLU()(normalise(x, "batch")))
    for channels in (32, 16, 8):
        x = layers.Conv2DTranspose(channels, 3, **_options(use_bias=False))(x)
        x = x if channels != 32 else layers.Cropping2D(((0, 1), (0, 1)))(x)  # 8 to 7
        x = layers.ReLU()(normalise(x, "batch"))
    last = _options(strides=1, activation="tanh", dtype="float32")
    x = layers.Conv2D(3, 3, **last)(x)
    return keras.Model({"z": z}, x, name="generator")


def discriminator(pack):
    """PacGAN's, a quarter of G: 2, 4, 8 channels, batch norm on every layer."""
    image = x = keras.Input((28, 28, 3 * pack), name="x")
    for channels in (2, 4, 8):
        x = layers.Conv2D(channels, 3, **_options(use_bias=False))(x)
        x = layers.LeakyReLU(0.3)(normalise(x, "batch"))
    x = layers.Dense(1, dtype="float32")(layers.Flatten()(x))
    x = layers.Reshape((), dtype="float32")(x)
    return keras.Model(image, x, name="discriminator")


def _options(**changed):
    start = {"kernel_initializer": dcgan.small()}
    return {"strides": 2, "padding": "same"} | start | changed


def build(pack, modern, objective=NonSaturating, penalties=()):
    """A builder of a row's game."""

    def of(config, spec):
        opponent = (
            dcgan.discriminator(spec.shape, width=32, norm="none")
            if modern
            else discriminator(pack)
        )
        game = GAN(
            generator(),
            opponent,
            objective=objective(),
            penalties=[penalty(1.0) for penalty in penalties],
            pack=pack,
            seed=config.seed,
        )
        beta = 0.0 if modern else 0.5
        game.compile(
            max_optimizer=Adam(config.discriminator_rate, beta, 0.99),
            min_optimizer=Adam(config.generator_rate, beta, 0.99),
        )
        return game

    return of


def measure(row, seed, quick, folder, log):
    """Modes that 25,600 samples show, and KL(p || uniform)."""
    pack, modern = row.options["pack"], row.options["modern"]
    config = Config(
        batch_size=-(-BATCH // pack) * pack,
        latent=LATENT,
        updates=QUICK_UPDATES if quick else UPDATES,
        generator_rate=2e-4 if modern else 1e-3,
        grids=5,
        seed=seed,
    )
    stacks = QUICK_UPDATES * config.batch_size if quick else STACKS
    data = arrays.images(
        stacked(images("train")["real"], stacks, seed), name="stacked_mnist"
    )
    of_row = build(**row.options)
    game = trained("stacked_mnist", of_row, config, folder, log, data)
    count = QUICK_SAMPLES if quick else SAMPLES
    drawn = sampling.draw(game, game.latents(count, (0, seed)))
    read = classifier(folder.parent / "classifiers", QUICK_DIGITS if quick else STACKS)
    found = np.stack([read.predict(drawn[..., i : i + 1]) for i in range(3)], -1)
    modes, divergence = metrics.stacked_modes(found)
    return {"modes": modes, "KL": divergence}


def _row(name, pack=1, modern=False, paper=("", ""), **rules):
    told: dict[str, Any] = dict(zip(("modes", "KL"), paper, strict=True))
    return Row(name, told, {"pack": pack, "modern": modern, **rules})


# One network, and one thing more in each row: from the GAN of 2014 to R3GAN's loss.
LADDER = (
    _row("non-saturating", modern=True),
    _row("non-saturating, R1", modern=True, penalties=(R1,)),
    _row("non-saturating, R1 + R2", modern=True, penalties=(R1, R2)),
    _row("relativistic, R1", modern=True, objective=Relativistic, penalties=(R1,)),
    _row(
        "R3GAN loss, R1 + R2",
        modern=True,
        paper=("1000", "0.03"),
        objective=Relativistic,
        penalties=(R1, R2),
    ),
)
TABLE = Table(
    name="stacked_mnist",
    title="Stacked MNIST, 1,000 modes (PacGAN Table 3; R3GAN)",
    columns={"modes": "{:.0f}".format, "KL": "{:.2f}".format},
    rows=(
        _row("DCGAN, quarter D", paper=("78.5 ± 17.6", "5.21")),
        _row("PacDCGAN2, quarter D", 2),
        _row("PacDCGAN3, quarter D", 3),
        _row("PacDCGAN4, quarter D", 4, paper=("667 ± 29", "1.81")),
        *LADDER,
    ),
    measure=measure,
    departures=(
        f"{UPDATES:,} updates instead of 500,000.",
        "The D of the last five rows is a DCGAN of width 32 without normalisation, not "
        + "StyleGAN2's; R3GAN's number is of its own networks.",
        "60,000 stacks are drawn once, not anew for every batch.",
    ),
    quick=(
        f"{QUICK_UPDATES} updates, {QUICK_SAMPLES:,} samples, a classifier that learned "
        + f"from {QUICK_DIGITS:,} digits, one seed.",
    ),
    seeds=2,
    targets=(
        Target("R3GAN loss, R1 + R2", "modes", ">=", 990.0),
        Target("R3GAN loss, R1 + R2", "KL", "<=", 0.3),
        Target("PacDCGAN4, quarter D", "modes", ">", 0.0, minus="DCGAN, quarter D"),
    ),
)
