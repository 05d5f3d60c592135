"""Runs of a game that the user compiled: what they may not change of it."""

import json

import keras
import pytest

import kgan
from kgan import objectives
from kgan.networks import mlp
from kgan.training import strategies
from kgan.training.options import Options
from kgan.training.record import Record

SHAPE = (8, 8, 1)


@pytest.fixture
def policy():
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


def compiled(**rules):
    given = {"width": 4}
    game = kgan.GAN(
        mlp.generator(4, SHAPE, **given), mlp.discriminator(SHAPE, **given), **rules
    )
    game.compile(max_optimizer="sgd", min_optimizer="sgd")
    return game


def trained(workdir, game, **settings):
    told = []
    settings = {"epochs": 1, "batch_size": 512, "log": told.append} | settings
    kgan.train(game, "digits", workdir, **settings)
    return "\n".join(told), Record.read(workdir)


def test_the_record_has_the_precision_of_the_game(tmp_path, policy):
    policy("mixed_bfloat16")
    game = compiled()
    policy("float32")
    told, record = trained(tmp_path, game)
    assert record.precision == "mixed_bfloat16" and "mixed_bfloat16, XLA" in told


def test_another_precision_than_its_own_is_refused(tmp_path, policy):
    words = "precision=mixed_bfloat16: the game was compiled in float32; call"
    with pytest.raises(kgan.UserError, match=words):
        trained(tmp_path, compiled(), precision="mixed_bfloat16")
    assert not (tmp_path / "run.json").exists()


@pytest.mark.parametrize("name, value", [("rounds", 3), ("objective", "wasserstein")])
def test_what_the_game_is_cannot_be_set(tmp_path, name, value):
    with pytest.raises(kgan.UserError, match=f"{name}={value}: the game was compiled"):
        trained(tmp_path, compiled(), **{name: value})


def test_the_record_says_which_objective_is_played(tmp_path):
    game = compiled(objective=objectives.Minimax(smoothing=0.1))
    _, record = trained(tmp_path / "smooth", game)
    assert record.config["objective"] == "minimax"
    assert record.config["label_smoothing"] == 0.1


def test_a_run_whose_record_does_not_tell_the_objective_goes_on(tmp_path):
    trained(tmp_path / "run", compiled())
    path = tmp_path / "run" / "run.json"
    record = json.loads(path.read_text())
    del record["config"]["objective"], record["config"]["label_smoothing"]
    path.write_text(json.dumps(record))
    told, record = trained(tmp_path / "run", compiled(), epochs=2)
    assert "goes on after epoch 1" in told and record.config["epochs"] == 2


def test_a_loss_without_bounds_is_no_divergence(tmp_path):
    """As of a game of a variant with `objective=wasserstein`."""
    game = compiled(objective=objectives.Wasserstein())
    with pytest.MonkeyPatch.context() as patch:
        limit = kgan.health.THRESHOLDS["loss"]
        patch.setitem(kgan.health.THRESHOLDS, "loss", limit._replace(value=-1.0))
        told, _ = trained(tmp_path / "wasserstein", game, epochs=4, health_every=2)
        assert "diverged" not in told
        told, _ = trained(tmp_path / "plain", compiled(), epochs=4, health_every=2)
        assert "diverged" in told


class Devices:
    """In place of a strategy, for as many devices."""

    def __init__(self, count):
        self.num_replicas_in_sync = count


def test_devices_that_a_compiled_game_does_not_use_are_told():
    told = []
    game, options = compiled(), Options(log=told.append)
    strategies.check_given(game, Devices(1), options)
    assert not told
    strategies.check_given(game, Devices(4), options)
    (line,) = told
    assert line.startswith(
        "strategy=auto: the game was compiled for 1 device, not 4; a"
    )


def test_devices_that_were_asked_for_and_cannot_be_used_are_refused():
    words = (
        "strategy=mirrored: the game was compiled for 1 device, not 2; give a variant"
    )
    with pytest.raises(kgan.UserError, match=words):
        strategies.check_given(compiled(), Devices(2), Options(strategy="mirrored"))
