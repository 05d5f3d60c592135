"""Facades from their labels: what D adds to the distance alone (Isola 2017)."""

import dataclasses
import functools

from kgan import metrics
from kgan.config import Translation
from kgan.data import DomainSource, load_domains
from kgan.experiments.papers import strips, translations
from kgan.experiments.papers.folders import find
from kgan.experiments.papers.table import Row, Table
from kgan.experiments.papers.target import Target

NAME, FOLDER = "facades", "facades"
SIDE, WIDTH, BATCH, EPOCHS = 64, 16, 4, 100
QUICK_PAIRS, QUICK_EPOCHS = 40, 1
CONFIG = Translation(
    batch_size=BATCH, epochs=EPOCHS, width=WIDTH, jitter=0.117, flip=True, grids=10
)


@functools.cache
def pairs(root, split):
    """The `Dataset` from labels to photographs."""
    return load_domains(
        DomainSource(root, direction="BtoA"),
        paired=True,
        split=split,
        image_size=SIDE,
        channels=3,
        log=lambda line: None,
    )


def tested(root):
    """Returns (labels, photographs) of all test pairs."""
    test = pairs(root, "test")
    return test["source"], test["real"]


def compared(photographs, real):
    """Returns the kernel distance of the pixels, and the sharpness over the real one's."""
    features = metrics.PixelFeatures()
    kernel, _ = metrics.kernel_distance(features(photographs), features(real))
    share = metrics.sharpness(photographs) / metrics.sharpness(real)
    return {"KID-pixels": 1000 * kernel, "sharpness": share}


def measure(row, seed, quick, folder, log):
    """Measures how far the generated photographs are from the real ones."""
    root, weight = str(find(FOLDER, NAME)), row.options["weight"]
    domains, test = pairs(root, "train"), tested(root)
    if weight is None:
        return compared(domains["real"], test[1])
    epochs = QUICK_EPOCHS if quick else EPOCHS
    config = dataclasses.replace(CONFIG, seed=seed, epochs=epochs)
    domains = translations.few(domains, QUICK_PAIRS) if quick else domains
    made = translations.from_pairs(NAME, weight, config, domains, test, folder, log)
    distance = translations.report(made, test[1])["L1"]
    return compared(made, test[1]) | {"L1": distance}


L1, PIX2PIX = "L1 only", "pix2pix"
TABLE = Table(
    name=NAME,
    title="Facades, labels to photographs (Isola 2017, 4.1)",
    columns={
        "KID-pixels": "{:.1f}e-3".format,
        "sharpness": "{:.2f}".format,
        "L1": "{:.1f} %".format,
    },
    rows=(
        Row("other photographs (floor)", {}, {"weight": None}),
        Row(L1, {}, {"weight": 0.0}),
        Row(
            PIX2PIX,
            {"KID-pixels": "FID 119 to 125 (Inception, 256 pixels)"},
            {"weight": 1.0},
        ),
    ),
    measure=measure,
    departures=(
        f"{SIDE} pixels instead of 256, nets a quarter as wide ({WIDTH} channels), "
        + f"{EPOCHS} epochs at batch {BATCH} instead of 200 at 1; the rates fall to 0 in "
        + "the second half.",
        "Instance norm is of the one image; dropout is off when it is measured.",
        "KID is of the pixels themselves: the other extractors are classifiers of labelled "
        + "data, which facades are not, and Inception, whose weights are not at hand. It "
        + "sees colours and how varied they are, and little of texture: read it together "
        + "with the sharpness and the floor, which is of the training photographs.",
        "Sharpness is the mean length of the gradient over that of the real photographs: "
        + "1 is as sharp. L1 is in percent of the range.",
        "L1 only is the same game with the adversarial term's weight 0.",
    ),
    quick=(f"{QUICK_EPOCHS} epoch of {QUICK_PAIRS} pairs.",),
    lower=("KID-pixels", "L1"),
    targets=(
        Target(PIX2PIX, "KID-pixels", "<", 0.0, minus=L1),
        Target(PIX2PIX, "sharpness", ">", 0.0, minus=L1),
    ),
    draw=strips.of_pairs({(L1, PIX2PIX): ""}),
    folder=FOLDER,
)
