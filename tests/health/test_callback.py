"""The health watch of a run that stops and goes on; what its verdicts ask for."""

import csv
import math

import keras
import pytest

from kgan.callbacks import TensorBoardWriter
from kgan.health import EQUILIBRIUM, Change, Verdict
from kgan.health.callback import NAME, Health, Policy
from kgan.training.loop import Position, Span, train
from tests.callbacks.test_tensorboard import points
from tests.conformance import games, inputs

STEPS, EPOCHS, EVERY = 5, 4, 2
BEGIN = Position()
ILL = "discriminator memorises"


class Given:
    """Signals that depend on the step alone: ill from 8 to 14, of 20."""

    def __init__(self, game):
        self.game, self.odd = game, []

    def finite(self):
        return self.odd

    def measure(self):
        step = self.game.descents
        return {"memory": 0.9 if 8 <= step <= 14 else 0.5, "finite_images": 1.0}


class Seen(keras.callbacks.Callback):
    """What each step did: lists over the steps."""

    def __init__(self):
        super().__init__()
        self.size, self.loss, self.gradient = [], [], []

    def on_train_batch_begin(self, batch, logs=None):
        squares = [float((w.numpy() ** 2).sum()) for w in self.model.max_side.weights]
        self.size.append(math.sqrt(sum(squares)))

    def on_train_batch_end(self, batch, logs=None):
        sums = self.model.running_means.read()
        self.loss.append(sums["D/loss"][0])
        self.gradient.append(sums["D/gradient_norm"][0])


def watched(folder, stop=None, start=BEGIN, game=None, states=(None, None), **options):
    """A game that is watched, from `start` on for `stop` steps or to its end.

    Returns: the game, its `Health`, where it is, what is noted, what was said, `Seen`.
    """
    game, said = game or games.build("gan-mlp", plain=True), []
    folder.mkdir(exist_ok=True)
    tensorboard, seen = TensorBoardWriter(folder), Seen()
    policy = Policy(every=EVERY, **options)
    health = Health(tensorboard, Given(game), {}, policy, said.append)
    for one, state in zip((tensorboard, health), states, strict=True):
        one.resume(state)
    end = train(
        game,
        inputs.batches(STEPS).repeat().skip(start.epoch * STEPS + start.step),
        [health, seen],
        Span(EPOCHS, STEPS, start),
        stopped=lambda: health.demand or (stop is not None and len(seen.loss) >= stop),
    )
    noted = tensorboard.state(), health.state()
    tensorboard.on_train_end()
    return game, health, end, noted, said, seen


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("health") / "whole"
    return folder, *watched(folder)


def rows(folder):
    with open(folder / NAME, newline="") as file:
        return list(csv.DictReader(file))


def test_a_verdict_is_said_when_it_changes(whole):
    folder, _, health, *_, said, _ = whole
    assert [line.split(" (")[0] for line in said] == [
        f"epoch 3, step 12: {ILL}",
        "epoch 4, step 20: healthy",
    ]
    assert [int(row["step"]) for row in rows(folder)] == [*range(2, 21, 2)]
    assert health.checks == 10
    shown = points(folder)
    assert [step for step, _ in shown["verdict"]] == [12, 20]
    assert [step for step, _ in shown["health/memory"]] == [*range(2, 21, 2)]


def test_it_does_not_depend_on_interruptions(whole, tmp_path):
    """Cut off in the middle of an epoch, at its end, and between two checks."""
    folder, _, _, _, noted, said, _ = whole
    game, _, at, states, told, _ = watched(tmp_path, 8)
    for stop in (2, 3, None):
        _, _, at, states, more, _ = watched(tmp_path, stop, at, game, states)
        told += more
    assert told == said and states[1] == noted[1]
    assert (tmp_path / NAME).read_bytes() == (folder / NAME).read_bytes()
    assert points(tmp_path) == points(folder)


def test_the_best_accuracy_so_far(whole):
    folder, *_ = whole
    best, means = 0.0, []
    for row in rows(folder):
        sides = float(row["D/accuracy_real"]), float(row["D/accuracy_fake"])
        means.append(sum(sides) / 2)
        best = max(best, means[-1])
        assert float(row["D/best_accuracy"]) == best
    assert min(means) < best, "it is not simply that of the check"


def test_a_row_is_the_mean_since_the_last_check(whole):
    """Over the end of an epoch as well: steps 5 and 6 belong together."""
    folder, *_, seen = whole
    row = rows(folder)[2]
    assert (row["epoch"], row["step"]) == ("2", "6")
    fifth, sixth = seen.loss[4] - seen.loss[3], seen.loss[5]
    assert float(row["D/loss"]) == pytest.approx((fifth + sixth) / 2, rel=1e-5)


def test_update_is_the_way_over_the_weights(whole):
    """SGD moves by its rate times the gradient."""
    folder, *_, seen = whole
    gradient = seen.gradient[1] - seen.gradient[0]
    expected = 0.05 * gradient / seen.size[1]
    assert float(rows(folder)[0]["D/update"]) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    "name, signals, demands",
    [
        ("healthy", {}, (None, None, None)),
        (ILL, {"memory": 0.9}, (None, "stop", "rollback")),
        ("diverged", {"D/loss": 1e9}, (None, "stop", "rollback")),
        ("diverged", {"finite_losses": 0.0}, ("stop", "stop", "rollback")),
        (EQUILIBRIUM, {}, (None, None, None)),
    ],
)
def test_what_a_verdict_asks_for(tmp_path, name, signals, demands):
    for on_sick, demand in zip(("warn", "stop", "rollback"), demands, strict=True):
        health = Health(TensorBoardWriter(tmp_path), None, {}, Policy(on_sick))
        health.resume(None)
        health.last = Change(1, 100, Verdict(name, signals))
        assert health.demand == demand
        health.policy = Policy(on_sick, stop_at_equilibrium=True)
        assert health.demand == ("end" if name == EQUILIBRIUM else demand)


def test_a_demand_ends_the_run_and_lasts(tmp_path):
    game, health, end, noted, *_ = watched(tmp_path, on_sick="stop")
    assert end == Position(2, 2) and health.demand == "stop"
    again = watched(tmp_path, None, end, game, noted, on_sick="stop")
    assert again[2] == end and again[4] == [], "nothing is done, or said, twice"


@pytest.fixture
def health(whole, tmp_path):
    """Of a game that was just checked, without any symptom."""
    _, game, _, _, noted, *_ = whole
    found = Health(TensorBoardWriter(tmp_path), Given(game), log=lambda line: None)
    found.set_model(game)
    state = noted[1] | {"rows": {"bytes": 0}}
    found.resume(state)
    found.on_train_begin()
    found.on_epoch_begin(3)
    return found


def test_what_is_worth_to_go_back_to(health):
    assert health.worth_keeping() and not health.worth_keeping(), "once"
    health._kept = 0
    health._series = [*health._series[:-1], health._series[-1] | {"memory": 0.9}]
    assert not health.worth_keeping(), "a symptom, though no verdict yet"


def test_nothing_that_is_not_finite_is_sound(health):
    assert health.sound() and health.checks == 10
    health._step -= 1  # since the last check there was a step
    health.signals.odd = ["weights"]
    assert not health.sound() and health.checks == 11
    assert health.demand == "stop" and health.last.verdict.lost
    assert not health.sound() and health.checks == 11, "one check is enough"


def test_it_watches_a_plain_fit(tmp_path):
    """Keras' own loop, without a run: the same rows, and a verdict."""
    game, said = games.build("gan-mlp", plain=True), []
    tensorboard = TensorBoardWriter(tmp_path)
    health = Health(tensorboard, Given(game), policy=Policy(every=2), log=said.append)
    game.fit(inputs.batches(STEPS), epochs=EPOCHS, verbose=0, callbacks=[health])
    assert [int(row["step"]) for row in rows(tmp_path)] == [*range(2, 21, 2)]
    assert any(ILL in line for line in said) and health.checks == 10
