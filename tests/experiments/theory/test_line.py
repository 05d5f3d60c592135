"""Known densities on the line, and what D and G make of them."""

import math

import keras
import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

from kgan.data.sources.points import LineMixture, ring
from kgan.experiments.theory import line, mode_collapse, optimal_discriminator
from kgan.experiments.theory import minimax_training as training
from kgan.experiments.theory import vanishing_gradient as vanishing
from kgan.experiments.theory.information import jensen_shannon
from kgan.experiments.theory.stops import stops
from kgan.objectives import Minimax
from kgan.training.steps import compiled_steps

TWO = LineMixture(((0.25, -2.0, 0.5), (0.75, 1.0, 1.0)))


def test_a_mixture_on_the_line():
    points = TWO.draw(40_000, (0, 1)).numpy()
    assert points.shape == (40_000, 1)
    assert points.mean() == pytest.approx(0.25, abs=0.03)
    # E x^2 = .25 (4 + .25) + .75 (1 + 1)
    assert np.mean(points**2) == pytest.approx(2.5625, abs=0.05)
    expected = 0.25 * norm.pdf(0.3, -2, 0.5) + 0.75 * norm.pdf(0.3, 1, 1)
    assert TWO.density(0.3) == pytest.approx(expected)
    heights, edges = np.histogram(points, 20, (-4, 4), density=True)
    np.testing.assert_allclose(
        heights, TWO.density((edges[1:] + edges[:-1]) / 2), atol=0.03
    )


def test_values_by_hand():
    """Tables (1/2, 1/2) and (1/4, 3/4)."""
    p, q = np.array([0.5, 0.5]), np.array([0.25, 0.75])
    best = line.best_discriminator(p, q)
    assert best == pytest.approx([2 / 3, 2 / 5])
    top = line.best_value(p, q)
    assert line.value(p, q, best) == pytest.approx(top)
    assert line.value(p, q, best + [0.05, 0.0]) < top - 1e-4
    assert line.value(p, q, best - [0.0, 0.05]) < top - 1e-4
    half = np.array([0.5, 0.5])
    assert line.value(p, p, half) == line.best_value(p, p) == -math.log(4)
    assert optimal_discriminator.distance(best, half, p, p) == pytest.approx(
        math.sqrt(((1 / 6) ** 2 + (1 / 10) ** 2) / 2)
    )


def test_a_discriminator_values():
    p, q = optimal_discriminator.PAIRS["p and q overlap"]
    keras.utils.set_random_seed(0)
    game, curve = optimal_discriminator.train(p, q, 0, steps=300)
    tables = optimal_discriminator.exact(p, q)
    assert curve[0] == (0, pytest.approx(-math.log(4))), "D begins at 1/2"
    bound = line.best_value(*tables)
    assert all(value < bound for _, value in curve), "no D is better than D*"
    assert curve[-1][1] > bound - 0.05
    best = line.best_discriminator(*tables)
    d = optimal_discriminator.discriminator_values(game)
    assert optimal_discriminator.distance(d, best, *tables) < 0.1
    assert game.generator.get_weights() == [0.0], "G stands still"


def test_moves_depend_on_the_seed_alone_and_not_on_their_grouping():
    def weights(*groups):
        keras.utils.set_random_seed(1)
        game = line.shifted(TWO, 0.5, objective=Minimax())
        game.compile(
            max_optimizer=keras.optimizers.SGD(0.1),
            min_optimizer=keras.optimizers.SGD(0.1),
        )
        run = compiled_steps(game, TWO.draw, 8, [[game.max_side], [game.min_side]])
        logs = [run(steps, (0, seed)) for seed, steps in enumerate(groups)]
        assert {"V(D,G)", "G/gradient_norm"} <= logs[0].keys()
        return np.concatenate([w.ravel() for w in game.get_weights()]), game

    (first, game), (again, _), (other, _) = weights(3), weights(3), weights(2, 1)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert int(game.max_optimizer.iterations) == int(game.min_optimizer.iterations) == 3


def test_stops():
    assert stops(1, 5) == [1] and stops(1000, 4) == [1, 10, 100, 1000]
    assert stops(800, 3, 50) == [50, 200, 800]


@pytest.mark.parametrize("name", vanishing.GAMES)
def test_theory_of_the_gradient_by_finite_differences(name):
    """The mean of G's loss over samples N(theta, 1), for the D that is best at d = 2."""
    d, e = 2.0, 1e-4
    x, width = line.grid(-9, 13)

    def loss(theta):
        q = norm.pdf(x, theta) * width
        s = d**2 / 2 - d * x
        if name == "Wasserstein":  # the critic itself, from its slope
            score = -np.cumsum(vanishing.penalised_slope(x, d)) * width
            return np.sum(q * -score)
        losses = {
            "log(1 - D)": -np.logaddexp(0, s),
            "-log D": np.logaddexp(0, -s),
            "least squares": 0.5 * (expit(s) - 1) ** 2,
        }
        return np.sum(q * losses[name])

    slope = (loss(d + e) - loss(d - e)) / (2 * e)
    assert abs(slope) == pytest.approx(vanishing.theory(name, d), rel=1e-3)


def test_the_games_measure_that_gradient():
    """With D set to the best one by hand: a score that is linear in x."""
    d = 2.0
    bench = vanishing.Bench("-log D", 0)
    discriminator = bench.game.discriminator
    x = np.linspace(-3, 7, 4000)
    flat = [np.zeros_like(w) for w in discriminator.get_weights()]
    # ELU is the identity above 0: 9 - x passes both layers up to x = 9.
    flat[0][0, 0], flat[1][0] = -1.0, 9.0
    flat[2][0, 0] = 1.0
    flat[4][0, 0], flat[5][0] = d, d**2 / 2 - 9 * d
    discriminator.set_weights(flat)
    np.testing.assert_allclose(line.answers(bench.game, x), d**2 / 2 - d * x, atol=1e-4)
    bench.game.generator.set_weights([np.float32(d)])
    told = bench.probe(20, (0, 0))["G/gradient_norm"]
    assert told == pytest.approx(vanishing.theory("-log D", d), rel=0.02)
    assert bench.game.generator.get_weights() == [np.float32(d)], "G does not move"


def test_gradients_vanish_or_do_not():
    near, far = ({n: vanishing.theory(n, d) for n in vanishing.GAMES} for d in (2, 6))
    assert far["log(1 - D)"] < near["log(1 - D)"] / 20
    assert far["least squares"] < near["least squares"] / 20
    assert far["-log D"] > near["-log D"] > 1
    assert far["Wasserstein"] > near["Wasserstein"] > 1


def test_the_first_moment_of_the_game_on_the_line():
    """Before it learns, G makes a normal distribution and D says 1/2."""
    keras.utils.set_random_seed(0)
    moment = training.look(training.build(0), "start")
    cells = line.grid(training.LOW, training.HIGH, training.CELLS)
    first = line.table(training.FIRST.density, *cells)
    assert jensen_shannon(first, moment.p_g) < 1e-3
    assert moment.d == pytest.approx(np.full(training.CELLS, 0.5))
    near = cells[0].searchsorted(0.25)
    p = training.data()
    assert moment.best[near] == pytest.approx(
        p[near] / (p[near] + first[near]), abs=0.02
    )


def test_mode_collapse_by_hand():
    assert mode_collapse.packed_distance(1, 8, 1) == 7 / 8
    assert mode_collapse.packed_distance(4, 8, 2) == 3 / 4
    assert mode_collapse.packed_distance(8, 8, 4) == 0


def test_the_distance_that_a_pack_shows_by_counting():
    """Sum |p - q| / 2 over all pairs: 3 modes, samples in 2 of them."""
    data, samples = np.full(3, 1 / 3), np.array([1 / 2, 1 / 2, 0])
    pairs = np.abs(np.outer(data, data) - np.outer(samples, samples)).sum() / 2
    assert mode_collapse.packed_distance(2, 3, 2) == pytest.approx(pairs)


def test_points_of_the_ring_come_from_the_seed():
    points = ring(0.05).draw(200, (0, 1)).numpy()
    radii = np.hypot(*points.T)
    assert points.shape == (200, 2) and abs(radii - 1).max() < 0.3
    np.testing.assert_array_equal(points, ring(0.05).draw(200, (0, 1)).numpy())
