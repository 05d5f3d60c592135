"""G's gradient under a D that is nearly at its best (Arjovsky & Bottou 2017).

Data are N(0, 1), samples N(d, 1): G(z) = z + theta, theta = d. Then all is
known in closed form, and can be compared with what D and G of a real game say.
"""

import keras
import numpy as np
from scipy.special import expit
from scipy.stats import norm

from kgan.data.sources.points import LineMixture
from kgan.experiments.theory import line
from kgan.experiments.theory.experiment import Experiment, Number
from kgan.experiments.theory.stops import stops
from kgan.objectives import LeastSquares, Minimax, NonSaturating, Wasserstein
from kgan.optimizers import Adam
from kgan.penalties import WGANGP
from kgan.priors import Normal
from kgan.training.steps import compiled_steps

DATA = LineMixture(((1.0, 0.0, 1.0),))
DISTANCES = (0.5, 1.0, 2.0, 3.0, 4.0, 6.0)
STEPS, SIZE, PROBE = 1500, 512, 20
FAR = 4.0  # where the training of D is watched
WEIGHT = 10.0  # of WGAN-GP
GAMES = {
    "log(1 - D)": lambda: {"objective": Minimax()},
    "-log D": lambda: {"objective": NonSaturating()},
    "least squares": lambda: {"objective": LeastSquares()},
    "Wasserstein": lambda: {"objective": Wasserstein(), "penalties": [WGANGP(WEIGHT)]},
}


def theory(name, d):
    """Returns |dL_G / dtheta| at theta = `d` under the best D, by quadrature.

    The best logit is s(x) = log p/q = d^2/2 - d x, of slope -d, so with
    D = sigmoid(s) and the mean over the samples' density q = N(d, 1):
    log(1 - D): d E[D]; -log D: d E[1 - D]; least squares, whose best score is D
    itself: E[(1 - D) D' ] = d E[D (1 - D)^2]. Wasserstein: `penalised_slope`.
    """
    x, width = line.grid(d - 10.0, d + 10.0)
    q = norm.pdf(x, d) * width
    best = expit(d**2 / 2 - d * x)
    weight = {
        "log(1 - D)": lambda: d * best,
        "-log D": lambda: d * (1 - best),
        "least squares": lambda: d * best * (1 - best) ** 2,
        "Wasserstein": lambda: penalised_slope(x, d),
    }
    return float(np.sum(q * weight[name]()))


def penalised_slope(x, d, weight=WEIGHT):
    """How steep the best critic falls under WGAN-GP, at `x`.

    Integrated by parts, E_p[C] - E_q[C] - w E_r[(|C'| - 1)^2] is an integral of
    -C' (F_p - F_q) - w r (|C'| - 1)^2, so at each point
    |C'| = 1 + (F_p - F_q) / (2 w r), r the density of e x + (1 - e) G(z), which
    for one e is N((1 - e) d, e^2 + (1 - e)^2).
    """
    share = (np.arange(200) + 0.5) / 200
    spread = np.sqrt(share**2 + (1 - share) ** 2)
    between = norm.pdf(x[:, None], (1 - share) * d, spread).mean(1)
    return 1 + (norm.cdf(x) - norm.cdf(x - d)) / (2 * weight * between)


class Bench:
    """One game, and G's gradient norm while D learns, at any distance."""

    def __init__(self, name, seed):
        self.seed = seed
        self.game = line.shifted(Normal(), seed=seed, **GAMES[name]())
        # G only tells its gradient: it learns at rate 0.
        rate = keras.optimizers.schedules.CosineDecay(3e-3, STEPS)
        adam = Adam(rate, 0.5)
        self.game.compile(max_optimizer=adam, min_optimizer=keras.optimizers.SGD(0.0))
        self.first = [w.numpy() for w in self.variables()]
        sides = self.game.max_side, self.game.min_side
        self.ascend, self.probe = (
            compiled_steps(self.game, DATA.draw, SIZE, [[side]]) for side in sides
        )

    def variables(self):
        """Returns the variables of D and of its optimizer."""
        return [*self.game.discriminator.variables, *self.game.max_optimizer.variables]

    def norms(self, distance, at):
        """G's gradient norm after so many ascents, `at`, of a fresh D, a list."""
        for variable, value in zip(self.variables(), self.first, strict=True):
            variable.assign(value)
        self.game.generator.set_weights([np.float32(distance)])
        found, done = [], 0
        for stop in at:
            self.ascend(stop - done, (self.seed, done))
            # The norm of the mean gradient: of one weight, over many rounds.
            found.append(self.probe(PROBE, (self.seed, -1))["G/gradient_norm"])
            done = stop
        return found


def perform(seed, log):
    """Runs the experiment; returns its numbers and its picture."""
    watched = stops(STEPS, 15)
    final, way, numbers = {}, {}, []
    for name in GAMES:
        bench = Bench(name, seed)
        final[name] = []
        for d in DISTANCES:
            norms = bench.norms(d, watched if d == FAR else [STEPS])
            final[name].append(norms[-1])
            if d == FAR:
                way[name] = norms
        for d in (1.0, FAR):
            right = theory(name, d)
            label = f"{name}, |gradient of G| at distance {d:g}"
            measured = final[name][DISTANCES.index(d)]
            numbers.append(Number(label, measured, right, 0.35 * right))
    return numbers, draw(final, watched, way)


def draw(final, watched, way):
    """Left: over the distance; right: over the training of D."""
    from matplotlib.figure import Figure

    figure = Figure((10, 4.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    fine = np.linspace(0.1, DISTANCES[-1], 40)
    for colour, name in enumerate(GAMES):
        left.semilogy(fine, [theory(name, d) for d in fine], f"C{colour}")
        left.semilogy(DISTANCES, final[name], f"C{colour}o", label=name)
        right.loglog(watched, way[name], f"C{colour}o-", markersize=4, label=name)
        right.axhline(theory(name, FAR), color=f"C{colour}", ls=":")
    left.set(
        title="D at its best: theory (line), trained D (dots)",
        xlabel="distance d of N(0, 1) and N(d, 1)",
        ylabel="|dL_G / dtheta|",
        ylim=(1e-3, 30),
    )
    right.set(
        title=f"d = {FAR:g}, while D learns (dotted: D at its best)",
        xlabel="ascents of D",
        ylim=(1e-3, 30),
    )
    left.legend(fontsize=8, loc="lower left")
    return figure


EXPERIMENT = Experiment(
    "vanishing_gradient",
    "What is left of G's gradient when D is nearly perfect (Arjovsky & Bottou 2017)",
    perform,
)
