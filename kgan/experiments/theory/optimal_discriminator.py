"""The discriminator that is optimal against a fixed G: D* = p / (p + q)."""

import keras
import numpy as np
from scipy.special import expit

from kgan.data.sources.points import LineMixture
from kgan.experiments.theory import line
from kgan.experiments.theory.experiment import Experiment, Number
from kgan.experiments.theory.stops import stops
from kgan.objectives import Minimax
from kgan.optimizers import Adam
from kgan.training.steps import compiled_steps

STEPS, SIZE = 3000, 512
STOPS = 25  # at which V is read, closer together at first
LOW, HIGH = -7.0, 7.0
P = LineMixture(((0.6, -1.5, 0.6), (0.4, 1.5, 0.8)))
PAIRS = {
    "p = q": (P, P),
    "p and q overlap": (P, LineMixture(((1.0, 0.0, 1.5),))),
    "p and q apart": (
        LineMixture(((1.0, -2.5, 0.6),)),
        LineMixture(((1.0, 2.5, 0.6),)),
    ),
}


def train(p, q, seed, steps=STEPS):
    """Trains D by `steps` ascents against q, and records V.

    Returns:
        The game, and a list of (ascents, V of the exact densities).
    """
    game = line.shifted(q, objective=Minimax(), seed=seed)
    rate = keras.optimizers.schedules.CosineDecay(3e-3, steps)
    game.compile(max_optimizer=Adam(rate), min_optimizer=keras.optimizers.SGD())
    ascend = compiled_steps(game, p.draw, SIZE, [[game.max_side]])
    tables = exact(p, q)
    curve = [(0, reached(game, *tables))]
    for stop in stops(steps, STOPS):
        done = curve[-1][0]
        ascend(stop - done, (seed, done))
        curve.append((stop, reached(game, *tables)))
    return game, curve


def exact(p, q):
    """Returns both densities as tables."""
    x, width = line.grid(LOW, HIGH)
    return line.table(p.density, x, width), line.table(q.density, x, width)


def reached(game, p, q):
    """Returns V of the tables `p` and `q` under the game's D."""
    return line.value(p, q, discriminator_values(game))


def discriminator_values(game):
    """Returns D on the grid, kept away from 0 and 1, whose logarithms are infinite."""
    return np.clip(expit(line.answers(game, line.grid(LOW, HIGH)[0])), 1e-12, 1 - 1e-12)


def distance(d, best, p, q):
    """L2: sqrt of the integral of (D - D*)^2 (p + q) / 2, 0 to 1."""
    return float(np.sqrt(np.sum((d - best) ** 2 * (p + q) / 2)))


def perform(seed, log):
    """Runs the experiment; returns its numbers and its picture."""
    numbers, found = [], {}
    for name, (p, q) in PAIRS.items():
        game, curve = train(p, q, seed)
        tables, d = exact(p, q), discriminator_values(game)
        best = line.best_discriminator(*tables)
        found[name] = d, best, tables, curve
        numbers += [
            Number(f"{name}, |D - D*|", distance(d, best, *tables), 0.0, 0.03),
            Number(f"{name}, V", curve[-1][1], line.best_value(*tables), 0.01),
        ]
        if p == q:
            numbers.append(
                Number(f"{name}, mean of D", float(np.sum(d * tables[0])), 0.5, 0.02)
            )
    return numbers, draw(found)


def draw(found):
    """Above, the densities and both D; below, V climbing to its bound."""
    from matplotlib.figure import Figure

    figure = Figure((10, 5.4), layout="constrained")
    axes = figure.subplots(2, len(found), sharey="row")
    x, width = line.grid(LOW, HIGH)
    for (name, (d, best, tables, curve)), (top, low) in zip(
        found.items(), axes.T, strict=True
    ):
        for density, colour, label in zip(
            tables, ("C2", "C1"), ("p (data)", "q (G)"), strict=True
        ):
            top.fill_between(x, density / width, color=colour, alpha=0.35, label=label)
        top.plot(x, best, "k--", linewidth=2, label="D* = p / (p + q)")
        top.plot(x, d, "C0", label="trained D")
        top.set(title=name, xlabel="x", xlim=(-5, 5), ylim=(-0.03, 1.03))
        low.plot(*np.transpose(curve), "C0", label="V of the trained D")
        low.axhline(
            line.best_value(*tables), color="k", ls="--", label="-log 4 + 2 JSD"
        )
        low.axhline(-np.log(4), color="0.6", ls=":", label="-log 4")
        low.set(xlabel="ascents of D", xlim=(0, STEPS), ylim=(-1.6, 0.1))
        low.set_xscale("symlog", linthresh=1)
    axes[1, 0].set_ylabel("V(D, G), nats")
    axes[0, 0].legend(fontsize=8, loc="upper right")
    axes[1, 1].legend(fontsize=8, loc="upper right")
    return figure


EXPERIMENT = Experiment(
    "optimal_discriminator",
    "D* = p / (p + q), and V = -log 4 + 2 JSD (Goodfellow 2014, section 4)",
    perform,
)
