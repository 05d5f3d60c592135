"""Mode collapse and three cures for it: packing, R1, WGAN-GP.

The same nets, the same optimizers, the same number of descents; only the rule of
the game differs. D learns more slowly than G, which is where modes are lost.
"""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from kgan import metrics
from kgan.data import load
from kgan.data.sources.points import ring
from kgan.errors import UserError
from kgan.experiments.theory.experiment import Experiment, Number
from kgan.experiments.theory.stops import stops
from kgan.models import GAN
from kgan.networks import mlp
from kgan.networks import points as point_networks
from kgan.objectives import Minimax, Wasserstein
from kgan.optimizers import Adam
from kgan.penalties import R1, WGANGP
from kgan.randomness import integers
from kgan.training.steps import compiled_steps

PACK, GAMMA = 4, 3.0
METHODS = {
    "minimax": lambda: {"objective": Minimax()},
    f"packing, {PACK}": lambda: {"objective": Minimax(), "pack": PACK},
    f"R1, {GAMMA:g}": lambda: {"objective": Minimax(), "penalties": [R1(GAMMA)]},
    "WGAN-GP": lambda: {
        "objective": Wasserstein(),
        "penalties": [WGANGP(0.1)],
        "max_steps": 3,
    },
}
RING = ring(0.05)  # wide enough for games as short as these
STEPS, SIZE = 2000, 256
IMAGES, SIDE, DIGIT_STEPS, DIGIT_SIZE = 6000, 8, 2000, 64
SAMPLES, CLASSIFIED, SHOWN = 2500, 1000, 9
FRAMES, BEGIN = 7, 40  # descents before the first frame


def packed_distance(kept, modes, pack):
    """Total variation that D sees between data and samples, 0 to 1 (Lin 2018).

    Data spread evenly over `modes` modes, samples over `kept` of them. Of `pack`
    data points all lie in kept modes with probability (kept / modes)^pack, where
    samples are (modes / kept)^pack times as dense; so the distance is
    1 - (kept / modes)^pack, which grows with the pack.
    """
    return 1 - (kept / modes) ** pack


@dataclasses.dataclass(frozen=True)
class Stage:
    """The data, networks and settings with which all methods are compared.

    Attributes:
        draw: (n, seed) -> data.
        build: (options of GAN) -> a game, not compiled.
        rate: Adam's, of G.
        lag: how many times more slowly D learns: G then runs after whatever D likes
            best just now, and modes are lost.
        size: of a round.
        steps: descents.
        look: game -> (samples to draw, modes found, KL to even shares of the samples on
            a mode, share of the samples on one, in [0, 1]).
        modes: how many there are.
    """

    draw: Callable[..., Any]
    build: Callable[..., Any]
    rate: float
    lag: float
    size: int
    steps: int
    look: Callable[..., Any]
    modes: int


def ring_stage(seed):
    """Returns the `Stage` of the ring of 8."""

    def build(**options):
        d = point_networks.discriminator(pack=options.get("pack", 1), width=64)
        return GAN(point_networks.generator(width=64), d, seed=seed, **options)

    def look(game):
        points = game.generate(SAMPLES, seed)
        found = metrics.mode_report(points, RING.centres, RING.sigma)
        return points, *(found[k] for k in ("modes", "reverse_kl", "high_quality"))

    return Stage(RING.draw, build, 2e-3, 20.0, SIZE, STEPS, look, len(RING.centres))


def digit_stage(seed, log):
    """Returns the `Stage` of digits at 8x8, with a classifier that names them."""
    train, test = digits(log)
    classes = len(train.classes)
    classifier = metrics.fit_classifier(
        train["real"],
        train["label"],
        classes,
        test_pixels=test["real"],
        test_labels=test["label"],
        updates=300,
        seed=seed,
        log=log,
    )
    real = tf.constant(np.float32(train["real"]) / 127.5 - 1)
    shape = train.fields["real"].shape

    def draw(n, key):
        return tf.gather(real, integers((n,), key, len(real)))

    def build(**options):
        pack = options.get("pack", 1)
        d = mlp.discriminator(shape, pack=pack, width=64, dropout=0.0)
        return GAN(mlp.generator(32, shape, width=64), d, seed=seed, **options)

    def look(game):
        pixels = game.generate(CLASSIFIED, seed)
        shares = metrics.class_shares(classifier.predict(pixels), classes)
        # A classifier names every picture, so that all are on a mode.
        return pixels[:SHOWN], metrics.covered(shares), metrics.reverse_kl(shares), 1.0

    return Stage(draw, build, 1e-3, 8.0, DIGIT_SIZE, DIGIT_STEPS, look, classes)


def digits(log):
    """Returns (train, test) of MNIST if it is prepared, else of the embedded digits."""

    def both(name, *splits):
        quiet = {"image_size": SIDE, "log": lambda line: None}
        return [load(name, split=split, **quiet) for split in splits]

    try:
        found = both("mnist", f"train[:{IMAGES}]", "test[:2000]")
    except UserError as error:
        log(
            f"mode_collapse: no MNIST, which {error.problem}; the embedded digits instead"
        )
        found = both("digits", "train", "test")
    log(f"mode_collapse: {found[0].name}, {len(found[0]):,} images scaled to 8x8")
    return found


def play(stage, options, seed):
    """Trains one method: a list of (descents, samples, modes, KL, share), one a frame."""
    keras.utils.set_random_seed(seed)
    game = stage.build(**options)
    ascents = game.max_steps
    game.compile(
        max_optimizer=Adam(stage.rate / stage.lag, 0.5),
        min_optimizer=Adam(stage.rate, 0.5),
    )
    sides = [[game.max_side]] * ascents + [[game.min_side]]
    run = compiled_steps(game, stage.draw, stage.size, sides)
    rows, done = [], 0
    for stop in stops(stage.steps, FRAMES, BEGIN):
        run(stop - done, (seed, done))
        rows.append((stop, *stage.look(game)))
        done = stop
    return rows


def perform(seed, log):
    """Runs the experiment; returns its numbers and its picture."""
    stages = {"ring": ring_stage(seed), "digits": digit_stage(seed, log)}
    ways = {
        (place, name): play(stage, METHODS[name](), seed)
        for place, stage in stages.items()
        for name in METHODS
    }
    numbers = []
    for (place, name), rows in ways.items():
        _, _, kept, divergence, share = rows[-1]
        modes, label = stages[place].modes, f"{place}, {name}"
        # A smooth D is sure to find most; the others have luck.
        sure = 0.3 * modes if "R1" in name or "GP" in name else math.inf
        numbers.append(Number(f"{label}, modes", kept, modes, sure))
        if place == "ring":
            numbers.append(Number(f"{label}, share of samples on a mode", share))
        if kept and np.isfinite(divergence):
            those = ", of those" * (place == "ring")
            numbers.append(Number(f"{label}, KL to even shares{those}", divergence))
        if name == "minimax":
            alone, packed = (packed_distance(kept, modes, m) for m in (1, PACK))
            log(
                f"{place}: {kept} of {modes} modes, if evenly filled, are {alone:.0%} from "
                f"the data for a D that sees one at a time, {packed:.0%} for one that sees "
                f"{PACK}"
            )
    return numbers, animate(ways, stages)


def animate(ways, stages):
    """A frame a moment: a column per method, the ring above, digits below."""
    count = min(len(rows) for rows in ways.values())
    return [_frame(ways, stages, moment) for moment in range(count)]


def _frame(ways, stages, moment):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure((8, 4.4), dpi=64, layout="constrained")
    axes = figure.subplots(2, len(METHODS))
    for line, (place, stage) in zip(axes, stages.items(), strict=True):
        for axis, name in zip(line, METHODS, strict=True):
            descents, samples, modes, divergence, _ = ways[place, name][moment]
            _show(axis, samples)
            axis.set_title(name if place == "ring" else "", fontsize=10)
            told = f"{modes} of {stage.modes}, KL {divergence:.2f}"
            axis.set_xlabel(told, fontsize=9)
            axis.set(xticks=[], yticks=[])
    figure.suptitle(f"after {descents:,} descents", fontsize=10)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    return Image.fromarray(pixels).quantize(32, dither=Image.Dither.NONE)


def _show(axis, samples):
    if samples.ndim == 2:
        axis.scatter(*samples[:500].T, s=2, c="k", linewidths=0)
        axis.scatter(*RING.centres.T, s=60, c="r", marker="+", linewidths=1.2)
        axis.set(xlim=(-1.5, 1.5), ylim=(-1.5, 1.5), aspect="equal")
        return
    side = int(len(samples) ** 0.5)
    height, width = samples.shape[1:3]
    rows = samples[..., 0].reshape(side, side, height, width)
    picture = rows.transpose(0, 2, 1, 3).reshape(side * height, side * width)
    axis.imshow(picture, cmap="gray", vmin=0, vmax=255)


EXPERIMENT = Experiment(
    "mode_collapse",
    "A ring of 8 and digits: minimax, packing (PacGAN), R1, WGAN-GP side by side",
    perform,
)
