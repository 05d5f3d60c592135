"""MNIST and USPS, translated without pairs, as training data for each other.

A classifier that learned from translated digits of one set is tested on the other's
(Hoffman 2018, "CyCADA", at the level of pixels).
"""

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from kgan import metrics
from kgan.config import Translation
from kgan.data import arrays, load
from kgan.errors import UserError
from kgan.experiments.papers import runs, strips
from kgan.experiments.papers.folders import find
from kgan.experiments.papers.table import Row, Table
from kgan.experiments.papers.target import Target
from kgan.experiments.papers.translations import few, report, translated, two_sided
from kgan.models import CycleGAN, DiscoGAN
from kgan.networks import dcgan, patch, resnet, unet
from kgan.objectives import LeastSquares, NonSaturating, Wasserstein

NAME, FOLDER, SIDE = "usps", "usps", 32
DIGITS = tuple("0123456789")
LEARNED, SHOWN = 20_000, 6  # of MNIST, in an epoch of the games
FIT = 1400  # least updates of a classifier
QUICK_IMAGES, QUICK_UPDATES, QUICK_FIT = 1000, 5, 40
TO_USPS, TO_MNIST = "MNIST to USPS", "USPS to MNIST"


@dataclasses.dataclass(frozen=True)
class Method:
    """How a row translates.

    Attributes:
        build: as a `kgan.training.run.Variant` has it.
        config: fields of `Translation`.
    """

    build: Callable[..., Any]
    config: dict[str, Any]


def cyclegan(config, spec):
    """Zhu's: two ResNets, least squares, a pool."""

    def to(source, channels, name):
        return resnet.generator(source, channels, width=config.width, name=name)

    rules = {"part": {"objective": LeastSquares(), "pool": 50}}
    # Zhu's G lowers (D(G(x)) - 1)^2; least squares here are Mao's, half of that.
    rules |= {"adversarial_weight": 2.0, "cycle_weight": 10.0}
    return two_sided(CycleGAN, config, spec, to, _patches(config), **rules)


def discogan(config, spec):
    """Kim's: no skips, D's features, squares."""

    def to(source, channels, name):
        nets = {"skips": False, "norm": "batch", "dropout": 0.0}
        return unet.generator(source, channels, width=config.width, name=name, **nets)

    def discriminator(image, name):
        return dcgan.discriminator(image, width=config.width, features=True, name=name)

    rules = {"part": {"objective": NonSaturating()}}
    rules |= {"first_steps": config.updates // 3}
    return two_sided(DiscoGAN, config, spec, to, discriminator, **rules)


def dualgan(config, spec):
    """Yi's: clipped critics, U-Nets with dropout."""

    def to(source, channels, name):
        return unet.generator(source, channels, width=config.width, name=name)

    def rmsprop(rate):
        return keras.optimizers.RMSprop(rate, rho=0.9)

    rules = {"part": {"objective": Wasserstein(), "clip_weights": 0.01}}
    rules |= {"cycle_weight": 500.0}
    return two_sided(CycleGAN, config, spec, to, _patches(config), rmsprop, **rules)


def _patches(config):
    def discriminator(image, name):
        return patch.discriminator(image, depth=2, width=2 * config.width, name=name)

    return discriminator


METHODS = {
    "CycleGAN": Method(cyclegan, {"batch_size": 8, "width": 8, "updates": 7500}),
    "DiscoGAN": Method(
        discogan,
        {"batch_size": 64, "width": 16, "updates": 3000, "generator_steps": 2},
    ),
    "DualGAN": Method(
        dualgan,
        {
            "batch_size": 8,
            "width": 16,
            "updates": 5000,
            "discriminator_steps": 3,
            "discriminator_rate": 5e-5,
            "generator_rate": 5e-5,
        },
    ),
}


@functools.cache
def _images(dataset, split):
    options = {"image_size": SIDE, "channels": 1, "log": lambda line: None}
    images = load(dataset, split=split, **options)
    if images.classes != DIGITS:
        raise UserError(
            dataset,
            f"its classes are {', '.join(images.classes) or 'none'}",
            "they must be 0 to 9, a subfolder each",
        )
    # A folder's come class by class, and the first few are to show all of them.
    return _rows(images, np.random.default_rng(0).permutation(len(images)))


def sets(quick):
    """Returns (MNIST, USPS), each a dict "train", "test" -> `Dataset` of 32x32x1."""
    root = str(find(FOLDER, NAME))
    found = [
        {split: _images(dataset, split) for split in ("train", "test")}
        for dataset in ("mnist", root)
    ]
    if not quick:
        return found
    some = slice(QUICK_IMAGES)
    return [{k: _rows(one, some) for k, one in two.items()} for two in found]


def _rows(images, rows):
    return images.part(rows)


def domains(mnist, usps):
    """Both train parts, as a translation learns from them."""
    held = mnist["test"]["real"][:SHOWN], usps["test"]["real"][:SHOWN]
    ends = mnist["train"]["real"], usps["train"]["real"]
    data = arrays.domains(*ends, paired=False, name="mnist-usps", held_out=held)
    return few(data, LEARNED)


def measure(row, seed, quick, folder, log):
    """Measures a classifier that learnt from translated digits, and the cycle error."""
    mnist, usps = sets(quick)
    method, found = METHODS.get(row.name), {}
    pixels = mnist["train"]["real"], usps["train"]["real"]
    if method:
        chosen: Any = method.config | ({"updates": QUICK_UPDATES} if quick else {})
        config = Translation(grids=10, seed=seed, **chosen)
        learnt = domains(mnist, usps)
        game = runs.trained(NAME, method.build, config, folder, log, learnt)
        ways = game.to_y, game.to_x
        pixels = [translated(*one) for one in zip(ways, pixels, strict=True)]
        found = there_and_back(
            ways, mnist["test"]["real"], usps["test"]["real"], folder
        )
    ends = (TO_USPS, mnist, usps), (TO_MNIST, usps, mnist)
    for (name, source, target), taught in zip(ends, pixels, strict=True):
        classifier = metrics.fit_classifier(
            taught,
            source["train"]["label"],
            len(DIGITS),
            test_pixels=target["test"]["real"],
            test_labels=target["test"]["label"],
            cache=folder.parent / "classifiers",
            seed=seed,
            updates=QUICK_FIT if quick else FIT,
            log=log,
        )
        found[name] = 100 * classifier.accuracy
    return found


def there_and_back(ways, x, y, folder):
    """How near `x` is to F(G(x)); keeps some of both domains, each way.

    Args:
        ways: (G, F), a `Translator` each.
        x: images of the first domain, uint8 (n, H, W, 1).
        y: images of the second domain.
        folder: receives some of both.
    """
    to_y, to_x = ways
    there = translated(to_y, x)
    back = translated(to_x, there)
    some = y[: strips.SHOWN]
    from_y = translated(to_x, some)
    strips.keep(
        folder,
        **{"x": x, "G(x)": there, "F(G(x))": back},
        **{"y": some, "F(y)": from_y, "G(F(y))": translated(to_y, from_y)},
    )
    near = report(back, x)
    return {"cycle L1": near["L1"], "cycle PSNR": near["PSNR"]}


LABELS = {
    "x": "MNIST",
    "G(x)": "as USPS",
    "F(G(x))": "and back",
    "y": "USPS",
    "F(y)": "as MNIST",
    "G(F(y))": "and back",
}


def draw(table, cells, work, path):
    """A block of rows per method: source, translated, reconstructed, both ways."""
    rows = [
        strips.Strip(f"{method}: {label}", images[name], given=name in ("x", "y"))
        for method in METHODS
        if (images := strips.kept(work, method))
        for name, label in LABELS.items()
    ]
    if rows:
        strips.picture(path, rows)


TABLE = Table(
    name=NAME,
    title="MNIST and USPS: a classifier of translated digits (after CyCADA, Hoffman 2018)",
    columns={
        TO_USPS: "{:.1f} %".format,
        TO_MNIST: "{:.1f} %".format,
        "cycle L1": "{:.2f} %".format,
        "cycle PSNR": "{:.1f} dB".format,
    },
    rows=(
        Row("source only", {TO_USPS: "82.2 %", TO_MNIST: "69.6 %"}),
        Row("CycleGAN", {TO_USPS: "95.6 % (CyCADA)", TO_MNIST: "96.4 % (CyCADA)"}),
        Row("DiscoGAN", {}),
        Row("DualGAN", {}),
    ),
    measure=measure,
    departures=(
        "CyCADA adds a loss that keeps what a classifier of the source says; CycleGAN has "
        + "none, and may exchange digits.",
        "The classifier is a small convolutional net with dropout, not LeNet; "
        + f"{FIT:,} updates at batch 128 on all images of the train part.",
        f"{SIDE} pixels, grey. Batch, width and descents of G, at least: "
        + "; ".join(
            f"{name} {m.config['batch_size']}, {m.config['width']}, {m.config['updates']:,}"
            for name, m in METHODS.items()
        )
        + f". {LEARNED:,} of MNIST's images for the games. All rates fall to 0 in the "
        + "second half.",
        "DualGAN's way back weighs 500 and holds its images where they are. With a weight "
        + "of 10, rates of 5e-4 and half of the updates it exchanged digits: 32.4 % from "
        + "MNIST to USPS.",
        "DiscoGAN weighs the way back by 0.01 for a third of the descents, then by 0.5; no "
        + "weight decay.",
        "The cycle is MNIST's test images to USPS and back, 8-bit on the way; L1 in percent "
        + "of the range, PSNR of the mean squared error of all.",
    ),
    quick=(
        f"{QUICK_IMAGES:,} images of each set, about {QUICK_UPDATES} updates or one epoch "
        + f"of a game, {QUICK_FIT} of a classifier.",
    ),
    lower=("cycle L1",),
    targets=(Target("CycleGAN", TO_USPS, ">=", 90.0),),
    draw=draw,
    folder=FOLDER,
)
