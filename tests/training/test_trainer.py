"""Decisions of a run that no command line shows well."""

import numpy as np
import pytest
import tensorflow as tf

from kgan.callbacks import Resumable
from kgan.configs import gan
from kgan.data import arrays
from kgan.errors import UserError
from kgan.training import inputs, tuning
from kgan.training.checkpoint import Saved
from kgan.training.loop import Position
from kgan.training.options import Options
from kgan.training.run import Variant, prepare
from kgan.training.trainer import Trainer

GAN = Variant.of("gan", gan)


class Counting(Resumable):
    """A callback of the user's, which counts epochs over all starts."""

    def resume(self, state):
        self.count = state["count"] if state else 0

    def state(self):
        return {"count": self.count}

    def on_epoch_end(self, epoch, logs=None):
        self.count += 1


def test_a_callback_of_the_user_goes_on(tmp_path):
    for epochs, count in ((1, 1), (3, 3)):
        config = gan.Config(width=1, batch_size=512, epochs=epochs)
        counting = Counting()
        prepared(tmp_path, config, callbacks=(counting,)).train()
        assert counting.count == count


def prepared(tmp_path, config=None, **options):
    config = config or gan.Config(width=1, epochs=1)
    options = Options(log=lambda line: None, **options)
    return prepare(GAN, "digits", config, tmp_path, options)


def going_on(position, steps, per_execution):
    """A trainer that has restored a checkpoint of `position`."""
    found = object.__new__(Trainer)
    found.saved, found.steps = Saved(Position(*position)), steps
    found.game = type("Game", (), {"steps_per_execution": per_execution})
    return found


@pytest.mark.parametrize(
    "position, per_execution, start",
    [
        ((0, 0), 7, (0, 0)),
        ((3, 7), 7, (3, 7)),
        ((3, 13), 1, (3, 13)),
        ((3, 14), 7, (3, 14)),
        ((3, 99), 7, (3, 14)),  # the data has become less
    ],
)
def test_where_a_run_goes_on(position, per_execution, start):
    assert going_on(position, 14, per_execution)._start() == start


def test_where_a_run_cannot_go_on():
    words = "=7: .* after epoch 3, step 4, .* the 10 steps .* do: 1, 2$"
    with pytest.raises(UserError, match=words):
        going_on((3, 4), 14, 7)._start()


def test_prepare_resolves_what_is_left_open_and_writes_nothing(tmp_path):
    found = prepared(tmp_path, gan.Config(width=1, updates=30))
    assert found.config.epochs == 3 == found.record.config["epochs"]
    assert found.record.fields == found.data.fields == found.game.fields
    assert found.game.steps_per_execution == 14 and not list(tmp_path.iterdir())


def test_equal_seeds_give_equal_games(tmp_path):
    first, second = (prepared(tmp_path).game for _ in range(2))
    for one, other in zip(first.variables, second.variables, strict=True):
        tf.debugging.assert_equal(one.value, other.value)


def test_errors_of_tensorflow_that_a_user_can_mend():
    refused = tf.errors.InvalidArgumentError(
        None,
        None,
        "Detected unsupported operations when trying to compile graph f[] on "
        "XLA_CPU_JIT: PyFunc (No registered 'PyFunc' OpKernel for XLA_CPU_JIT)",
    )
    full = tf.errors.ResourceExhaustedError(None, None, "OOM when allocating")
    for error, words in ((refused, "PyFunc; use jit=off"), (full, "batch_size")):
        explained = tuning.explained(error)
        assert isinstance(explained, UserError) and words in str(explained)
        assert explained.exit_code == 1
    other = tf.errors.InternalError(None, None, "a bug")
    assert tuning.explained(other) is other, "a bug keeps its traceback"


IMAGES = arrays.images(np.zeros((5, 8, 8, 1), np.uint8))


def test_chance_changes_real_images_where_it_is_told_to():
    plain, told = (gan.Config(width=1, flip=flip, jitter=0.1) for flip in (False, True))
    assert inputs.change(gan.Config(width=1), IMAGES) is None
    found = inputs.change(plain, IMAGES)
    assert (found.flip, found.grow) == (False, 0.1)
    assert inputs.change(told, IMAGES).flip


@pytest.mark.parametrize("asked", [{"flip": True}, {"jitter": 0.1}])
def test_points_are_neither_flipped_nor_cropped(asked):
    points = arrays.points(np.zeros((5, 2)))
    with pytest.raises(UserError, match="holds no pictures"):
        inputs.change(gan.Config(width=1, **asked), points)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"jit": "maybe"}, "jit=maybe: there are auto, on, off"),
        ({"on_sick": "pray"}, "on_sick=pray"),
        ({"precision": "float64"}, "precision=float64"),
        ({"checkpoint_every": "now"}, "checkpoint_every=now"),
        ({"keep_checkpoints": 0}, "keep_checkpoints=0: must be at least 1"),
        ({"steps_per_execution": -1}, "steps_per_execution=-1: must be at least 0"),
        ({"health_every": 0}, "health_every=0: must be at least 1"),
    ],
)
def test_options_are_checked(changes, words):
    with pytest.raises(UserError, match=words):
        Options(**changes)
