"""Gradient play and the Nash equilibrium: V = x y, and the Dirac-GAN."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from kgan.experiments.papers import dirac
from kgan.experiments.theory import orbits
from kgan.experiments.theory.experiment import Experiment, Number
from kgan.game import Game
from kgan.training.steps import compiled_steps

H, STEPS = 0.2, 100
START = (1.0, 1.0)
# Of the Dirac-GAN: a method of the reproductions, its schedule, and the real part
# and the imaginary part of the eigenvalues of its field at the equilibrium
# (Mescheder 2018), gradient penalty: -g/2 ± sqrt(g^2/4 - 1/4).
DIRAC = {
    "GAN": ("GAN", (0.0, 0.5)),
    "R1, weight 0.3": ("gradient penalty 0.3", (-0.15, np.sqrt(0.25 - 0.15**2))),
    "consensus": ("consensus 1", (-0.25, 0.5)),
}
HALF = 150  # steps after which the orbit is close enough for the linear rate


class Bilinear(Game):
    """The game min over x, max over y of V = x y: two numbers, no data, no images."""

    sides = ("y", "x")

    def __init__(self, start=START, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y = map(_number, start)

    def max_players(self):
        return [self.y]

    def min_players(self):
        return [self.x]

    def forward(self, batch):
        one = ops.ones((1, 1))
        return self.x(one) * self.y(one)

    def max_terms(self, value):
        return {"value": -value}

    def min_terms(self, value):
        return {"value": value}

    tracked = ("y/value", "x/value")

    def point(self):
        return [float(np.squeeze(p.get_weights()[0])) for p in (self.x, self.y)]


def _number(start):
    """1 -> `start`, as a network of one weight."""
    first = keras.initializers.Constant(start)
    dense = layers.Dense(1, use_bias=False, kernel_initializer=first)
    return keras.Sequential([keras.Input((1,)), dense])


def played(is_simultaneous, h=H, steps=STEPS, start=START):
    """Returns the orbit of kgan's own `Game` with SGD, (steps + 1, 2)."""
    game = Bilinear(start, simultaneous=is_simultaneous)
    game.compile(
        max_optimizer=keras.optimizers.SGD(h), min_optimizer=keras.optimizers.SGD(h)
    )
    step = compiled_steps(game, lambda n, seed: tf.zeros((n, 1)), 1)
    points = [game.point()]
    for number in range(steps):
        step(1, (0, number))
        points.append(game.point())
    return np.array(points)


def long_rate(radii, half):
    """What a step multiplies the radius by, averaged over the steps after `half`."""
    return float((radii[-1] / radii[half]) ** (1 / (len(radii) - 1 - half)))


def perform(seed, log):
    """Runs the experiment; returns its numbers and its picture."""
    own = {"simultaneous": played(True), "alternating": played(False)}
    paths = {name: orbits.orbit(name, H, STEPS, START) for name in orbits.RULES}
    numbers = [
        Number(
            f"V = xy, {name}, radius after {STEPS} steps of {H}",
            float(orbits.radius(own.get(name, path)[-1])),
            _radius(name),
            1e-3 * _radius(name),
        )
        for name, path in paths.items()
    ]
    low, high = orbits.half_axes(H, START)
    radii = orbits.radius(own["alternating"])
    numbers += [
        Number(
            "V = xy, alternating, largest radius", float(radii.max()), float(high), 0.01
        ),
        Number(
            "V = xy, alternating, smallest radius", float(radii.min()), float(low), 0.01
        ),
    ]
    walks = {name: dirac.trajectory(*_row(key)) for name, (key, _) in DIRAC.items()}
    for name, (_, (real, imaginary)) in DIRAC.items():
        if real:
            found = long_rate(orbits.radius(walks[name]), HALF)
            theory = float(np.hypot(1 + dirac.RATE * real, dirac.RATE * imaginary))
            label = f"Dirac-GAN, {name}, radius multiplied a step by"
            numbers.append(Number(label, found, theory, 1e-3))
    return numbers, draw(paths, own, walks)


def _radius(name):
    """The radius after the last step, in closed form."""
    if name in ("alternating", "optimistic"):  # these turn by more than one rate
        step = orbits.RULES[name](H)
        start = np.resize(START, len(step))
        eigenvalues, vectors = np.linalg.eig(step)
        weights = np.linalg.solve(vectors, start.astype(complex))
        end = vectors @ (eigenvalues**STEPS * weights)
        return float(orbits.radius(end.real[:2]))
    return float(orbits.radius(START)) * orbits.rate(name, H) ** STEPS


def _row(key):
    return dirac.METHODS[key][0], dirac.SCHEDULES["simultaneous"]


def draw(paths, own, walks):
    """V = x y: orbits and radii. The Dirac-GAN: orbits."""
    from matplotlib.figure import Figure

    figure = Figure((11, 6), layout="constrained")
    axes = figure.subplots(2, 4).flat
    for colour, (name, path) in enumerate(paths.items()):
        axis = axes[colour]
        axis.plot(*path.T, f"C{colour}", linewidth=1)
        if name in own:
            axis.plot(*own[name][::4].T, "k.", markersize=3, label="kgan's Game")
            axis.legend(fontsize=8, loc="lower left")
        bound = 1.2 * max(2, np.abs(path).max())
        _frame(axis, f"V = xy, {name}", ("x", "y"), bound, path[0])
    _radii(axes[5], paths)
    for axis, name in zip(axes[6:], ("GAN", "R1, weight 0.3"), strict=True):
        axis.plot(*walks[name].T, "C7", linewidth=0.8)
        labels = "theta (G)", "psi (D)"
        _frame(axis, f"Dirac-GAN, {name}", labels, 3.3, walks[name][0])
    return figure


def _radii(axis, paths):
    for colour, (name, path) in enumerate(paths.items()):
        axis.semilogy(orbits.radius(path), f"C{colour}", label=name)
        law = orbits.radius(START) * orbits.rate(name, H) ** np.arange(STEPS + 1)
        axis.semilogy(law, "k:", linewidth=1)
    axis.set(title="radius, and rate^step (dotted)", xlabel="steps", ylim=(1e-2, 20))
    axis.set_box_aspect(1)
    axis.legend(fontsize=7, loc="lower left")


def _frame(axis, title, labels, bound, start):
    axis.plot(0, 0, "k+")
    axis.plot(*start, "ko", markersize=5, fillstyle="none")
    axis.set(title=title, xlabel=labels[0], ylabel=labels[1], aspect="equal")
    axis.set(xlim=(-bound, bound), ylim=(-bound, bound))


EXPERIMENT = Experiment(
    "nash",
    "V = x y under five rules of play, and the Dirac-GAN (Mescheder 2018)",
    perform,
)
