"""Whether generated images make a classifier better that has few real ones."""

import itertools
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from kgan.applications.augmentation import check_enough, draw_class
from kgan.applications.sieve import Sieve
from kgan.augmentations import DiffAugment
from kgan.augmentations.transforms import mirrored, shifted
from kgan.config import Config
from kgan.data import Dataset
from kgan.experiments.papers import conditional
from kgan.experiments.papers.runs import images, trained
from kgan.experiments.papers.table import Row, Table, standard_error
from kgan.experiments.papers.target import Target
from kgan.experiments.papers.text import percent
from kgan.files import replacing
from kgan.metrics import network as networks
from kgan.pictures import save_png, tile

COUNTS, MOST = (100, 200, 500, 1000), 10  # real images; generated ones for each of them
UPDATES, QUICK_UPDATES = 12_000, 20  # of the GAN, in batches of `BATCH`
BATCH, WIDTH = 64, 32
CLASSIFIER_UPDATES, QUICK_CLASSIFIER_UPDATES = 600, 20
QUICK_TESTED = 500  # test images
# The classical augmentation. Garments are mirrored only: of 200 images, seed 0, that gave
# 76.7 % of the test images right, and a shift by a pixel as well 75.9 %.
SHIFT = {"mnist": 2, "fashion_mnist": 0}  # pixels
MIRRORED = ("fashion_mnist",)


class Classical(keras.layers.Layer):
    """Shifts images by whole pixels, and mirrors half of them, in training only.

    Args:
        far: the largest shift in pixels, in each direction.
        mirror: whether to mirror.
        seed: of the shifts.
    """

    def __init__(self, far: int, mirror: bool, seed: int) -> None:
        super().__init__()
        self.far, self.mirror = far, mirror
        self.seeds = keras.random.SeedGenerator(seed)

    def call(self, x: tf.Tensor, training: bool = False) -> tf.Tensor:
        if not training:
            return x
        n = tf.shape(x)[0]
        if self.mirror:
            x = mirrored(x, keras.random.uniform((n,), seed=self.seeds) < 0.5)
        down, right = (
            keras.random.randint((n,), -self.far, self.far + 1, seed=self.seeds)
            for _ in range(2)
        )
        return shifted(x, down, right)


def few(dataset: str, count: int, seed: int) -> Dataset:
    """Returns `count` training images of a data set, equally many of each class."""
    every, generator = images("train", dataset), np.random.default_rng(seed)
    share = count // len(every.classes)
    rows = [
        generator.permutation(np.flatnonzero(every["label"] == label))[:share]
        for label in range(len(every.classes))
    ]
    return every.part(np.concatenate(rows))


def settings(seed: int, quick: bool, updates: int = UPDATES) -> Config:
    """Returns the configuration of a GAN of few images; quick ones have few updates."""
    return Config(
        batch_size=BATCH,
        updates=QUICK_UPDATES if quick else updates,
        width=4 if quick else WIDTH,
        ema=0.995,
        generator_rate=1e-3,
        grids=5,
        seed=seed,
    )


def generated(dataset, count, seed, quick, folder, log):
    """Returns `MOST` generated images for each of `count` real ones, class by class.

    The GAN has learned from the same `count` images as the classifier, and its copies of
    them are left out, as `bin/augment_dataset` does it. They stay in `folder`.

    Returns: uint8 (classes, MOST * count / classes, H, W, C).
    """
    path = folder / "generated.npz"
    if path.exists():
        return np.load(path)["images"]
    data = few(dataset, count, seed)
    config = settings(seed, quick)
    game = trained("scarce", build, config, folder, log, dataset=data)
    sieve = Sieve() if quick else Sieve.of(data)
    share = MOST * count // len(data.classes)
    drawn = [draw_class(game, k, share, sieve, seed) for k in range(len(data.classes))]
    for name, one in zip(data.classes, drawn, strict=True):
        check_enough(one, name, share)
    copies = sum(one.copies for one in drawn)
    log(f"{dataset}, {count} images, seed {seed}: left out {copies:,} copies")
    made = np.stack([one.images for one in drawn])
    save_png(
        folder / "sheet.png", tile(made[:, :20].reshape(-1, *made.shape[2:]), 10, 20)
    )
    with replacing(path) as temporary:
        np.savez_compressed(temporary, images=made)
    return made


def build(config: Any, spec: Any):
    """Returns a compiled conditional DCGAN for few images."""
    return conditional.build(config, spec, [DiffAugment(color=False)])


def learned_from(arm, dataset, count, seed, quick, folder, log):
    """Returns the pixels and the labels that the classifier of an arm learns from."""
    real = few(dataset, count * arm.get("real", 1), seed)
    pixels, labels = real["real"], real["label"]
    times = arm.get("generated", 0)
    if times:
        place = folder / f"{dataset}-{count}-{seed}"
        made = generated(dataset, count, seed, quick, place, log)
        share = times * count // len(made)
        drawn = made[:, :share].reshape(-1, *made.shape[2:])
        of_drawn = np.repeat(np.arange(len(made), dtype=np.int32), share)
        if arm.get("real", 1) == 0:
            return drawn, of_drawn
        pixels = np.concatenate([pixels, drawn])
        labels = np.concatenate([labels, of_drawn])
    return pixels, labels


def accuracy(arm, dataset, pixels, labels, seed, quick):
    """Returns the accuracy on the test images of a classifier of some images, in [0, 1]."""
    test = images("test", dataset)
    net = networks.build_network(pixels.shape[1:], len(test.classes), seed)
    whole = net
    if arm.get("classical"):
        layer = Classical(SHIFT[dataset], dataset in MIRRORED, seed)
        image = keras.Input(pixels.shape[1:])
        whole = keras.Model(image, net(layer(image)))
    updates = QUICK_CLASSIFIER_UPDATES if quick else CLASSIFIER_UPDATES
    networks.train_network(whole, pixels, labels, seed=seed, updates=updates)
    tested = slice(QUICK_TESTED) if quick else slice(None)
    found = net.predict(test["real"][tested], batch_size=500, verbose=0).argmax(1)
    return float(np.mean(found == test["label"][tested]))


def measure(row, seed, quick, folder, log):
    """Returns the accuracy of a row's classifier, by the number of real images."""
    arm, dataset = row.options, row.options["dataset"]
    found = {}
    for count in COUNTS[:1] if quick else COUNTS:
        given = learned_from(arm, dataset, count, seed, quick, folder.parent, log)
        found[f"n = {count:,}"] = accuracy(arm, dataset, *given, seed, quick)
    return found


def says(cells: list[Any]) -> list[str]:
    """Returns in words whether generated images add to classical augmentation."""
    lines = []
    for told, count in itertools.product(SHOWN.values(), COUNTS):
        gains = {
            name: _gains(cells, f"n = {count:,}", f"{told}: {name}", f"{told}: {PLAIN}")
            for name, arm in ARMS.items()
            if arm.get("generated") and arm.get("real", 1)
        }
        gains = {name: found for name, found in gains.items() if len(found) > 1}
        if not gains:
            continue
        best = max(gains, key=lambda name: np.mean(gains[name]))
        mean = np.mean(gains[best])
        error = standard_error(gains[best])
        lines.append(
            f"{told}, {count:,} real images: generated ones "
            f"{'help' if mean >= HELP else 'do not help'}; the best row with them, "
            f"`{best}`, is at {100 * mean:+.1f} ± {100 * error:.1f} points from `{PLAIN}` "
            f"({len(gains[best])} seeds, in pairs)"
        )
    return lines


def _gains(cells, column, row, plain):
    """By how much a row is above another one in a column, for each seed that both have."""
    own, other = (
        {
            c.seed: c.values[column]
            for c in cells
            if c.row == name and column in c.values
        }
        for name in (row, plain)
    )
    return [own[seed] - other[seed] for seed in own if seed in other]


PLAIN = "+ classical"
ARMS = {
    "real": {},
    PLAIN: {"classical": True},
    "+ classical, 1x generated": {"classical": True, "generated": 1},
    "+ classical, 5x generated": {"classical": True, "generated": 5},
    "+ classical, 10x generated": {"classical": True, "generated": 10},
    "10x generated only, + classical": {"classical": True, "generated": 10, "real": 0},
    "10 n real, + classical": {"classical": True, "real": 10},
}
SHOWN = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST"}
GAINS = "+ classical, 10x generated"
HELP = 0.01  # by so much it is worth the trouble
TABLE = Table(
    name="scarce",
    title="Does a classifier of few images get better with generated ones?",
    columns={f"n = {count:,}": percent for count in COUNTS},
    rows=tuple(
        Row(
            f"{told}: {name}",
            {},
            {"dataset": dataset, **arm},
            1 if "real" in arm else 3,
        )
        for dataset, told in SHOWN.items()
        for name, arm in ARMS.items()
    ),
    measure=measure,
    departures=(
        (
            "No paper's table: accuracy on the 10,000 test images of a classifier that learns "
            "from n real images, equally many of each class, and from what a row adds."
        ),
        (
            f"Every classifier is the same network with {CLASSIFIER_UPDATES} updates. Real and "
            "generated images are mixed, so that of 10x generated each batch has a tenth of "
            "real ones."
        ),
        (
            f"The GAN is a conditional DCGAN, {WIDTH} channels wide, with DiffAugment "
            f"(translation, cutout), {UPDATES:,} updates of batches of {BATCH}, of the same n "
            "images. Copies of them are left out as `bin/augment_dataset` does it."
        ),
        (
            "Classical augmentation is a shift by up to 2 pixels for MNIST, and mirroring for "
            "Fashion-MNIST, where a shift made the classifier worse; of 200 images, seed 0, on "
            "the test images, which favours the rows without generated ones."
        ),
    ),
    quick=(
        (
            f"n = {COUNTS[0]} alone, {QUICK_UPDATES} updates of a narrow GAN whose copies stay, "
            f"{QUICK_CLASSIFIER_UPDATES} of the classifier, {QUICK_TESTED} test images."
        ),
    ),
    seeds=3,
    says=says,
    targets=tuple(
        Target(f"{told}: {GAINS}", f"n = {n}", ">=", HELP, minus=f"{told}: {PLAIN}")
        for told in SHOWN.values()
        for n in COUNTS[:2]
    ),
)
