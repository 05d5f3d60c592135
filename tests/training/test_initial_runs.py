"""A run that starts from another one is resumed, refused and begun anew."""

import dataclasses
import json
import shutil

import pytest

import kgan
from kgan.configs import gan
from kgan.errors import UserError
from kgan.experiments.theory.nash import Bilinear
from kgan.settings import Settings
from kgan.training import initial
from kgan.training.options import Options
from kgan.training.record import Record
from kgan.training.run import Variant, prepare
from kgan.variants import load
from tests.durability.remains import remains, unlike
from tests.training.initial_cases import (
    SMALL,
    images,
    kept,
    prepared,
    same,
    silent,
    values,
)

OPTIONS = {"steps_per_execution": 1, "checkpoint_every": "3steps", "health_every": 5}


def go(folder, epochs, source, **options):
    data = images(1)
    settings = SMALL | OPTIONS | {"log": silent} | options
    run = kgan.train("gan", data, folder, epochs=epochs, init_from=source, **settings)
    return run.game


@pytest.mark.slow
def test_a_resumed_run_is_exact_and_does_not_need_the_other(other, tmp_path):
    gone = shutil.copytree(other, tmp_path / "gone")
    whole = go(tmp_path / "whole", 2, gone)
    go(tmp_path / "parts", 1, gone)
    shutil.rmtree(gone)
    said = []
    parts = go(tmp_path / "parts", 2, None, log=said.append)  # nor need it be named
    assert not [line for line in said if line.startswith("starts from")]
    assert prepared(tmp_path / "parts", gone).record.init_from["fitted"]
    left, right = (remains(tmp_path / name) for name in ("whole", "parts"))
    odd = {one for one in unlike(right, left) if "epoch-0" not in one}
    assert odd <= {
        *("samples/training.gif", "train samples"),
        *("train config", "train _hparams_/session_start_info"),
    }
    records = [Record.read(tmp_path / name).init_from for name in ("whole", "parts")]
    assert records[0] == records[1] and records[0]["workdir"] == str(gone)
    assert same(values(whole.generator), values(parts.generator))


def begun(trainer):
    """Trains up to the first step, where the process ends."""
    trainer._fit = lambda: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        trainer.train()


def test_the_start_is_saved_before_the_first_step(other, tmp_path):
    trainer = prepared(tmp_path / "run", other, ema=0.9)
    begun(trainer)
    saved, trained = kgan.load(tmp_path / "run"), kgan.load(other)
    for name, network in initial.networks(trained).items():
        assert same(values(network), values(initial.networks(saved)[name]))


def test_a_run_that_was_cut_off_before_its_first_checkpoint_starts_again(
    other, tmp_path
):
    run = tmp_path / "run"
    begun(prepared(run, other, ema=0.9))
    shutil.rmtree(run / "checkpoints")
    again = prepared(run, None, ema=0.9)  # its record names the other
    assert again.record == Record.read(run) and again.record.init_from["fitted"]
    assert same(values(kgan.load(other).generator), values(again.game.generator))


def test_another_start_is_another_run(other, tmp_path):
    copy = shutil.copytree(other, tmp_path / "copy")
    run = tmp_path / "run"
    begun(prepared(run, other))
    with pytest.raises(UserError, match=f"another run .init_from: {other} -> {copy}"):
        prepared(run, copy).train()
    plain = kept(tmp_path / "plain", data=images(1))
    with pytest.raises(UserError, match=f"another run .init_from: None -> {other}"):
        prepared(plain, other).train()


def test_a_run_may_start_anew_from_itself(other, tmp_path):
    copy = shutil.copytree(other, tmp_path / "run")
    trained = values(kgan.load(copy).generator)
    trainer = prepared(copy, copy, data=images(), ema=0.9)
    told = {"workdir": str(copy)}
    assert trainer.record.init_from == told, "without `fresh` it goes on"
    options = dataclasses.replace(trainer.options, fresh=True)
    config = gan.Config(**SMALL, epochs=1, ema=0.9)
    trainer = prepare(Variant.of("gan", gan), images(), config, copy, options, load)
    assert same(trained, values(trainer.game.generator))
    begun(trainer)
    assert (tmp_path / "run-old1" / "run.json").exists()
    assert Record.read(copy).init_from["fitted"]


def test_wrong_places(other, tmp_path):
    with pytest.raises(UserError, match="^init_from=.*nowhere: no run is kept there"):
        prepared(tmp_path / "new", tmp_path / "nowhere")
    (tmp_path / "half").mkdir()
    shutil.copy(other / "run.json", tmp_path / "half")
    with pytest.raises(UserError, match="^init_from=.*half: has no checkpoint yet"):
        prepared(tmp_path / "new", tmp_path / "half")
    record = json.loads((other / "run.json").read_text())
    (tmp_path / "half" / "run.json").write_text(
        json.dumps(record | {"variant": "a.py"})
    )
    with pytest.raises(
        UserError, match="half: holds a run of 'a.py', which is neither"
    ):
        prepared(tmp_path / "new", tmp_path / "half")
    (tmp_path / "half" / "run.json").write_text("{")
    with pytest.raises(UserError, match="^init_from=.*half/run.json: damaged"):
        prepared(tmp_path / "new", tmp_path / "half")
    assert not (tmp_path / "new").exists()


def test_a_game_of_the_user_starts_from_a_run_of_its_kind(tmp_path):
    def play(folder, **options):
        game = Bilinear()
        game.compile(max_optimizer="sgd", min_optimizer="sgd")
        settings = {"batch_size": 1, "epochs": 3, "grids": 1, "log": silent}
        return kgan.train(game, None, tmp_path / folder, **settings | options).game

    first = play("first")
    second = Bilinear(start=(9.0, 9.0))
    second.compile(max_optimizer="sgd", min_optimizer="sgd")
    options = Options(init_from=tmp_path / "first", log=silent)
    settings = Settings(batch_size=1, epochs=1)
    found = prepare(Variant.given(second), None, settings, tmp_path / "second", options)
    assert found.record.init_from["unfitted"] == [] and int(second.iterations) == 0
    for one, two in zip(first.min_players(), second.min_players(), strict=True):
        assert same(values(one), values(two))
    assert second.fields == found.data.fields
