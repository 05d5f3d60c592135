"""What follows from a verdict: the end, or a rollback; and that no NaN is saved."""

import itertools
import math
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from kgan.configs import gan
from kgan.data import arrays
from kgan.errors import UserError
from kgan.health import THRESHOLDS
from kgan.training import rollback, trainer
from kgan.training.checkpoint import CheckpointInterval
from kgan.training.options import Options
from kgan.training.run import Variant, prepare
from tests.durability.remains import remains, unlike

RATE = 2e-4
PIXELS = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), np.uint8)


def poisoned(above):
    """A build whose G gets a NaN at descent 13, if its rate is above that much."""

    def build(*given):
        game = gan.build(*given)
        inner, weight = game.after_round, game.min_side.weights[0]
        optimizer = game.min_optimizer

        def after_round(played):
            inner(played)
            due = optimizer.iterations.value == 13
            due &= optimizer.learning_rate.value > above
            weight.assign(tf.where(due, math.nan, weight.value))

        game.after_round = after_round
        return game

    return build


def trained(folder, build=gan.build, **options):
    """Trains 4 epochs of 5 steps, checked at every second; returns game and words."""
    said = []
    config = gan.Config(width=1, batch_size=8, epochs=4, ema=0.0)
    fixed = {"health_every": 2, "steps_per_execution": 1}
    options = {"checkpoint_every": CheckpointInterval(steps=3)} | options | fixed
    images = arrays.images(PIXELS, name="noise")
    options = Options(log=said.append, **options)
    variant = Variant("gan", build)
    return prepare(variant, images, config, folder, options).train(), said


def saved(folder):
    """The arrays of the newest checkpoint."""
    path = tf.train.latest_checkpoint(str(folder / "checkpoints"))
    reader = tf.train.load_checkpoint(path)
    names = reader.get_variable_to_shape_map()
    found = [np.asarray(reader.get_tensor(name)) for name in names]
    return [v for v in found if v.dtype.kind == "f"]


def set_limits(monkeypatch, **values):
    for name, value in values.items():
        changed = THRESHOLDS[name]._replace(value=value)
        monkeypatch.setitem(THRESHOLDS, name, changed)


def test_a_nan_is_never_saved_and_rollbacks_are_bounded(tmp_path):
    """A warning is not enough; and the same command may then try to go back."""
    words = "epoch 3, step 14: diverged .NaN or infinity in .*; not saved, the checkp"
    with pytest.raises(UserError, match=words) as error:
        trained(tmp_path, poisoned(0.0))
    assert error.value.exit_code == 1
    assert all(np.isfinite(v).all() for v in saved(tmp_path))
    assert not (tmp_path / "generator").exists()
    with pytest.raises(UserError, match="; 3 rollbacks did not help; ") as error:
        trained(tmp_path, poisoned(0.0), on_sick="rollback")
    assert error.value.exit_code == 1
    assert all(np.isfinite(v).all() for v in saved(tmp_path))
    rates = [v for v in saved(tmp_path) if v.shape == () and 0 < v < RATE]
    assert rates == pytest.approx([RATE / 1000] * 2)


def test_the_last_try_of_what_diverged_begins_anew(tmp_path):
    """Epoch 2 looked healthy twice, and once too often."""
    game, said = trained(tmp_path, poisoned(0.005 * RATE), on_sick="rollback")
    told = [line.split("; ")[1] for line in said if line.startswith("rollback ")]
    assert told == [
        "goes on after epoch 2, step 2 of the next, at 0.1 of the learning rates",
        "goes on after epoch 2, step 2 of the next, at 0.01 of the learning rates",
        "goes on after epoch 0, step 0 of the next, at 0.001 of the learning rates",
    ]
    assert int(game.min_optimizer.iterations) == 20
    assert len((tmp_path / "history.csv").read_text().splitlines()) == 5
    assert len((tmp_path / "health.csv").read_text().splitlines()) == 11


@pytest.mark.parametrize(
    ("verdicts", "factor"),
    [
        (["mode collapse"], 0.5),
        (["mode collapse", "oscillating"], 0.5),
        (["diverged"], 0.1),
        (["diverged", "mode collapse"], 0.1),
    ],
)
def test_a_run_that_has_diverged_goes_on_much_slower(verdicts, factor):
    assert rollback.factor([{"verdict": name} for name in verdicts]) == factor


def test_nothing_was_saved_before_what_is_lost(tmp_path):
    """Epoch 1 of a run that saves at its end has a NaN at once."""
    never = CheckpointInterval(epochs=9)
    with pytest.raises(UserError, match="not saved, nor was anything before it$"):
        trained(tmp_path, poisoned(0.0), checkpoint_every=never)


def test_the_best_generator_stays_the_best_after_a_rollback(tmp_path, exported):
    """Its epoch is undone, but not what was exported then."""
    scores = itertools.chain([50.0, 40.0], itertools.repeat(45.0))
    build = poisoned(0.6 * RATE)
    evaluate = 1, lambda game: ("FID", next(scores))
    _, said = trained(tmp_path, build, on_sick="rollback", evaluate=evaluate)
    assert any(line.startswith("rollback 1") for line in said)
    told = [line.split(": ")[1] for line in said if "the best so far" in line]
    assert told == ["FID 50, the best so far", "FID 40, the best so far"]


def test_samples_of_undone_epochs_go_whatever_they_are(tmp_path):
    folder = tmp_path / "samples"
    folder.mkdir()
    for name in (
        "epoch-00001.png",
        "epoch-00002.txt",
        "epoch-00003.wav",
        "training.gif",
    ):
        (folder / name).touch()
    keeps = SimpleNamespace(workdir=tmp_path)
    rollback.Rollback._remove_previews(keeps, 1)
    left = {path.name for path in folder.iterdir()}
    assert left == {"epoch-00001.png", "training.gif"}


@pytest.fixture
def exported(monkeypatch):
    """Takes the place of the export, which takes a second: where it went."""
    places = []
    monkeypatch.setattr(
        trainer, "export_generator", lambda game, path: places.append(path)
    )
    return places


class Killed(Exception):
    """Instead of SIGKILL, which is sent in tests/durability."""


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True])
def test_a_rollback_helps_and_outlives_a_kill(tmp_path, monkeypatch, after):
    """Killed right before, or after, the rollback is saved; then the same command."""
    build = poisoned(0.6 * RATE)
    game, said = trained(tmp_path / "whole", build, on_sick="rollback")
    (told,) = [line for line in said if line.startswith("rollback ")]
    assert told == (
        "rollback 1 of 3: diverged in epoch 3, step 14; goes on after epoch 2, step 2 "
        "of the next, at 0.1 of the learning rates"
    )
    assert float(game.max_optimizer.learning_rate) == pytest.approx(RATE / 10)
    go_back = rollback.Rollback.go_back

    def killed(self, *given):
        if after:
            go_back(self, *given)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(rollback.Rollback, "go_back", killed)
        trained(tmp_path / "killed", build, on_sick="rollback")
    trained(tmp_path / "killed", build, on_sick="rollback")
    found = [remains(tmp_path / name) for name in ("whole", "killed")]
    assert unlike(*found) == [] and "health.csv" in found[0]
    rows = (tmp_path / "whole" / "health.csv").read_text().splitlines()
    assert len(rows) == 11, "what was undone is not there"


def test_stopped_when_sick(tmp_path, monkeypatch):
    set_limits(monkeypatch, accuracy=0.0, gap=-1.0)
    words = "step 6: discriminator too strong .*; stopped after epoch 1, step 1 and sav"
    with pytest.raises(UserError, match=words) as error:
        trained(tmp_path, on_sick="stop")
    assert error.value.exit_code == 1 and saved(tmp_path)


def test_ends_well_at_equilibrium(tmp_path, monkeypatch, exported):
    set_limits(monkeypatch, young=0.0, away=1.0, distance=0.0, nearest=0.0)
    game, said = trained(tmp_path, stop_at_equilibrium=True)
    (told,) = [line for line in said if "; stopped after epoch 2 and sav" in line]
    assert told.startswith("epoch 2, step 10: at equilibrium (D(x) ")
    assert int(game.min_optimizer.iterations) == 10
    assert exported == [tmp_path / "generator"]
    assert (tmp_path / "health.csv").read_text().count("\n") == 6
