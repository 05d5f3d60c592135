"""The data of one round of a GAN."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf
from keras import ops

from kgan.penalties import squared_norms
from kgan.typing import Tensors


class once:
    """A property that is computed when it is first asked for.

    Unlike `functools.cached_property` of Python 3.11 it takes no lock: another replica is
    another thread, and a sum over replicas inside of the property waits for it.

    Args:
        compute: the method that returns it.
    """

    def __init__(self, compute: Callable[[Any], Any]) -> None:
        self._compute, self._name = compute, compute.__name__
        self.__doc__ = compute.__doc__

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        # From now on found there, before this is asked.
        vars(instance)[self._name] = found = self._compute(instance)
        return found


@dataclass
class Round:
    """The real data, the latents and the fakes of one round, and D's outputs for them.

    D's outputs are computed when they are first needed, and once.

    Attributes:
        batch: the real data, and whatever else the batch holds.
        latent: the inputs of G.
        fake: what G made of them, (n, ...).
        discriminate: (data (n, ...), the batch that they belong to) -> D's outputs.
        pack: how many examples D scores as one.
        slopes: "real" and "fake" -> the squared norm of the gradient of the score with
            respect to each example, (n,), once `score_together` has measured them.
    """

    batch: dict[str, Any]
    latent: dict[str, Any]
    fake: tf.Tensor
    discriminate: Callable[..., Any]
    pack: int = 1
    slopes: Tensors = field(default_factory=dict)

    @once
    def answer(self) -> Tensors:
        """D's outputs for the fakes."""
        return self.discriminate(self.fake, self.batch)

    @once
    def real_answer(self) -> Tensors:
        """D's outputs for the real data."""
        return self.discriminate(self.batch["real"], self.batch)

    def score_together(self, slopes: bool = False) -> None:
        """Scores real data and fakes in one pass of D, unless one is scored already.

        Args:
            slopes: whether to measure `slopes` in the same pass.
        """
        if vars(self).keys() & {"answer", "real_answer"}:
            return
        real = ops.cast(self.batch["real"], self.fake.dtype)
        both = {k: _in_turns(v, v, self.pack) for k, v in self.batch.items()}
        x = _in_turns(self.fake, real, self.pack)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            if slopes:
                tape.watch(x)
            answer = self.discriminate(x, both)
            total = ops.sum(answer["score"])
        parts = ({k: _of_turn(v, turn) for k, v in answer.items()} for turn in (0, 1))
        vars(self).update(zip(("answer", "real_answer"), parts, strict=True))
        if slopes:
            found = squared_norms(tape.gradient(total, x))
            self.slopes = {
                name: _of_turn(found, turn, self.pack)
                for turn, name in enumerate(("fake", "real"))
            }


def _in_turns(first, second, group):
    """The rows of two tensors in turns, `group` of each, (2 n, ...).

    Each part of the rows then has as many of both, as a replica of several has.
    """
    tail = first.shape[1:]
    both = [ops.reshape(x, (-1, group, *tail)) for x in (first, second)]
    return ops.reshape(ops.stack(both, 1), (-1, *tail))


def _of_turn(rows, turn, group=1):
    """Every second group of rows, as `_in_turns` joined them: the first ones, or the second."""
    tail = rows.shape[1:]
    return ops.reshape(ops.reshape(rows, (-1, 2, group, *tail))[:, turn], (-1, *tail))
