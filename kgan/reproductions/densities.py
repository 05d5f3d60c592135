"""Log-likelihood of MNIST under a window on samples (Goodfellow 2014, Mirza 2014)."""

import keras
import numpy as np

from kgan import metrics
from kgan.config import Config
from kgan.evaluation.scores import unit
from kgan.models import CGAN, GAN
from kgan.networks import maxout
from kgan.priors import Uniform
from kgan.reproductions.runs import drawn, evenly_labelled, images, judge, trained
from kgan.reproductions.table import Row, Table

SAMPLES, VALIDATION = 10_000, 1000
LEARNED, REST = "train[:50000]", "train[50000:]"
EPOCHS, QUICK_EPOCHS, SEEDS = 40, 2, 2
DIGITS, QUICK_DIGITS = 60_000, 5000  # that the judge of labels learns from


def build(conditional):
    """A builder of the paper's game, as `kgan.train.Run` takes it."""

    def of(config, shape, classes):
        known = len(classes) if conditional else 0
        # Mirza draws z from the unit cube, Goodfellow from one of variance 1.
        prior = Uniform(1.0) if conditional else Uniform(3**0.5)
        kind, more = (CGAN, {"classes": known}) if conditional else (GAN, {})
        game = kind(
            maxout.generator(config.latent, shape, classes=known),
            maxout.discriminator(shape, classes=known),
            prior=prior,
            average=config.average,
            seed=config.seed,
            **more,
        )
        # The paper's D lowers half of the sum of both errors.
        game.compile(_descent(0.05), _descent(0.1))
        return game

    return of


def _descent(rate):
    falling = keras.optimizers.schedules.ExponentialDecay(rate, 1, 1 / 1.000004)
    return keras.optimizers.SGD(falling, momentum=0.5)


def measure(conditional):
    """A `Table.measure`: of a trained game, or of real images in its place."""
    name = "cgan_parzen" if conditional else "gan_parzen"

    def of(row, seed, quick, folder, say):
        if row.options["real"]:
            pixels = images(LEARNED).pixels
            chosen = np.random.default_rng(seed).permutation(len(pixels))[:SAMPLES]
            samples = unit(pixels[chosen])
        else:
            epochs = QUICK_EPOCHS if quick else EPOCHS
            config = Config(
                batch_size=100, epochs=epochs, average=0.9995, seed=seed, grids=10
            )
            game = trained(name, build(conditional), config, folder, say, split=LEARNED)
            latent = game.latents(SAMPLES, (0, seed))
            if conditional:
                latent, labels = evenly_labelled(game, SAMPLES, seed)
            samples = (drawn(game, latent).reshape(SAMPLES, -1) + 1) / 2
        validation = images(REST).pixels[:VALIDATION]
        test = images("test").pixels
        found = {"nats": metrics.parzen(samples, unit(validation), unit(test))[0]}
        if conditional and not row.options["real"]:
            read = judge(
                folder.parent / "classifiers", QUICK_DIGITS if quick else DIGITS
            )
            pixels = np.uint8(255 * samples.reshape(-1, 28, 28, 1) + 0.5)
            obeyed = metrics.label_accuracy(read.predict(pixels), labels)
            found["label accuracy"] = 100 * obeyed
        return found

    return of


def _table(name, title, conditional, paper, departures):
    return Table(
        name=name,
        title=title,
        columns={"nats": "{:.1f}".format}
        | ({"label accuracy": "{:.1f} %".format} if conditional else {}),
        rows=(
            Row("real images (ceiling)", {}, {"real": True}),
            Row("CGAN" if conditional else "GAN", {"nats": paper}, {"real": False}),
        ),
        measure=measure(conditional),
        departures=(
            f"{EPOCHS} epochs; momentum stays at 0.5 (the paper's code raises it to 0.7).",
            "The last G is measured, not the best on the validation images: its moving "
            + "average over about 2,000 updates.",
            *departures,
        ),
        quick=(f"{QUICK_EPOCHS} epochs, one seed.",),
        seeds=SEEDS,
    )


GAN_TABLE = _table(
    "gan_parzen",
    "MNIST, Parzen log-likelihood (Goodfellow 2014, Table 1)",
    False,
    "225 ± 2",
    ("G's output bias starts at 0, not at the data's marginals.",),
)
CGAN_TABLE = _table(
    "cgan_parzen",
    "MNIST, Parzen log-likelihood, conditional (Mirza & Osindero 2014, Table 1)",
    True,
    "132 ± 1.8",
    (
        "z ~ U(-1, 1) instead of U(0, 1); 132 is a low number: to beat it proves little.",
    ),
)
