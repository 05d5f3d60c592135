"""The loop: from any step, to any step, and the same as Keras' own."""

import keras
import pytest

from kgan.training.loop import Position, Span, train
from tests.conformance import games, inputs

STEPS = 6
BEGIN = Position()


class Heard(keras.callbacks.Callback):
    """What the loop told."""

    def __init__(self):
        super().__init__()
        self.told, self.logs = [], {}

    def on_train_begin(self, logs=None):
        self.told.append("begin")

    def on_epoch_begin(self, epoch, logs=None):
        self.told.append(f"epoch {epoch}")

    def on_train_batch_end(self, batch, logs=None):
        self.told.append(batch)

    def on_epoch_end(self, epoch, logs=None):
        self.told.append(f"end {epoch}")
        self.logs[epoch] = logs

    def on_train_end(self, logs=None):
        self.told.append("end")


def data(start=BEGIN, steps=STEPS):
    rows = inputs.batches(steps).repeat()
    return rows.skip(start.epoch * steps + start.step)


def run(game, start=BEGIN, epochs=2, **options):
    heard = Heard()
    end = train(game, data(start), [heard], Span(epochs, STEPS, start), **options)
    return end, heard


def state(game):
    return [v.numpy().tobytes() for v in game.state]


def test_the_same_as_keras_own():
    ours, keras_own = games.build("gan-mlp"), games.build("gan-mlp")
    end, heard = run(ours)
    history = keras_own.fit(data(), epochs=2, steps_per_epoch=STEPS, verbose=0).history
    assert end == Position(2, 0) and state(ours) == state(keras_own)
    assert history.keys() == heard.logs[0].keys()
    for name, values in history.items():
        assert values == [float(heard.logs[epoch][name]) for epoch in (0, 1)]


@pytest.mark.parametrize("stop", [2, 6, 11])
def test_two_parts_are_the_whole(stop):
    whole, game = games.build("gan-mlp"), games.build("gan-mlp")
    _, expected = run(whole)
    asked = iter(range(100))
    calls = stop + stop // STEPS + 1  # asked before each epoch and each call

    def stopped():
        return next(asked) >= calls

    middle, first = run(game, stopped=stopped)
    assert middle == Position(stop // STEPS, stop % STEPS)
    end, second = run(game, middle)
    assert end == Position(2, 0) and state(game) == state(whole)
    assert first.logs | second.logs == expected.logs
    assert first.told[-1] == "end", "callbacks are told of the stop"
    counted = [t for t in first.told + second.told if isinstance(t, int)]
    assert counted == [t for t in expected.told if isinstance(t, int)]


def test_what_callbacks_hear():
    game = games.build("product", steps_per_execution=3)
    _, heard = run(game, Position(1, 3), epochs=3)
    assert heard.told == [
        *("begin", "epoch 1", 5, "end 1"),
        *("epoch 2", 2, 5, "end 2", "end"),
    ]


def test_stopped_before_it_begins():
    game = games.build("product")
    before = state(game)
    end, heard = run(game, Position(1, 2), stopped=lambda: True)
    assert end == Position(1, 2) and heard.told == ["begin", "end"]
    assert state(game) == before
