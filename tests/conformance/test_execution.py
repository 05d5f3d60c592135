"""Every game x the ways to run and keep it: compiled, on replicas, saved, exported."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.errors import UserError
from kgan.training.checkpoint import Checkpoints
from kgan.training.loop import Position
from tests.conformance import games, inputs
from tests.conformance.properties import assert_equal, differ, every, first, rows

compiled = rows(games.GAMES, games.LONG_COMPILED)
# tests/test_matrix.py compiles games like those with XLA as well.
compilable = [name for name in games.GAMES if name not in games.NO_XLA_ON_A_CPU]
xla = rows(
    compilable, (*games.LONG_COMPILED, "gan-mlp", "cgan-mlp", "cgan-dcgan", "infogan")
)
exports = rows(games.EXPORTED, games.LONG_COMPILED)


@xla
def test_xla_changes_nothing(name):
    """Batch norm, dropout, noise and all: equal seeds draw equal numbers there."""
    ends = []
    for jit in (False, True):
        game = games.build(name)
        # Not Adam, which makes whole steps of what is only rounding.
        game.compile(max_optimizer="sgd", min_optimizer="sgd", jit_compile=jit)
        image_pool = game.fit(inputs.batches(3, name), verbose=0).history
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
        game.fit(inputs.batches(6, name), verbose=0)
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
    # The mean of the norms of two shares is no less than that of their mean.
    assert replicas(name)["norms"] > 0.99


@compiled
@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision(name, precision, policy):
    policy(precision)
    refused = games.REFUSED.get((name, precision))
    if refused:
        with pytest.raises(UserError, match=refused):
            games.build(name)
        return
    game = games.build(name)
    before = games.weights(game)
    # float16 may need some steps to find a scale that a large loss does not overflow.
    for step in range(8 if precision == "mixed_float16" else 3):
        logs = games.plain_losses(game.train_step(inputs.batch(step, name=name)))
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


@every
def test_bfloat16_plays_the_game_of_float32(name, policy):
    """The same images and losses from the same weights, but for rounding by 1 in 256."""
    if (name, "mixed_bfloat16") in games.REFUSED:
        pytest.skip("the game refuses bfloat16, which test_mixed_precision tests")
    images, losses = {}, {}
    for precision in ("float32", "mixed_bfloat16"):
        policy(precision)
        game = games.build(name)
        # Not Adam, which makes whole steps of what is only rounding.
        game.compile(max_optimizer="sgd", min_optimizer="sgd")
        of_images = name in games.IMAGES
        images[precision] = [game(game.latents(2, (0, 1)))] if of_images else []
        logs = games.plain_losses(game.train_step(inputs.batch(0, name=name)))
        losses[precision] = [logs[f"{side}/loss"] for side in game.sides]
    assert_equal(*images.values(), 0.05)
    assert_equal(*losses.values(), 0.02)


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
    game.train_step(inputs.batch(0, name=name))
    game.save(tmp_path / "game.keras")
    loaded = keras.saving.load_model(tmp_path / "game.keras")
    assert as_json(loaded.get_config()) == as_json(game.get_config())
    assert as_json(loaded.get_compile_config()) == as_json(game.get_compile_config())
    # The format holds no fields and no random state; a run does.
    loaded.fields = game.fields
    loaded.seed_generator.state.assign(game.seed_generator.state)
    for step in (None, 1):
        if step:
            game.train_step(inputs.batch(step, name=name))
            loaded.train_step(inputs.batch(step, name=name))
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
    game.train_step(inputs.batch(0, name=name))
    saver = Checkpoints(game, tmp_path)
    saver.begin()
    saver.save(Position(3, 1), {"callback": {"number": 0.1}})
    fresh = games.build(name, seed=1)
    fresh.train_step(inputs.batch(9, name=name))
    saved = Checkpoints(fresh, tmp_path).restore()
    assert saved == (Position(3, 1), {"callback": {"number": 0.1}})
    logs = [
        games.plain_losses(one.train_step(inputs.batch(step, name=name)))
        for one in (game, fresh)
        for step in (1, 2)
    ]
    assert logs[:2] == logs[2:]
    assert_equal(*([v.numpy() for v in one.state] for one in (game, fresh)))


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
