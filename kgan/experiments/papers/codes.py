"""What InfoGAN's code comes to mean on MNIST (Chen 2016, 7.1 and 7.2)."""

import dataclasses
import shutil

import numpy as np

from kgan import metrics
from kgan.config import Config
from kgan.evaluation.codes import guess
from kgan.experiments.papers.runs import first, images, trained
from kgan.experiments.papers.table import Row, Table, slug
from kgan.experiments.papers.target import Target
from kgan.models import GAN, InfoGAN
from kgan.networks import infogan
from kgan.optimizers import Adam
from kgan.priors import Uniform

UPDATES, QUICK_UPDATES, SAMPLES = 5000, 100, 10_000
WIDTH, QUICK_WIDTH = 32, 16  # the paper's is 64


class Uninformed(InfoGAN):
    """Q learns to read the code, and G is not told: the paper's Figure 1."""

    def min_terms(self, played):
        return GAN.min_terms(self, played)


def build(kind, width):
    """Returns a builder of the paper's game, for a `kgan.training.run.Variant`."""

    def of(config, spec):
        heads = {"category_0": 10, "continuous": 2}
        game = kind(
            infogan.generator(config.latent, spec.shape, width=width),
            infogan.discriminator(spec.shape, width=width, heads=heads),
            prior=Uniform(),
            seed=config.seed,
        )
        if kind is Uninformed:
            told = ("G/category_0", "G/continuous")
            game.tracked = tuple(name for name in game.tracked if name not in told)
        game.compile(
            max_optimizer=Adam(config.discriminator_rate, 0.5),
            min_optimizer=Adam(config.generator_rate, 0.5),
        )
        return game

    return of


CONFIG = Config(
    batch_size=128, latent=74, updates=UPDATES, generator_rate=1e-3, grids=20
)


def measure(row, seed, quick, folder, log):
    """L_I and the error of the code; the last grid stays in `folder`."""
    updates, width = (QUICK_UPDATES, QUICK_WIDTH) if quick else (UPDATES, WIDTH)
    config = dataclasses.replace(CONFIG, updates=updates, seed=seed)
    split = first(updates, config.batch_size) if quick else "train"
    make = build(row.options["kind"], width)
    game = trained("infogan_code", make, config, folder, log, split=split)
    latent = game.latents(SAMPLES, (0, seed))["z"]
    code = np.argmax(game.decode(latent)[1][0], -1)
    logits = guess(game, game.samples({"z": latent}).numpy())
    test = images("test")
    found = guess(game, test["real"]).argmax(-1)
    error, _ = metrics.unsupervised_error(found, test["label"])
    return {
        "L_I": metrics.code_information(logits, code),
        "code error": 100 * error,
    }


def draw(table, cells, work, path):
    """The sweep of the code of the seed with the least error."""
    own = [cell for cell in cells if cell.row == "InfoGAN"]
    if not own:
        return
    best = min(own, key=lambda cell: cell.values["code error"])
    run = work / f"{slug(best.row)}-{best.seed}"
    if grids := sorted((run / "samples").glob("epoch-*.png")):
        shutil.copyfile(grids[-1], path)


TABLE = Table(
    name="infogan_code",
    title="MNIST, what the code says of the digit (Chen 2016, 7.1 and 7.2)",
    columns={"L_I": "{:.3f} nats".format, "code error": "{:.1f} %".format},
    rows=(
        Row("InfoGAN", {"L_I": "2.30 nats", "code error": "5 %"}, {"kind": InfoGAN}),
        Row(
            "without the information term", {"L_I": "about 0"}, {"kind": Uninformed}, 2
        ),
    ),
    measure=measure,
    departures=(
        "The paper does not say how it matches categories to digits; here one-to-one, "
        + "so that the most of the 10,000 test images agree.",
        "Its one number is of an unknown number of runs; here every seed is shown.",
        f"Nets half as wide ({WIDTH} channels).",
        "Samples are uint8 images before Q reads them back.",
    ),
    quick=("100 updates of nets half as wide again, one seed.",),
    seeds=5,
    statistics=("mean", "median", "best"),
    lower=("code error",),
    headline=("InfoGAN", "code error"),
    targets=(
        Target("InfoGAN", "L_I", ">=", 2.25),
        Target("InfoGAN", "code error", "<=", 8.0, best=True),
        Target("without the information term", "L_I", "<", 0.5),
    ),
    draw=draw,
)
