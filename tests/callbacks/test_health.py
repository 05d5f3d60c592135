"""The health watch of a run that stops and goes on; what its verdicts ask for."""

import csv
import math

import pytest

from kgan.callbacks import Board, Health
from kgan.callbacks.health import NAME
from kgan.health import EQUILIBRIUM, Change, Verdict
from kgan.loop import Position, play
from tests.callbacks.test_board import points
from tests.conformance import games

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
        step = int(self.game.min_optimizer.iterations)
        return {"memory": 0.9 if 8 <= step <= 14 else 0.5, "finite_images": 1.0}


def watched(folder, stop=None, start=BEGIN, game=None, states=(None, None), **options):
    """A game that is watched; returns it, its `Health`, where it is, what is noted."""
    game, said = game or games.build("gan-mlp"), []
    folder.mkdir(exist_ok=True)
    board = Board(folder)
    health = Health(
        folder, board, Given(game), {}, every=EVERY, say=said.append, **options
    )
    for one, state in zip((board, health), states, strict=True):
        one.resume(state)
    done = iter(range(1000))
    end = play(
        game,
        games.batches(STEPS).repeat().skip(start.epoch * STEPS + start.step),
        [health],
        start=start,
        epochs=EPOCHS,
        steps=STEPS,
        stopped=lambda: health.demand or (stop is not None and next(done) >= stop),
    )
    noted = board.state(), health.state()
    board.on_train_end()
    return game, health, end, noted, said


def rows(folder):
    with open(folder / NAME, newline="") as file:
        return list(csv.DictReader(file))


def test_verdicts_do_not_depend_on_interruptions(tmp_path):
    game, health, _, noted, said = watched(tmp_path / "whole")
    assert [line.split(" (")[0] for line in said] == [
        f"epoch 3, step 12: {ILL}",
        "epoch 4, step 20: healthy",
    ]
    assert [int(row["step"]) for row in rows(tmp_path / "whole")] == [*range(2, 21, 2)]
    assert health.checks == 10
    expected = points(tmp_path / "whole")
    assert [step for step, _ in expected["verdict"]] == [12, 20]
    assert [step for step, _ in expected["health/memory"]] == [*range(2, 21, 2)]
    for stop in (3, 9, 13):
        parts, told = tmp_path / f"parts-{stop}", []
        given = game, _, middle, states, first = watched(parts, stop)
        *_, last, second = watched(parts, None, middle, game, states)
        assert first + second == said and len(given) == 5
        assert (parts / NAME).read_bytes() == (tmp_path / "whole" / NAME).read_bytes()
        assert points(parts) == expected and last[1] == noted[1] and not told


def test_a_row_is_the_mean_since_the_last_check(tmp_path):
    """Over the end of an epoch as well: steps 5 and 6 belong together."""
    watched(tmp_path)
    again, losses = games.build("gan-mlp"), []
    again.make_train_function()
    batches = iter(games.batches(STEPS).repeat())
    for _ in range(6):
        again.reset_metrics()
        losses.append(float(again.train_function(batches)["D/loss"]))
    row = rows(tmp_path)[2]
    assert (row["epoch"], row["step"]) == ("2", "6")
    assert float(row["D/loss"]) == pytest.approx((losses[4] + losses[5]) / 2, rel=1e-5)


def test_update_is_the_way_over_the_weights(tmp_path):
    """SGD moves by rate times gradient: the norms are known."""
    game = games.build("gan-mlp", plain=True)
    norm = math.sqrt(sum(float((w.numpy() ** 2).sum()) for w in game.max_side.weights))
    watched(tmp_path, stop=2, game=game)
    row, second = rows(tmp_path)[0], games.build("gan-mlp", plain=True)
    second.make_train_function()
    batches = iter(games.batches(STEPS))
    second.train_function(batches)
    norm = math.sqrt(sum((w.numpy() ** 2).sum() for w in second.max_side.weights))
    second.reset_metrics()
    gradient = float(second.train_function(batches)["D/gradient_norm"])
    assert float(row["D/update"]) == pytest.approx(0.05 * gradient / norm, rel=1e-4)


@pytest.mark.parametrize(
    "name, evidence, demands",
    [
        ("healthy", {}, (None, None, None)),
        (ILL, {"memory": 0.9}, (None, "stop", "rollback")),
        ("diverged", {"D/loss": 1e9}, (None, "stop", "rollback")),
        ("diverged", {"finite_losses": 0.0}, ("stop", "stop", "rollback")),
        (EQUILIBRIUM, {}, (None, None, None)),
    ],
)
def test_what_a_verdict_asks_for(tmp_path, name, evidence, demands):
    for on_sick, demand in zip(("warn", "stop", "rollback"), demands, strict=True):
        health = Health(tmp_path, None, None, {}, on_sick)
        health.resume(None)
        health.last = Change(1, 100, Verdict(name, evidence))
        assert health.demand == demand
        health.stop_at_equilibrium = True
        assert health.demand == ("end" if name == EQUILIBRIUM else demand)


def test_a_demand_ends_the_run_and_lasts(tmp_path):
    game, health, end, noted, _ = watched(tmp_path, on_sick="stop")
    assert end == Position(2, 2) and health.demand == "stop"
    *_, again, _, said = watched(tmp_path, None, end, game, noted, on_sick="stop")
    assert again == end and said == [], (
        "nothing more happens, and nothing is said twice"
    )


def test_what_is_worth_to_go_back_to(tmp_path):
    _, health, *_ = watched(tmp_path, stop=4)
    assert health.worth_keeping() and not health.worth_keeping(), "once"
    health._series[-1]["memory"] = 0.9
    health._kept = 0
    assert not health.worth_keeping(), "a symptom, though no verdict yet"


def test_nothing_that_is_not_finite_is_sound(tmp_path):
    _, health, *_ = watched(tmp_path, stop=3)
    assert health.sound() and health.checks == 1
    health.signals.odd = ["weights"]
    assert not health.sound() and health.checks == 2
    assert health.demand == "stop" and health.last.verdict.lost
    assert not health.sound() and health.checks == 2, "one check is enough"
