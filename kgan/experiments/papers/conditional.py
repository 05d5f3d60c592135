"""Digits drawn on demand, as training data for 1-NN (Radford 2015, Table 3)."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from kgan import metrics
from kgan.applications import sampling
from kgan.augmentations import Augmentation
from kgan.config import Config
from kgan.experiments.papers.runs import evenly_labelled, first, images, trained
from kgan.experiments.papers.table import Row, Table
from kgan.experiments.papers.target import Target
from kgan.models import CGAN
from kgan.networks import dcgan
from kgan.optimizers import Adam

COUNT, UPDATES, QUICK_UPDATES, WIDTH = 10_000, 5000, 200, 32


def build(
    config,
    spec,
    augmentations: Iterable[Augmentation] = (),
    penalties: Iterable[Any] = (),
):
    """Returns a compiled conditional DCGAN, with augmentations of all that D sees."""
    shape, count = spec.shape, len(spec.classes)
    game = CGAN(
        dcgan.generator(config.latent, shape, classes=count, width=config.width),
        dcgan.discriminator(shape, classes=count, width=config.width),
        classes=spec.classes,
        augmentations=augmentations,
        penalties=penalties,
        ema=config.ema,
        seed=config.seed,
    )
    game.compile(
        max_optimizer=Adam(config.discriminator_rate, 0.5),
        min_optimizer=Adam(config.generator_rate, 0.5),
    )
    return game


def measure(row, seed, quick, folder, log):
    """Returns the 1-NN error on the test images, in percent."""
    train = images("train")
    chosen = np.random.default_rng(seed).permutation(len(train))[:COUNT]
    pixels, labels = train["real"][chosen], train["label"][chosen]
    if not row.options["real"]:
        config = Config(
            updates=QUICK_UPDATES if quick else UPDATES,
            width=WIDTH,
            ema=0.999,
            generator_rate=1e-3,
            grids=10,
            seed=seed,
        )
        split = first(QUICK_UPDATES, config.batch_size) if quick else "train"
        game = trained("dcgan_1nn", build, config, folder, log, split=split)
        latent, labels = evenly_labelled(game, COUNT, seed)
        pixels = sampling.draw(game, latent)
    test = images("test")
    error = metrics.one_nearest_neighbour_error(
        pixels, labels, test["real"], test["label"]
    )
    return {"error": 100 * error}


TABLE = Table(
    name="dcgan_1nn",
    title="MNIST, test error of 1-NN on conditional samples (Radford 2015, Table 3)",
    columns={"error": "{:.2f} %".format},
    rows=(
        Row("real images", {"error": "3.1 % (50,000)"}, {"real": True}),
        Row("conditional DCGAN", {"error": "2.98 % (50,000)"}, {"real": False}),
    ),
    measure=measure,
    departures=(
        f"{COUNT:,} images instead of 50,000, real ones too: compare the gap.",
        f"Nets half as wide ({WIDTH} channels), {UPDATES:,} updates; D is told the label by "
        + "projection (Miyato & Koyama 2018), G learns five times as fast, samples come "
        + "from a moving average of G.",
    ),
    quick=(f"{QUICK_UPDATES} updates.",),
    seeds=2,
    targets=(Target("conditional DCGAN", "error", "<=", 3.0, minus="real images"),),
)
