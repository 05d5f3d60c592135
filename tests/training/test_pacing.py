"""A run that is asked for in hours: how long it becomes, and that it stays so."""

import json
import re
import time

import pytest

import kgan
from kgan.configs import gan, stackgan
from kgan.errors import UserError
from kgan.models import GAN
from kgan.training import pacing, timing
from kgan.training.options import Options
from kgan.training.record import Record
from kgan.training.run import Variant, prepare

SMALL = {"width": 4, "latent": 4, "batch_size": 512, "grids": 1}
HOURS = 0.0002  # 0.7 seconds


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(timing, "STEPS", 3)
    monkeypatch.setattr(kgan.training.trainer.Trainer, "_export", lambda self: None)


def trained(workdir, hours, **more):
    told = []
    settings = SMALL | more
    kgan.train("gan", "digits", workdir, hours=hours, log=told.append, **settings)
    return "\n".join(told), Record.read(workdir).config["epochs"]


def test_the_length_follows_from_the_time_of_a_step(tmp_path, quick, monkeypatch):
    monkeypatch.setattr(timing, "step_time", lambda *given: 0.01)
    told, epochs = trained(tmp_path / "run", HOURS)
    # The digits of training are two batches of 512: 0.02 s, and 0.9 of 0.72 s are theirs.
    assert epochs == 32
    assert "hours=0.0002: a step takes 0.01 s here, so 32 epochs of 2 steps" in told
    assert "about 0.0002 hours" in told


def test_a_short_run_measures_for_less_time(tmp_path, quick, monkeypatch):
    measured = []

    def step_time(*given):
        measured.append(given[-1])
        return 0.01

    monkeypatch.setattr(timing, "step_time", step_time)
    trained(tmp_path / "short", HOURS, precision="float32")
    assert measured == pytest.approx([0.005 * 3600 * HOURS])
    digits = kgan.data.load("digits", log=lambda line: None)
    monkeypatch.setattr(timing, "check", lambda *given: None)
    pacing.paced(
        None, gan.Config(**SMALL), digits, tmp_path, Options(hours=9.0, log=print)
    )
    assert measured[1:] == [timing.ENOUGH]


def test_an_epoch_that_is_too_long_is_said(tmp_path, quick, monkeypatch):
    monkeypatch.setattr(timing, "step_time", lambda *given: 1.0)
    told, epochs = trained(tmp_path / "run", HOURS)
    assert epochs == 1 and "so 1 epoch of 1 step, 0.5 passes over the data" in told
    assert "hours: one takes longer than was asked for" in told


def test_an_epoch_of_which_little_is_missing_is_taken(tmp_path, quick, monkeypatch):
    seconds = 0.9 * HOURS * 3600 / 2  # of a step
    for times, epochs in ((10.85, 10), (10.95, 11), (11.5, 11)):
        found = seconds / times
        monkeypatch.setattr(timing, "step_time", lambda *given, found=found: found)
        assert trained(tmp_path / str(times), HOURS)[1] == epochs


@pytest.mark.parametrize(
    "enough, batch, steps, epochs",
    [(9, 512, 1, 9), (209, 8, 20, 10), (259, 8, 20, 13), (21, 512, 0, 10)],
)
def test_an_epoch_of_much_data_is_a_tenth_of_the_time(
    tmp_path, quick, monkeypatch, enough, batch, steps, epochs
):
    """Of more than ten steps it has whole tens, which are calls of the graph."""
    seconds = 0.9 * HOURS * 3600 / enough
    monkeypatch.setattr(timing, "step_time", lambda *given: seconds)
    told, found = trained(tmp_path / "run", HOURS, batch_size=batch)
    config = Record.read(tmp_path / "run").config
    assert (config["steps_per_epoch"], found) == (steps, epochs)
    assert ("passes over the data" in told) == bool(steps)
    assert config["updates"] == epochs * (steps or 2)
    # More hours make a longer run of the same epochs.
    monkeypatch.setattr(timing, "step_time", lambda *given: seconds / 2)
    assert trained(tmp_path / "run", HOURS, batch_size=batch)[1] == epochs
    longer = Record.read(tmp_path / "run").config
    assert longer == config
    told, found = trained(tmp_path / "run", 2 * HOURS, batch_size=batch)
    assert found > 3 * epochs and f"goes on after epoch {epochs}" in told
    assert Record.read(tmp_path / "run").config["steps_per_epoch"] == steps


def test_quick_steps_are_measured_together_as_they_are_trained(quick, monkeypatch):
    """Steps of which each call takes long are not slow."""
    monkeypatch.setattr(timing, "QUICK", 10.0)  # however busy the machine is
    data = kgan.data.load("digits", log=lambda line: None)
    config = gan.Config(width=4, latent=4, batch_size=64)  # 22 steps an epoch
    calls = []

    class Slow(GAN):
        def make_train_function(self, force=False):
            if self.train_function is None or force:
                super().make_train_function(force)
                inner, together = self.train_function, self.steps_per_execution

                def function(batches):
                    calls.append(together)
                    time.sleep(0.1)
                    return inner(batches)

                self.train_function = function
            return self.train_function

    def build(config, spec):
        game = gan.build(config, spec)
        game.__class__ = Slow
        return game

    variant = Variant.of("gan", gan)._replace(build=build)
    seconds = timing.step_time(variant, config, data, Options())
    assert set(calls) == {1, 11}
    assert seconds < 0.1


def test_the_time_of_a_step_is_measured(tmp_path, quick):
    told, epochs = trained(tmp_path / "run", HOURS)
    seconds = float(re.search(r"a step takes (\S+) s here", told)[1])
    assert 1e-4 < seconds < 1
    assert epochs == pytest.approx(max(1, 0.9 * 0.72 / 2 / seconds), rel=0.02, abs=1)


def test_the_same_call_keeps_the_length(tmp_path, quick, monkeypatch):
    monkeypatch.setattr(timing, "step_time", lambda *given: 0.05)
    _, epochs = trained(tmp_path / "run", HOURS)
    monkeypatch.setattr(timing, "step_time", None)  # would be called
    told, again = trained(tmp_path / "run", HOURS)
    assert again == epochs and f"all {epochs} epochs are done" in told
    monkeypatch.setattr(timing, "step_time", lambda *given: 0.05)
    _, more = trained(tmp_path / "run", HOURS * 4)
    assert epochs == 13 and more == 51  # epochs of a step; 0.9 * 0.72 / 0.05 is 12.96


def test_a_run_from_before_there_were_parts_goes_on(tmp_path, quick, monkeypatch):
    monkeypatch.setattr(timing, "step_time", lambda *given: 0.01)
    _, epochs = trained(tmp_path / "run", HOURS)
    path = tmp_path / "run" / "run.json"
    record = json.loads(path.read_text())
    del record["config"]["steps_per_epoch"]
    path.write_text(json.dumps(record))
    assert trained(tmp_path / "run", HOURS)[1] == epochs
    assert trained(tmp_path / "run", 2 * HOURS)[1] == pytest.approx(2 * epochs, abs=1)


def test_parts_may_be_of_as_many_steps_as_are_asked_for_together(
    tmp_path, quick, monkeypatch
):
    """179 steps a pass, which 10 does not divide."""
    monkeypatch.setattr(timing._Clock, "seconds", 0.9 * HOURS * 3600 / 20)
    asked = {"batch_size": 8, "steps_per_execution": 10}
    told, epochs = trained(tmp_path / "run", HOURS, **asked)
    assert "so 2 epochs of 10 steps, 0.112 passes over the data" in told and epochs == 2
    assert Record.read(tmp_path / "run").config["steps_per_epoch"] == 10


@pytest.mark.slow
def test_the_measurement_leaves_the_run_as_it_is(tmp_path, quick):
    """The bits are those of a run that was told its epochs."""
    _, epochs = trained(tmp_path / "asked", HOURS)
    told = kgan.train("gan", "digits", tmp_path / "told", epochs=epochs, **SMALL)
    asked = kgan.load(tmp_path / "asked").generate(4, seed=0)
    assert (asked == told.generate(4, seed=0)).all()


@pytest.mark.parametrize("more", [{"epochs": 3}, {"updates": 7}])
def test_a_run_has_one_length(tmp_path, more):
    with pytest.raises(UserError, match="hours: epochs or updates say already"):
        kgan.train("gan", "digits", tmp_path / "run", hours=1, **more)
    assert not (tmp_path / "run").exists()


def test_what_cannot_be_measured_is_refused(tmp_path):
    spec = kgan.data.load("digits", log=lambda line: None).spec
    game = gan.build(gan.Config(width=4), spec)
    with pytest.raises(UserError, match="hours: the game is compiled already"):
        kgan.train(game, "digits", tmp_path / "run", hours=1)
    with pytest.raises(UserError, match="hours=-1: must be a number from 0 on"):
        Options(hours=-1)
    config = stackgan.Config(stages=2, image_size=16)
    variant = Variant.of("stackgan", stackgan)
    with pytest.raises(UserError, match="hours: the run has two stages"):
        prepare(
            variant, "coloured_digits", config, tmp_path, Options(hours=1, log=print)
        )


def test_several_workers_have_a_length_in_epochs(tmp_path):
    asked = gan.Config(), None, tmp_path, Options(hours=1), 2
    with pytest.raises(UserError, match="hours: several workers would each measure"):
        pacing.paced(Variant.of("gan", gan), *asked)
