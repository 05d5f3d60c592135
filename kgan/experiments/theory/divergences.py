"""Entropies and divergences of tables, and the JSD that a trained D implies."""

import keras
import numpy as np
from keras import layers, ops
from scipy.stats import multivariate_normal

from kgan.experiments.theory import information, line
from kgan.experiments.theory.experiment import Experiment, Number
from kgan.models import GAN
from kgan.objectives import NonSaturating
from kgan.optimizers import Adam
from kgan.randomness import normal
from kgan.training.steps import compiled_steps

# X is one of four symbols, Y what is read: X with probability 1/2, else one of
# the next three. All entropies are multiples of log 2.
ERROR = np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8])
JOINT = np.stack([np.roll(ERROR, shift) for shift in range(4)]) / 4
DRAWS = 200_000

DATA_MEAN, DATA_FACTOR = np.array([0.5, 0.5]), np.array([[1.2, 0.0], [0.7, 0.5]])
START_MEAN = (-1.5, 1.5)
WARM, ROUNDS, CHUNKS, ASCENTS, SIZE = 400, 40, 40, 4, 256
CELLS, EDGE, FRESH = 160, 6.0, 8192


def counted(seed):
    """Returns the joint table of `DRAWS` random pairs, an estimate of `JOINT`."""
    found = np.random.default_rng(seed).multinomial(DRAWS, JOINT.ravel())
    return found.reshape(JOINT.shape) / DRAWS


def quantities(joint):
    """Returns name -> value in nats, of a table of X (rows) and Y (columns)."""
    x, y = joint.sum(1), joint.sum(0)
    noise = joint[0] / x[0]
    return {
        "H(X)": information.entropy(x),
        "H(Y)": information.entropy(y),
        "H(X, Y)": information.entropy(joint),
        "H(Y|X)": information.conditional_entropy(joint),
        "H(X|Y)": information.conditional_entropy(joint.T),
        "I(X; Y)": information.mutual_information(joint),
        "KL(p(y|x=0) || p(y))": information.kl_divergence(noise, y),
        "KL(p(y) || p(y|x=0))": information.kl_divergence(y, noise),
        "JSD(p(y|x=0), p(y))": information.jensen_shannon(noise, y),
    }


# The same by hand, in units of log 2, with e = `ERROR` and u = (1, 1, 1, 1) / 4:
# KL(e || u) = 2 - H(e); KL(u || e) = sum of log e (negated) / 4 - 2; their middle
# m = (3, 2, 1.5, 1.5) / 8 has the entropy 25/8 - 3/4 log2 3, and
# JSD = H(m) - (H(e) + H(u)) / 2.
BY_HAND = {
    "H(X)": 2.0,
    "H(Y)": 2.0,
    "H(X, Y)": 3.75,
    "H(Y|X)": 1.75,
    "H(X|Y)": 1.75,
    "I(X; Y)": 0.25,
    "KL(p(y|x=0) || p(y))": 2 - 1.75,
    "KL(p(y) || p(y|x=0))": (1 + 2 + 3 + 3) / 4 - 2,
    "JSD(p(y|x=0), p(y))": 25 / 8 - 0.75 * np.log2(3) - (1.75 + 2) / 2,
}


def table_numbers(seed):
    """Returns the `Number` of each of `quantities`, with its value by hand."""
    found = quantities(counted(seed))
    return [
        Number(f"{name}, nats", value, BY_HAND[name] * np.log(2), 0.01)
        for name, value in found.items()
    ]


def draw_data(n, seed):
    """Correlated normal points, float32 (n, 2)."""
    points = ops.matmul(normal((n, 2), seed), np.float32(DATA_FACTOR.T))
    return points + np.float32(DATA_MEAN)


def build(seed):
    """Returns a game of G(z) = A z + b, whose density is always known, and a dense D."""
    z = keras.Input((2,), name="z")
    first = keras.initializers
    affine = layers.Dense(2, kernel_initializer=first.Identity(0.6))
    generator = keras.Model({"z": z}, affine(z), name="generator")
    affine.bias.assign(START_MEAN)
    game = GAN(generator, line.discriminator(2), objective=NonSaturating(), seed=seed)
    descents = keras.optimizers.schedules.CosineDecay(8e-3, ROUNDS * CHUNKS)
    game.compile(max_optimizer=Adam(3e-3, 0.5), min_optimizer=Adam(descents, 0.5))
    return game


def own_density(game):
    """Returns mean and covariance of G's samples: b and A A^T."""
    kernel, bias = (np.asarray(w, float) for w in game.generator.get_weights())
    return bias, kernel.T @ kernel


def exact(game):
    """Returns JSD(p_data || p_g), computed on a fine grid."""
    cells, _ = line.grid(-EDGE, EDGE, CELLS)
    points = np.stack(np.meshgrid(cells, cells), -1)

    def masses(mean, covariance):
        found = multivariate_normal.pdf(points, mean, covariance)
        return found / found.sum()

    data = masses(DATA_MEAN, DATA_FACTOR @ DATA_FACTOR.T)
    return information.jensen_shannon(data, masses(*own_density(game)))


def live(game, seed):
    """Returns the JSD that D implies, from fresh samples."""
    real = draw_data(FRESH, seed)
    fake = game.generator(game.latents(FRESH, seed))
    value = game.objective.value(game.discriminator(real), game.discriminator(fake))
    return float(information.implied_divergence(np.mean(value)))


def train(seed):
    """Trains the game, from D's warm-up to the end.

    Returns:
        A list of (descents, JSD by D, exact JSD, (mean, covariance) of p_g).
    """
    game = build(seed)
    ascend = compiled_steps(game, draw_data, SIZE, [[game.max_side]])
    both = [[game.max_side]] * ASCENTS + [[game.min_side]]
    play = compiled_steps(game, draw_data, SIZE, both)
    ascend(WARM, (seed, 0))
    rows = []
    for chunk in range(CHUNKS + 1):
        if chunk:
            play(ROUNDS, (seed, chunk))
        told = live(game, (seed, -1 - chunk)), exact(game)
        rows.append((chunk * ROUNDS, *told, own_density(game)))
    return rows


def perform(seed, log):
    """Runs the experiment; returns its numbers and its picture."""
    rows = train(seed)
    told, true = (np.array([row[i] for row in rows]) for i in (1, 2))
    numbers = table_numbers(seed)
    numbers += [
        Number("JSD read off D, first", told[0], true[0], 0.03),
        Number("JSD read off D, last", told[-1], true[-1], 0.03),
        Number(
            "JSD read off D, mean error on the way",
            float(np.mean(np.abs(told - true))),
            0.0,
            0.03,
        ),
        Number("JSD at the end", true[-1], 0.0, 0.03),
    ]
    return numbers, draw(quantities(counted(seed)), rows)


def draw(found, rows):
    """Entropies as lengths; both densities over time; the JSD, read off and exact."""
    from matplotlib.figure import Figure

    figure = Figure((12, 4), layout="constrained")
    bars, ellipses, curve = figure.subplots(1, 3)
    _lengths(bars, found)
    _ellipse(ellipses, DATA_MEAN, DATA_FACTOR @ DATA_FACTOR.T, "C2", "data", 3)
    chosen = [rows[i] for i in (0, len(rows) // 4, len(rows) // 2, -1)]
    for shade, (descents, _, _, (mean, covariance)) in zip(
        (0.25, 0.5, 0.75, 1.0), chosen, strict=True
    ):
        colour = (1.0, 0.5, 0.05, shade)
        _ellipse(ellipses, mean, covariance, colour, f"G after {descents:,}", 1.5)
    ellipses.set(title="2 standard deviations of p_data and p_g", aspect="equal")
    ellipses.legend(fontsize=8, loc="lower left")
    descents, told, true, _ = zip(*rows, strict=True)
    curve.plot(descents, true, "k--", label="JSD(p_data, p_g), exact")
    curve.plot(descents, told, "C0", label="(V + log 4) / 2 of the D in training")
    curve.axhline(np.log(2), color="0.6", ls=":", label="log 2")
    curve.set(title="what D tells about the distance", xlabel="descents of G")
    curve.set(ylabel="nats")
    curve.legend(fontsize=8)
    return figure


def _lengths(axis, found):
    left = found["H(X|Y)"]
    rows = {
        "H(X, Y)": (0, found["H(X, Y)"]),
        "H(X)": (0, found["H(X)"]),
        "H(Y)": (left, found["H(Y)"]),
        "H(X|Y)": (0, left),
        "I(X; Y)": (left, found["I(X; Y)"]),
        "H(Y|X)": (found["H(X)"], found["H(Y|X)"]),
    }
    for place, (name, (start, length)) in enumerate(rows.items()):
        axis.barh(place, length, left=start, color=f"C{place}", alpha=0.6)
        middle = start + length / 2
        axis.text(middle, place, f"{name} = {length:.2f}", ha="center", va="center")
    axis.set(title="a symbol X, read as Y with errors", xlabel="nats", yticks=[])
    axis.invert_yaxis()


def _ellipse(axis, mean, covariance, colour, label, width):
    turn = np.linspace(0, 2 * np.pi, 100)
    circle = 2 * np.stack([np.cos(turn), np.sin(turn)])
    root = np.linalg.cholesky(covariance)
    axis.plot(*(mean[:, None] + root @ circle), color=colour, label=label, lw=width)


EXPERIMENT = Experiment(
    "divergences",
    "Entropy, mutual information, KL, JSD; the JSD that D implies (Goodfellow 2014)",
    perform,
)
