"""The next frames of moving digits: what an adversary adds to a distance."""

import functools

import numpy as np

from kgan.config import Translation
from kgan.data import load_clips
from kgan.data.sources.clips import moving_digits
from kgan.data.sources.moving import UNSEEN
from kgan.experiments.papers.runs import held_out, trained
from kgan.experiments.papers.strips import Strip, keep, kept, picture
from kgan.experiments.papers.table import Row, Table
from kgan.experiments.papers.target import Target
from kgan.metrics import (
    centroid_errors,
    gradient_sharpness,
    paired_report,
    sharpness,
)
from kgan.models import NextFrame
from kgan.networks import patch, unet
from kgan.objectives import NonSaturating
from kgan.optimizers import Adam
from kgan.penalties import GradientDifference

DATASET = "moving_digits"
SEEN, COMING, ROLLOUT = 4, 10, 2
UPDATES, QUICK_UPDATES, BATCH = 6000, 5, 16
WIDTH, QUICK_WIDTH = 24, 4
CLIPS, QUICK_CLIPS = 512, 32
ADVERSARIAL = 0.02
AT = (1, 5, 10)  # frames after the last that is seen, whose scores are shown
L2, SHARP, FULL = "L2", "L1 and GDL", "L1, GDL and an adversary"
COPY, BLACK = "copy the last", "a black frame"


def build(options, width):
    """Returns a builder of the game of a row, for a `kgan.training.run.Variant`."""

    def of(config, spec):
        *size, channels = spec.shape[1:]
        whole = (*size, (SEEN + ROLLOUT) * channels)
        game = NextFrame(
            unet.generator(
                (*size, SEEN * channels),
                channels,
                width=width,
                norm="batch",
                dropout=0.0,
            ),
            patch.discriminator(whole, depth=1, width=width, norm="batch"),
            rollout=ROLLOUT,
            distance=options["distance"],
            l1_weight=1.0,
            adversarial_weight=options["adversarial"],
            generator_penalties=[GradientDifference()] if options["sharp"] else [],
            objective=NonSaturating(),
            seed=config.seed,
        )
        game.compile(
            max_optimizer=Adam(1e-4, 0.5, 0.999), min_optimizer=Adam(5e-4, 0.5, 0.999)
        )
        return game

    return of


@functools.cache
def clips():
    """Returns the moving digits, with clips of other digits held out."""
    return load_clips(DATASET, frames=SEEN + COMING, log=lambda line: None)


@functools.cache
def truth():
    """Returns (held-out clips, the centres of their digits (n, T, k, 2))."""
    pixels = held_out(clips())["real"]
    made = moving_digits(DATASET, SEEN + COMING, split="test")
    places = made.places(len(pixels), UNSEEN).numpy()
    return pixels, places + (made.digits.shape[1] - 1) / 2


def measure_row(row, seed, quick, folder, log):
    """Returns the scores of a row; a strip of its first clip stays in `folder`."""
    count = QUICK_CLIPS if quick else CLIPS
    pixels, centres = (one[:count] for one in truth())
    seen, future = pixels[:, :SEEN], pixels[:, SEEN:]
    if row.name == BLACK:
        made = np.zeros_like(future)
    elif row.name == COPY:
        made = np.repeat(seen[:, -1:], COMING, axis=1)
    else:
        made = _predicted(row, seed, quick, folder, log, seen)
    keep(folder, made=made[0], truth=future[0])
    return scores(made, future, centres[:, SEEN:])


def _predicted(row, seed, quick, folder, log, seen):
    config = Translation(
        batch_size=BATCH,
        updates=QUICK_UPDATES if quick else UPDATES,
        epochs=0,
        grids=10,
        seed=seed,
    )
    data = clips()
    if quick:
        data = held_out(data).part(slice(0, BATCH * QUICK_UPDATES))
    game = trained(
        "frames",
        build(row.options, QUICK_WIDTH if quick else WIDTH),
        config,
        folder,
        log,
        dataset=data,
    )
    parts = np.array_split(seen, max(1, len(seen) // 64))
    return np.concatenate([game.predict_frames(one, COMING) for one in parts])


def scores(made, future, centres):
    """Returns the scores of predicted frames, uint8 (n, T, H, W, 1), by column."""
    found = {}
    for after in AT:
        one, wanted = made[:, after - 1], future[:, after - 1]
        report = paired_report(one, wanted)
        found |= {f"{name}, t+{after}": report[name] for name in ("PSNR", "SSIM")}
        errors = centroid_errors(one, wanted, centres[:, after - 1])
        found[f"place, t+{after}"] = float(errors.mean())
    one, wanted = made[:, 4], future[:, 4]
    found["sharpness, t+5"] = gradient_sharpness(one, wanted)
    found["edges, t+5"] = sharpness(one) / sharpness(wanted)
    return {name: found[name] for name in COLUMNS}


def draw(table, cells, work, path):
    """Draws the frames t+1 to t+10 of one clip: the truth, and what each row predicts."""
    found = {row.name: kept(work, row.name) for row in table.rows}
    found = {name: one for name, one in found.items() if one}
    if found:
        first = next(iter(found.values()))["truth"]
        rows = [Strip(name, one["made"]) for name, one in found.items()]
        picture(path, [Strip("truth", first), *rows])


COLUMNS = {
    f"{name}, t+{after}": show
    for after in AT
    for name, show in (
        ("PSNR", "{:.1f} dB".format),
        ("SSIM", "{:.2f}".format),
        ("place", "{:.2f} px".format),
    )
}
COLUMNS |= {"sharpness, t+5": "{:.1f} dB".format, "edges, t+5": "{:.2f}".format}
TABLE = Table(
    name="frames",
    title="Moving digits, the frames after four (Mathieu 2015; Srivastava 2015)",
    columns=COLUMNS,
    rows=(
        Row(FULL, {}, {"distance": "l1", "sharp": True, "adversarial": ADVERSARIAL}),
        Row(SHARP, {}, {"distance": "l1", "sharp": True, "adversarial": 0.0}),
        Row(L2, {}, {"distance": "l2", "sharp": False, "adversarial": 0.0}),
        Row(COPY, {}, {}, 1),
        Row(BLACK, {}, {}, 1),
    ),
    measure=measure_row,
    departures=(
        (
            "Two digits of scikit-learn, enlarged to 14 pixels, in frames of 32; the "
            "paper's films, UCF-101, are not used, and no score of theirs stands here."
        ),
        "The digits of the clips that are scored are by other hands than those trained on.",
        "A U-Net on one scale in place of the paper's four, with one D on whole clips.",
        (
            "place: the distance in pixels of a digit's centre of light from the true "
            "one, a mean; edges: the mean length of the gradient over that of the truth."
        ),
    ),
    quick=(
        (
            f"{QUICK_UPDATES} updates of networks of width {QUICK_WIDTH}, on clips of "
            f"which the first {QUICK_CLIPS} are scored."
        ),
    ),
    targets=(
        Target(FULL, "PSNR, t+1", ">=", 20.0),
        Target(FULL, "SSIM, t+1", ">=", 0.85),
        Target(FULL, "place, t+5", "<=", 1.5),
        Target(FULL, "edges, t+5", ">", 0.0, minus=L2),
        Target(FULL, "sharpness, t+5", ">", 0.0, minus=L2),
    ),
    draw=draw,
)
