"""TensorBoard's events of a run that is cut off and goes on: no gap, nothing twice."""

import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from kgan.callbacks import Scalars, TensorBoardWriter
from kgan.training.loop import Position, Span, train
from tests.conformance import games, inputs

STEPS, EPOCHS = 5, 4
BEGIN = Position()


def points(folder, run="train"):
    """tag -> [(step, value)] as TensorBoard would show them, but for the speed.

    In order of the steps: the files of one second are read in the order of their names,
    in which the tenth writer of a process comes before its ninth.
    """
    tensorboard = EventAccumulator(str(folder / "tensorboard" / run), {"tensors": 0})
    return {
        tag: sorted(
            (e.step, tf.make_ndarray(e.tensor_proto).tolist())
            for e in tensorboard.Reload().Tensors(tag)
        )
        for tag in tensorboard.Reload().Tags()["tensors"]
        if not tag.startswith("speed/")
    }


def written(folder, steps, state=None, log=pytest.fail):
    """Writes one value at each of the steps; returns the state after each."""
    tensorboard, states = TensorBoardWriter(folder, log), {}
    tensorboard.resume(state)
    for step in steps:
        with tensorboard.at("train", step):
            tf.summary.scalar("value", step)
        states[step] = tensorboard.state()
    tensorboard.on_train_end()
    return states


def test_goes_on_at_the_checkpoint(tmp_path):
    states = written(tmp_path, range(6))
    written(tmp_path, [3, 4, 5, 6], states[2])
    assert points(tmp_path)["value"] == [(step, step) for step in range(7)]


def test_cut_off_twice(tmp_path):
    states = written(tmp_path, range(4))
    states = written(tmp_path, [2, 3, 4, 5], states[1])
    written(tmp_path, [4, 5], states[3])
    assert [step for step, _ in points(tmp_path)["value"]] == list(range(6))


def test_cut_off_in_the_middle_of_an_event(tmp_path):
    state = written(tmp_path, [0])[0]
    (file,) = (tmp_path / "tensorboard" / "train").iterdir()
    file.write_bytes(file.read_bytes()[:-7])
    said = []
    written(tmp_path, [], state, said.append)
    assert len(said) == 1 and file.name in said[0] and "lost" in said[0]


def test_beginning_anew_forgets(tmp_path):
    written(tmp_path, range(3))
    written(tmp_path, [7])
    assert points(tmp_path)["value"] == [(7, 7)]


def trained(folder, stop=None, start=BEGIN, game=None, states=(None, None)):
    """A game with Scalars of every 3 steps; returns where it is and what it noted."""
    game = game or games.build("gan-mlp")
    tensorboard = TensorBoardWriter(folder)
    scalars = Scalars(tensorboard, 8, {"seed": 0, "sizes": [1]}, every=3)
    for one, state in zip((tensorboard, scalars), states, strict=True):
        one.resume(state)
    done = iter(range(1000))
    end = train(
        game,
        inputs.batches(STEPS).repeat().skip(start.epoch * STEPS + start.step),
        [scalars],
        Span(EPOCHS, STEPS, start),
        stopped=lambda: stop is not None and next(done) >= stop,
    )
    noted = tensorboard.state(), scalars.state()
    tensorboard.on_train_end()
    return game, end, noted


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of a training that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    trained(folder)
    return folder


@pytest.mark.parametrize(
    "stop", [7, *(pytest.param(one, marks=pytest.mark.slow) for one in (3, 13))]
)
def test_points_do_not_depend_on_interruptions(tmp_path, whole, stop):
    game, middle, noted = trained(tmp_path / "parts", stop)
    trained(tmp_path / "parts", None, middle, game, noted)
    for run in ("train", "equilibrium"):
        expected = points(whole, run)
        assert expected and points(tmp_path / "parts", run) == expected
    assert len(points(tmp_path / "parts")["D/loss"]) > EPOCHS
    assert len(points(tmp_path / "parts")["config"]) == 1
