"""Every game x every property: each property is one test over the table."""

import dataclasses
import functools
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.errors import UserError
from kgan.game import Game
from kgan.networks import mlp
from kgan.training.checkpoint import Checkpoints
from kgan.training.loop import Position
from tests.conformance import games


def rows(names, long=()):
    slow = pytest.mark.slow
    marked = [pytest.param(n, marks=slow) if n in long else n for n in names]
    return pytest.mark.parametrize("name", marked)


first = rows(games.GAMES)
every = rows(games.GAMES, games.LONG)
compiled = rows(games.GAMES, games.LONG_COMPILED)
# tests/test_matrix.py compiles games like those with XLA as well.
compilable = [name for name in games.GAMES if name not in games.NO_XLA_ON_A_CPU]
xla = rows(
    compilable, (*games.LONG_COMPILED, "gan-mlp", "cgan-mlp", "cgan-dcgan", "infogan")
)
images = rows(games.IMAGES)
exports = rows(games.EXPORTED, games.LONG_COMPILED)


def assert_equal(first, second, tolerance=0.0):
    for a, b in zip(first, second, strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


def latents(name):
    return games.given_latents if name in games.IMAGES else lambda game: game


def differ(first, second):
    return [not np.array_equal(a, b) for a, b in zip(first, second, strict=True)]


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
            logs = games.plain_losses(game.train_step(games.batch(step, name=name)))
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


@xla
def test_xla_changes_nothing(name):
    """Batch norm, dropout, noise and all: equal seeds draw equal numbers there."""
    ends = []
    for jit in (False, True):
        game = games.build(name)
        # Not Adam, which makes whole steps of what is only rounding.
        game.compile(max_optimizer="sgd", min_optimizer="sgd", jit_compile=jit)
        image_pool = game.fit(games.batches(3, name), verbose=0).history
        ends.append(
            (games.weights(game), [values[-1] for values in image_pool.values()])
        )
    (weights, losses), (compiled, compiled_losses) = ends
    assert_equal(losses, compiled_losses, 1e-4)
    assert_equal(weights, compiled, 1e-4)


@compiled
def test_steps_per_execution_change_nothing(name):
    ends = []
    for steps in (1, 3):
        game = games.build(name, plain=True, steps_per_execution=steps)
        game.fit(games.batches(6, name), verbose=0)
        assert int(game.max_optimizer.iterations) == 6
        ends.append(games.weights(game))
    assert_equal(*ends, 1e-6)


@pytest.mark.slow  # and tests/training/test_strategies.py, with two workers
@first
def test_two_replicas_are_one(name, replicas):
    """On noise of their own, which does not depend on the number of replicas."""
    assert replicas(name)["weights"] < 1e-6
    assert replicas(name)["losses"] < 1e-5


@pytest.mark.parametrize(
    "name",
    [
        # In the fast run tests/models/test_penalised.py is there for it.
        pytest.param(name, marks=[pytest.mark.slow] * (name in games.LONG_REPLICAS))
        for name in games.OF_REPLICAS
    ],
)
def test_two_replicas_draw_and_play_the_rounds_of_one(name, replicas):
    # The networks of StackGAN make more of rounding.
    assert replicas(name)["weights"] < (1e-5 if name in games.LONG_REPLICAS else 1e-6)
    assert replicas(name)["losses"] < 1e-5


@compiled
@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision(name, precision, policy):
    policy(precision)
    if name in games.PENALISED and precision == "mixed_float16":
        with pytest.raises(UserError, match="not loss-scaled.*mixed_bfloat16"):
            games.build(name)
        return
    game = games.build(name)
    before = games.weights(game)
    # float16 may need some steps to find a scale that a large loss does not overflow.
    for step in range(8 if precision == "mixed_float16" else 3):
        logs = games.plain_losses(game.train_step(games.batch(step, name=name)))
    losses = [logs[f"{side}/loss"] for side in game.sides]
    after = games.weights(game)
    assert np.isfinite(losses).all()
    assert all(np.isfinite(w).all() for w in after)
    assert {w.dtype for w in after} == {np.dtype("float32")}
    assert sum(differ(before, after)) > len(after) / 2
    smallest = games.SMALLEST.get(name, 0)
    inner = [x for x in inner_layers(game) if x.output.shape[1] > smallest]
    assert all("float16" in layer.compute_dtype for layer in inner)
    if name in games.IMAGES:
        assert game(game.latents(2, (0, 1))).dtype == tf.float32


@first
def test_no_state_is_kept_where_xla_on_a_gpu_cannot_reach_it(name, played):
    """TensorFlow places 32-bit integers, but for unsigned ones, in the CPU's memory."""
    assert not [v.path for v in played(name).held if v.dtype == "int32"]


def inner_layers(game):
    """The layers between the first and the last, which have to be fast."""
    kinds = (keras.layers.Conv2D, keras.layers.Conv2DTranspose)
    players = [*game.max_players(), *game.min_players()]
    # A patch discriminator ends in a convolution and a reshape.
    found = [x for p in players for x in p.layers[:-2] if isinstance(x, kinds)]
    return [layer for layer in found if layer.activation is keras.activations.linear]


def as_json(config):
    return json.dumps(config, sort_keys=True)  # where tuples and lists are the same


@every
def test_save_and_load(name, tmp_path):
    game = games.build(name, plain=True)
    game.compile(max_optimizer="adam", min_optimizer="rmsprop")
    game.train_step(games.batch(0, name=name))
    game.save(tmp_path / "game.keras")
    loaded = keras.saving.load_model(tmp_path / "game.keras")
    assert as_json(loaded.get_config()) == as_json(game.get_config())
    assert as_json(loaded.get_compile_config()) == as_json(game.get_compile_config())
    # The format holds no fields and no random state; a run does.
    loaded.fields = game.fields
    loaded.seed_generator.state.assign(game.seed_generator.state)
    for step in (None, 1):
        if step:
            game.train_step(games.batch(step, name=name))
            loaded.train_step(games.batch(step, name=name))
        assert_equal(games.weights(game), games.weights(loaded))
        for side in ("max_optimizer", "min_optimizer"):
            states = [
                [v.numpy() for v in getattr(one, side).variables]
                for one in (game, loaded)
            ]
            assert_equal(*states)


@every
def test_checkpoint_resumes_bit_by_bit(name, tmp_path):
    """With batch norm, dropout and Adam: random state and running means come back."""
    game = games.build(name)
    game.train_step(games.batch(0, name=name))
    saver = Checkpoints(game, tmp_path)
    saver.begin()
    saver.save(Position(3, 1), {"callback": {"number": 0.1}})
    fresh = games.build(name, seed=1)
    fresh.train_step(games.batch(9, name=name))
    saved = Checkpoints(fresh, tmp_path).restore()
    assert saved == (Position(3, 1), {"callback": {"number": 0.1}})
    logs = [
        games.plain_losses(one.train_step(games.batch(step, name=name)))
        for one in (game, fresh)
        for step in (1, 2)
    ]
    assert logs[:2] == logs[2:]
    assert_equal(*([v.numpy() for v in one.state] for one in (game, fresh)))


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


@exports
def test_export_without_kgan(name, exported):
    for endpoint, arguments, expected, answer in exported(name):
        assert answer.keys() == expected.keys(), endpoint
        made = games.MAKES.get(name, "images")
        samples = answer[made]
        if made != "lines":
            assert samples.dtype == np.uint8 and np.ptp(samples) > 20
        given = arguments.get("z") or arguments.get(made) or ()
        assert len(samples) == (arguments.get("n") or len(given))
        off = np.abs(samples.astype(int) - expected[made].numpy().astype(int))
        assert off.max() <= (made != "lines"), endpoint
        for key in answer.keys() - {made}:
            np.testing.assert_array_equal(answer[key], expected[key])


@images
def test_equal_seeds_give_equal_samples(name, played):
    game = played(name).game
    first, again, other = (game.latents(4, (0, seed)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(game.samples(first), game.samples(again))
    assert not np.array_equal(first["z"], other["z"])


def spectral(plain=False, kind=None):
    return games.GAN(
        mlp.generator(games.LATENT, games.SHAPE, width=4),
        mlp.discriminator(games.SHAPE, width=4, spectral=True),
    )


@pytest.mark.parametrize("name", [*games.GAMES, "spectral"])
def test_a_move_leaves_the_opponent_alone(name, monkeypatch):
    # Spectral norm is where D has been known to change while G moves.
    monkeypatch.setitem(games.GAMES, "spectral", spectral)
    game = games.build(name)
    players = game.max_players(), game.min_players()
    batch = game.as_inputs(games.batch(name=name))
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
            game.update([side], game.as_inputs(games.batch(name=name)))
        else:
            game.train_step(games.batch(name=name))
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
