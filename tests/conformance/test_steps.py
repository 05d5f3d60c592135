"""Every game x what a step of it moves, keeps and leaves alone."""

import dataclasses
import functools

import numpy as np
import pytest
import tensorflow as tf

from kgan.game import Game
from kgan.models import GAN
from kgan.networks import mlp
from tests.conformance import games, inputs
from tests.conformance.properties import assert_equal, differ, every, first, rows

images = rows(games.IMAGES)


def latents(name):
    return games.given_latents if name in games.IMAGES else lambda game: game


@dataclasses.dataclass
class Played:
    """A game that was built and has played, which tests share and leave as it is."""

    game: Game
    held: list  # its state before the first step
    logs: dict  # of the last step
    moved: list  # for each weight of both players
    touched: set  # the variables that steps have read or changed


@pytest.fixture(scope="module")
def played():
    """A function: name of a game -> what was `Played`."""
    return functools.cache(play)


def play(name):
    game = games.build(name)
    held = list(game.state)
    sides = game.max_players(), game.min_players()
    before = [games.trainable(players) for players in sides]
    with tf.GradientTape() as tape:
        for step in range(games.STEPS_TO_MOVE.get(name, 1)):
            logs = games.plain_losses(game.train_step(inputs.batch(step, name=name)))
    moved = [
        one
        for players, old in zip(sides, before, strict=True)
        for one in differ(old, games.trainable(players))
    ]
    touched = {id(v) for v in tape.watched_variables()}
    return Played(game, held, logs, moved, touched)


@first
def test_one_step_moves_both_sides(name, played):
    one = played(name)
    assert np.isfinite(list(one.logs.values())).all(), one.logs
    assert {f"{side}/loss" for side in one.game.sides} < one.logs.keys()
    assert one.moved.count(False) <= games.STILL.get(name, 0)


@first
def test_no_state_is_kept_where_xla_on_a_gpu_cannot_reach_it(name, played):
    """TensorFlow places 32-bit integers, but for unsigned ones, in the CPU's memory."""
    assert not [v.path for v in played(name).held if v.dtype == "int32"]


@first
def test_the_state_is_everything(name, played):
    """Whatever a step changes is in it: nothing is left out of a checkpoint."""
    one = played(name)
    game, held = one.game, {id(v) for v in one.held}
    assert len(held) == len(one.held)
    found = [*game.variables, *game.metrics_variables]
    for side in (game.max_side, game.min_side):
        found += [*side.weights, *side.optimizer.variables]
    assert held == {id(v) for v in found}
    assert one.touched and one.touched <= {id(v.value) for v in one.held}


@images
def test_equal_seeds_give_equal_samples(name, played):
    game = played(name).game
    first, again, other = (game.latents(4, (0, seed)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(game.samples(first), game.samples(again))
    assert not np.array_equal(first["z"], other["z"])


def spectral(plain=False, kind=None):
    return GAN(
        mlp.generator(inputs.LATENT, inputs.SHAPE, width=4),
        mlp.discriminator(inputs.SHAPE, width=4, spectral=True),
    )


@pytest.mark.parametrize("name", [*games.GAMES, "spectral"])
def test_a_move_leaves_the_opponent_alone(name, monkeypatch):
    # Spectral norm is where D has been known to change while G moves.
    monkeypatch.setitem(games.GAMES, "spectral", spectral)
    game = games.build(name)
    players = game.max_players(), game.min_players()
    batch = game.as_inputs(inputs.batch(name=name))
    for moves, waits in (0, 1), (1, 0):
        before = [games.trainable(one) for one in players]
        game.update([(game.max_side, game.min_side)[moves]], batch)
        after = [games.trainable(one) for one in players]
        assert any(differ(before[moves], after[moves]))
        assert not any(differ(before[waits], after[waits]))


@every
def test_simultaneous_gradients_come_from_the_same_weights(name):
    """Each side moves as if it alone had moved; alternating, G sees the new D."""
    ends = {}
    for order in ("simultaneous", "D alone", "G alone", "alternating"):
        game = games.build(name, plain=True, kind=latents(name))
        game.simultaneous = order == "simultaneous"
        if "alone" in order:
            side = game.max_side if order == "D alone" else game.min_side
            game.update([side], game.as_inputs(inputs.batch(name=name)))
        else:
            game.train_step(inputs.batch(name=name))
        ends[order] = [
            games.trainable(p()) for p in (game.max_players, game.min_players)
        ]
    both = ends["simultaneous"]
    assert_equal(both[0], ends["D alone"][0], 1e-6)
    assert_equal(both[1], ends["G alone"][1], 1e-6)
    assert any(differ(both[1], ends["alternating"][1]))


def test_simultaneous_product_by_hand():
    """V = x y from (1, 1): both step by the rate; alternating, x sees the new y."""
    data = {"real": tf.ones((2, 1, 1, 1))}
    for simultaneous, expected in (True, (0.95, 1.05)), (False, (0.9475, 1.05)):
        game = games.build("product", plain=True)
        game.simultaneous = simultaneous
        game.train_step(data)
        values = [float(np.squeeze(p.get_weights()[0])) for p in (game.x, game.y)]
        assert values == pytest.approx(expected, abs=1e-6)
