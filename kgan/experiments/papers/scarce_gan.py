"""What helps a GAN of few images: augmentation of the data, of what D sees, and LeCam."""

import functools

import numpy as np

from kgan import metrics
from kgan.applications import sampling
from kgan.augmentations import Adaptive, DiffAugment
from kgan.data import arrays
from kgan.experiments.papers import conditional, strips
from kgan.experiments.papers.runs import evenly_labelled, images, trained
from kgan.experiments.papers.scarce import (
    BATCH,
    QUICK_UPDATES,
    UPDATES,
    WIDTH,
    few,
    settings,
)
from kgan.experiments.papers.table import Row, Table
from kgan.experiments.papers.target import Target
from kgan.experiments.papers.text import percent
from kgan.metrics.network import UPDATES as READER_UPDATES
from kgan.penalties import LeCam
from kgan.pictures import save_png, tile

DATASET = "fashion_mnist"
COUNTS, SAMPLES, QUICK_SAMPLES = (500, 1000), 5000, 500
EARLY = 3000  # updates, which end before D knows the images by heart
QUICK_READ = 2000  # images of the classifier that measures
SPEED = 75_000  # images in which the p of ADA can rise from 0 to 1
SHIFTED = (
    "mirror",
    "shift",
    "brightness",
    "contrast",
    "cutout",
)  # garments stand upright


def diffaugment():
    """Returns DiffAugment for grey images."""
    return DiffAugment(color=False)


def adaptive():
    """Returns ADA for upright grey images."""
    return Adaptive(images=SPEED, names=SHIFTED)


ARMS = {
    "plain": {},
    "plain, stopped early": {"updates": EARLY},
    "DiffAugment, stopped early": {"augmentations": (diffaugment,), "updates": EARLY},
    "mirrored data": {"mirrored": True},
    "DiffAugment": {"augmentations": (diffaugment,)},
    "ADA": {"augmentations": (adaptive,)},
    "LeCam": {"penalties": (LeCam,)},
    "DiffAugment and LeCam": {"augmentations": (diffaugment,), "penalties": (LeCam,)},
}
PLAIN, AUGMENTED, ADA = "plain", "DiffAugment", "ADA"


def measure(row, seed, quick, folder, log):
    """Returns the scores of an arm, by the number of real images."""
    found = {}
    for count in COUNTS[:1] if quick else COUNTS:
        data, place = few(DATASET, count, seed), folder / f"{count}"
        game = learned(row.options, data, seed, quick, place, log)
        told = scores(
            game, data, seed, quick, folder.parent, row.options.get("mirrored")
        )
        found |= {f"{name}, n = {count:,}": value for name, value in told.items()}
        latent, _ = evenly_labelled(game, 100, seed)
        sheet = tile(sampling.draw(game, latent), 10, 10)
        save_png(place / "sheet.png", sheet)
    return found


def learned(arm, data, seed, quick, folder, log):
    """Returns the conditional DCGAN that an arm trains on few images."""
    if arm.get("mirrored"):
        pixels = with_mirrored(data["real"])
        labels, classes = np.tile(data["label"], 2), data.classes
        data = arrays.images(pixels, labels, name=data.name, classes=classes)
    config = settings(seed, quick, arm.get("updates", UPDATES))

    def build(config, spec):
        rules = {
            name: [one() for one in arm.get(name, ())]
            for name in ("augmentations", "penalties")
        }
        return conditional.build(config, spec, **rules)

    return trained("scarce_gan", build, config, folder, log, dataset=data)


def with_mirrored(pixels):
    """Returns images, uint8 (n, H, W, C), and after them their mirror images."""
    return np.concatenate([pixels, np.asarray(pixels)[:, :, ::-1]])


@functools.cache
def reader(folder, quick):
    """Returns a classifier of the whole training set, whose features measure."""
    train, test = images("train", DATASET), images("test", DATASET)
    some = slice(QUICK_READ) if quick else slice(None)
    return metrics.fit_classifier(
        train["real"][some],
        train["label"][some],
        len(train.classes),
        test_pixels=test["real"],
        test_labels=test["label"],
        cache=folder / "classifiers",
        updates=QUICK_UPDATES if quick else READER_UPDATES,
    )


def scores(game, data, seed, quick, folder, mirrored=False):
    """Returns what samples are worth, and what D knows of the images it has learned.

    Args:
        game: that learned from `data`.
        data: the few images.
        seed: of the samples.
        quick: whether few samples are enough.
        folder: for the classifier.
        mirrored: whether the game has learned the mirror images as well.
    """
    read, count = reader(folder, quick), QUICK_SAMPLES if quick else SAMPLES
    real = with_mirrored(data["real"]) if mirrored else data["real"]
    test = images("test", DATASET).part(slice(count))
    latent, labels = evenly_labelled(game, count, seed)
    drawn = sampling.draw(game, latent)
    made, held_out, known = (
        read.features(np.asarray(one)) for one in (drawn, test["real"], real)
    )
    agreement = metrics.label_accuracy(read.predict(drawn), labels)
    distance, _ = metrics.kernel_distance(made, held_out, seed=seed)
    report = metrics.memorisation_report(made, known, held_out, seed=seed, resamples=2)
    return {
        "KID": 1000 * distance,
        "memorisation": report["ratio"],
        "agreement": agreement,
        "D": knows(game, data, test),
    }


def knows(game, data, test):
    """Returns the chance that D scores an image it has learned above one it has not.

    As D is when the run is over, on the images as they are, without augmentations: 1/2
    for a D that knows nothing by heart.
    """
    scored = []
    for one in (data, test):
        label = np.asarray(one["label"], np.int32)
        x = game.real_field.kind.to_network(np.asarray(one["real"]))
        asked = game.discriminator_inputs(x, {"label": label})
        answer = game.discriminator.predict(asked, batch_size=500, verbose=0)
        answer = answer["score"] if isinstance(answer, dict) else answer
        scored.append(np.ravel(answer))
    known, new = scored
    order = np.searchsorted(np.sort(new), known, "left")
    equal = np.searchsorted(np.sort(new), known, "right") - order
    return float(np.mean(order + 0.5 * equal) / len(new))


def draw(table, cells, work, path):
    """Copies the sheet of DiffAugment with the most images, of seed 0."""
    strips.copy(work, AUGMENTED, f"{COUNTS[-1]}/sheet.png", strips.sheet(path))


FORMS = {
    "KID": "{:.1f}".format,
    "memorisation": "{:.2f}".format,
    "agreement": percent,
    "D": "{:.3f}".format,
}
TABLE = Table(
    name="scarce_gan",
    title="Fashion-MNIST of few images: what helps a GAN (DiffAugment, ADA, LeCam)",
    columns={
        f"{name}, n = {n:,}": form for n in COUNTS for name, form in FORMS.items()
    },
    rows=tuple(
        Row(name, {}, arm, 3 if name in (PLAIN, AUGMENTED) else 1)
        for name, arm in ARMS.items()
    ),
    measure=measure,
    departures=(
        (
            "No paper's table: theirs are of CIFAR-10 and of faces. n images, equally many of "
            f"each class; a conditional DCGAN, {WIDTH} channels wide, {UPDATES:,} updates of "
            f"batches of {BATCH}, {EARLY:,} where it is stopped early."
        ),
        (
            f"{SAMPLES:,} samples, equally many of each class. KID is 1,000 times the kernel "
            "distance to as many test images, by features of a classifier of the whole "
            "training set. Against n training images it would reward copies."
        ),
        (
            "D: the chance that D, when the run is over, scores an image that it has learned "
            "above a test image, both without augmentation; 1/2 for one that knows none by "
            "heart. Memorisation: distance to training images over that to test images."
        ),
        (
            f"ADA rises from 0 to 1 in {SPEED:,} images in place of 500,000, which is more than "
            "the whole run, with the transforms that suit upright grey garments."
        ),
    ),
    quick=(
        (
            f"n = {COUNTS[0]} alone, {QUICK_UPDATES} updates of a narrow GAN, {QUICK_SAMPLES} "
            f"samples, a classifier of {QUICK_READ:,} images."
        ),
    ),
    targets=tuple(
        target
        for n in COUNTS
        for target in (
            Target(AUGMENTED, f"KID, n = {n:,}", "<=", 0.7, per=PLAIN),
            Target(AUGMENTED, f"D, n = {n:,}", "<=", 0.5, per=PLAIN, floor=0.5),
            Target(AUGMENTED, f"memorisation, n = {n:,}", ">=", 0.8),
        )
    ),
    draw=draw,
)
