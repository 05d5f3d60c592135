"""A game on the line from start to equilibrium (after Goodfellow 2014, Figure 1)."""

import dataclasses
from typing import Any

import keras
import numpy as np
from keras import layers
from scipy.special import expit
from scipy.stats import norm

from kgan.data.sources.points import LineMixture
from kgan.experiments.theory import line
from kgan.experiments.theory.experiment import Experiment, Number
from kgan.experiments.theory.information import jensen_shannon
from kgan.models import GAN
from kgan.objectives import Minimax
from kgan.optimizers import Adam
from kgan.penalties import R1
from kgan.training.steps import compiled_steps

DATA = LineMixture(((0.5, 1.0, 0.5), (0.5, 3.0, 0.5)))
FIRST = LineMixture(((1.0, 0.3, 0.7),))  # what G makes before it learns
LOW, HIGH, CELLS = -2.0, 6.0, 160
QUANTILES = 40_000
WARM, EARLY, ROUNDS, ASCENTS, SIZE = 600, 150, 2500, 3, 256


@dataclasses.dataclass(frozen=True)
class Moment:
    """The game as it stands: on the cells of the line, (CELLS,) each.

    Attributes:
        p_g: table of G's samples.
        d: D's probability that x is real.
        arrows: z, and G(z), of evenly spaced quantiles.
    """

    name: str
    p_g: np.ndarray
    d: np.ndarray
    arrows: tuple[Any, ...]

    @property
    def best(self):
        """D*, 1/2 where neither has mass."""
        p = data()
        return (p + 1e-12) / (p + self.p_g + 2e-12)


def data():
    """Returns p_data as a table."""
    return line.table(DATA.density, *line.grid(LOW, HIGH, CELLS))


def build(seed):
    """Returns a compiled game of dense nets.

    G(z) = a z + b + dense(z) starts as `FIRST`, away from the data.
    """
    z = keras.Input((1,), name="z")
    ((_, centre, sigma),) = FIRST.parts
    affine = layers.Dense(
        1,
        kernel_initializer=keras.initializers.Constant(sigma),
        bias_initializer=keras.initializers.Constant(centre),
    )
    x = affine(z) + line.dense(z, "zeros")
    generator = keras.Model({"z": z}, x, name="generator")
    game = GAN(
        generator,
        line.discriminator(),
        objective=Minimax(),
        penalties=[R1(0.01)],  # so that the two do not circle for ever
        seed=seed,
    )
    falling = keras.optimizers.schedules.CosineDecay
    game.compile(
        max_optimizer=Adam(falling(4e-3, WARM + ROUNDS * ASCENTS), 0.5),
        min_optimizer=Adam(falling(1e-3, ROUNDS), 0.5),
    )
    return game


def look(game, name):
    """The `Moment` of a game: p_g by pushing quantiles of z through G."""
    share = (np.arange(QUANTILES) + 0.5) / QUANTILES
    x = mapped(game, norm.ppf(share))
    edges = np.linspace(LOW, HIGH, CELLS + 1)
    heights, _ = np.histogram(np.clip(x, LOW, HIGH), edges)
    d = expit(line.answers(game, line.grid(LOW, HIGH, CELLS)[0]))
    z = norm.ppf((np.arange(25) + 0.5) / 25)
    return Moment(name, heights / QUANTILES, d, (z, mapped(game, z)))


def mapped(game, z):
    """G(z), (n,) to (n,)."""
    return game.generator({"z": line.column(z)}).numpy()[:, 0]


def train(seed, warm=WARM, early=EARLY, rounds=ROUNDS):
    """Trains the game; returns four `Moment`s of it."""
    game = build(seed)
    ascend = compiled_steps(game, DATA.draw, SIZE, [[game.max_side]])
    both = [[game.max_side]] * ASCENTS + [[game.min_side]]
    play = compiled_steps(game, DATA.draw, SIZE, both)
    moments = [look(game, "start: D knows nothing")]
    ascend(warm, (seed, 0))
    moments.append(look(game, f"{warm:,} ascents: D near D*"))
    play(early, (seed, 1))
    moments.append(look(game, f"{early:,} descents: G follows D's slope"))
    play(rounds - early, (seed, 2))
    moments.append(look(game, f"{rounds:,} descents: D near 1/2"))
    return moments


def perform(seed, log):
    """Runs the experiment; returns its numbers and its picture."""
    moments = train(seed)
    _, best, _, end = moments
    p = data()
    before = jensen_shannon(p, line.table(FIRST.density, *line.grid(LOW, HIGH, CELLS)))
    divergences = [jensen_shannon(p, moment.p_g) for moment in moments]
    both = (p + best.p_g) / 2
    off = float(np.sqrt(np.sum((best.d - best.best) ** 2 * both)))
    half = float(np.sqrt(np.sum((end.d - 0.5) ** 2 * (p + end.p_g) / 2)))
    numbers = [
        Number("JSD at the start, nats", divergences[0], before, 0.01),
        Number("D after its ascents alone, |D - D*|", off, 0.0, 0.08),
        Number("JSD at the end, nats", divergences[-1], 0.0, 0.02),
        Number("D at the end, |D - 1/2|", half, 0.0, 0.06),
        Number("V at the end", line.value(p, end.p_g, end.d), -np.log(4), 0.03),
    ]
    return numbers, draw(moments)


def draw(moments):
    """A panel a moment: densities and D above, the map from z to x below."""
    from matplotlib.figure import Figure

    figure = Figure((12, 4.4), layout="constrained")
    axes = figure.subplots(
        2, 4, sharex=True, sharey="row", gridspec_kw={"height_ratios": (3, 1)}
    )
    x, width = line.grid(LOW, HIGH, CELLS)
    for moment, (top, low) in zip(moments, axes.T, strict=True):
        top.fill_between(x, data() / width, color="C2", alpha=0.3, label="p_data")
        heights = np.minimum(moment.p_g / width, 1.5)
        top.plot(x, heights, "C1", label="p_g", drawstyle="steps-mid")
        somewhere = data() + moment.p_g > 1e-4  # else D* is a ratio of nothings
        best = np.where(somewhere, moment.best, np.nan)
        top.plot(x, best, "k--", linewidth=1, label="D*")
        top.plot(x, moment.d, "C0", label="D")
        top.set_title(moment.name, fontsize=10)
        top.set_ylim(-0.03, 1.5)
        z, mapped_to = moment.arrows
        scaled = LOW + (z - z[0]) / (z[-1] - z[0]) * (HIGH - LOW)
        for start, end in zip(scaled, mapped_to, strict=True):
            arrow = {"arrowstyle": "->", "color": "C1", "linewidth": 0.6}
            low.annotate("", (end, 1), (start, 0), arrowprops=arrow)
        low.set(ylim=(0, 1), xlim=(LOW, HIGH), yticks=[0, 1], yticklabels=["z", "x"])
        low.set_xlabel("x")
    axes[0, 0].legend(fontsize=8, loc="upper right")
    return figure


EXPERIMENT = Experiment(
    "minimax_training",
    "p_data, p_g, D and the map z -> x over time (Goodfellow 2014, Figure 1)",
    perform,
)
