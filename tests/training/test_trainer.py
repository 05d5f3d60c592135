"""Decisions of a run that no command line shows well."""

import pytest
import tensorflow as tf

from kgan.configs import gan
from kgan.errors import UserError
from kgan.training import run
from kgan.training import trainer as train
from kgan.training.loop import Position


def a_run(tmp_path, **changes):
    config = changes.pop("config", gan.Config(width=1, epochs=1))
    said = []
    run = train.Run(
        "gan", "digits", config, gan.build, tmp_path, log=said.append, **changes
    )
    return run, said


@pytest.mark.parametrize(
    "steps, chosen", [(1, 1), (11, 11), (14, 14), (37, 1), (40, 20), (60, 20), (22, 11)]
)
def test_steps_per_execution_divide_an_epoch(steps, chosen):
    """Else Keras' last call of an epoch would run into the next."""
    assert run._per_execution(0, steps) == chosen


def test_steps_per_execution_that_do_not_divide():
    assert run._per_execution(7, 14) == 7
    with pytest.raises(UserError, match="do: 1, 2, 7, 14$"):
        run._per_execution(4, 14)


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
    assert train._start(Position(*position), 14, per_execution) == start


def test_where_a_run_cannot_go_on():
    words = "=7: .* after epoch 3, step 4, .* the 10 steps .* do: 1, 2$"
    with pytest.raises(UserError, match=words):
        train._start(Position(3, 4), 14, 7)


def test_prepare_resolves_what_the_data_decides(tmp_path):
    run, _ = a_run(tmp_path, config=gan.Config(width=1, updates=30))
    game, images, config, record = train.prepare(run)
    assert (config.image_size, config.channels, config.epochs) == (8, 1, 3)
    assert record.config["epochs"] == 3 and record.shape == images.image_shape
    assert game.steps_per_execution == 14 and not list(tmp_path.iterdir())


def test_equal_seeds_give_equal_games(tmp_path):
    first, second = (train.prepare(a_run(tmp_path)[0])[0] for _ in range(2))
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
    for error, words in ((refused, "PyFunc; use --jit=off"), (full, "batch_size")):
        explained = train._explained(error)
        assert isinstance(explained, UserError) and words in str(explained)
        assert explained.exit_code == 1
    other = tf.errors.InternalError(None, None, "a bug")
    assert train._explained(other) is other, "a bug keeps its traceback"


def test_chance_changes_real_images_where_it_is_told_to():
    plain, told = (gan.Config(width=1, flip=flip, jitter=0.1) for flip in (False, True))
    assert train._change(gan.Config(width=1)) is None
    assert (train._change(plain).flip, train._change(plain).grow) == (False, 0.1)
    assert train._change(told).flip
