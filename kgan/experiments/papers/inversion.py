"""How near a trained generator comes to pictures that it has not seen."""

import functools
import time
from typing import Any

import numpy as np

from kgan.applications import encoding, inversion, results
from kgan.config import Config
from kgan.data import evenly
from kgan.experiments.papers import strips
from kgan.experiments.papers.runs import classifier, images, trained
from kgan.experiments.papers.table import Row, Table
from kgan.experiments.papers.target import Target
from kgan.experiments.papers.text import percent
from kgan.models import GAN
from kgan.networks import dcgan
from kgan.optimizers import Adam
from kgan.pictures import save_png

PICTURES, QUICK_PICTURES = 200, 10
UPDATES, QUICK_UPDATES = 4000, 10  # of the GAN
ENCODER_UPDATES, QUICK_ENCODER_UPDATES = 2000, 10
STEPS, QUICK_STEPS = inversion.STEPS, 10
BATCH, WIDTH, QUICK_WIDTH, LATENT = 64, 32, 4, 64
CLASSIFIED, QUICK_CLASSIFIED = 60_000, 2_000  # digits that the classifier learns from
SHOWN = 20


def build(config: Any, spec: Any) -> GAN:
    """Returns a compiled DCGAN without labels."""
    game = GAN(
        dcgan.generator(config.latent, spec.shape, width=config.width),
        dcgan.discriminator(spec.shape, width=config.width),
        ema=config.ema,
        seed=config.seed,
    )
    game.compile(max_optimizer=Adam(2e-4, 0.5), min_optimizer=Adam(1e-3, 0.5))
    return game


@functools.cache
def game_of(seed, quick, folder, log):
    """Returns the trained game of a seed, which all rows share, and its encoder."""
    config = Config(
        batch_size=BATCH,
        updates=QUICK_UPDATES if quick else UPDATES,
        width=QUICK_WIDTH if quick else WIDTH,
        latent=LATENT,
        ema=0.999,
        grids=5,
        seed=seed,
    )
    train = images("train")
    data = train.part(slice(QUICK_UPDATES * BATCH)) if quick else train
    game = trained("inversion", build, config, folder, log, dataset=data)
    encoder = encoding.load_encoder(game, folder)
    if encoder is None:
        updates = QUICK_ENCODER_UPDATES if quick else ENCODER_UPDATES
        encoder = encoding.train_encoder(
            game, data["real"], updates=updates, seed=seed, log=log
        )
        encoding.save_encoder(game, encoder, folder)
    return game, encoder


def measure(row, seed, quick, folder, log):
    """Returns what a way of inverting reaches on test images; a sheet stays in `folder`."""
    game, encoder = game_of(seed, quick, folder.parent / f"game-{seed}", log)
    real = evenly(images("test")["real"], QUICK_PICTURES if quick else PICTURES)
    before = time.monotonic()
    found = _inverted(game, encoder, real, row.options, seed, quick)
    seconds = time.monotonic() - before
    known = classifier(
        folder.parent / "classifiers", QUICK_CLASSIFIED if quick else CLASSIFIED
    )
    kept = np.mean(known.predict(found.images) == known.predict(real))
    folder.mkdir(parents=True, exist_ok=True)
    save_png(folder / "sheet.png", results.sheet(real[:SHOWN], found.images[:SHOWN]))
    return {
        "PSNR": float(found.psnr.mean()),
        "answers kept": float(kept),
        "seconds a picture": seconds / len(real),
    }


def _inverted(game, encoder, real, options, seed, quick):
    if "method" not in options:
        middle = inversion.mean_code(game, len(real))
        held = {name: np.asarray(value) for name, value in middle.items()}
        return inversion.reconstructed(game, real, held)
    steps = QUICK_STEPS if quick else STEPS
    return inversion.invert(
        game, real, encoder=encoder, steps=steps, seed=seed, **options
    )


def draw(table, cells, work, path):
    """Copies the sheet of the way that both an encoder and a descent go, of seed 0."""
    strips.copy(work, BOTH, "sheet.png", strips.sheet(path))


MEAN, ENCODER, OPTIMISED = "the mean code", "encoder", "optimisation"
BOTH = "encoder, then optimisation"
TABLE = Table(
    name="inversion",
    title="Test digits of MNIST, found again in a DCGAN",
    columns={
        "PSNR": "{:.1f} dB".format,
        "answers kept": percent,
        "seconds a picture": "{:.2f}".format,
    },
    rows=(
        Row(MEAN, {}),
        Row(ENCODER, {}, {"method": "encoder"}),
        Row(OPTIMISED, {}, {"method": "optimise"}),
        Row(
            "optimisation, best of 5 starts", {}, {"method": "optimise", "restarts": 5}
        ),
        Row(BOTH, {}, {"method": "both"}),
    ),
    measure=measure,
    departures=(
        (
            "No paper's table. The papers invert faces of 256 pixels and more, in generators "
            "and with networks for perceptual distances that are not here."
        ),
        (
            f"{PICTURES} test images, evenly spaced. PSNR is the mean of the pictures' own; "
            "answers kept is the share whose class a classifier of real images names alike "
            "before and after."
        ),
        (
            f"DCGAN, {WIDTH} channels wide, {UPDATES:,} updates of batches of {BATCH}, z of "
            f"{LATENT} numbers; an encoder with {ENCODER_UPDATES:,} updates; {STEPS} steps "
            "of Adam on the squared error of the pixels."
        ),
        "Seconds a picture are those of all pictures at once, divided by their number.",
    ),
    quick=(
        (
            f"{QUICK_PICTURES} pictures, {QUICK_UPDATES} updates of a narrow GAN and of the "
            f"encoder, {QUICK_STEPS} steps, and a classifier of {QUICK_CLASSIFIED:,} digits."
        ),
    ),
    targets=(
        Target(BOTH, "PSNR", ">=", 0.0, minus=OPTIMISED),
        Target(OPTIMISED, "PSNR", ">=", 0.0, minus=ENCODER),
        Target(ENCODER, "PSNR", ">=", 0.0, minus=MEAN),
        Target(BOTH, "answers kept", ">=", 0.85),
    ),
    draw=draw,
    headline=(BOTH, "PSNR"),
)
