"""One round of a GAN."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import tensorflow as tf
from keras import ops


@dataclass
class Round:
    """What the players met: real data, G's input and what it made.

    D is asked when its answer is needed, and once.

    Attributes:
        judge: (data, (n, ...); the batch that it belongs to) -> D's answer.
    """

    batch: dict
    latent: dict
    fake: tf.Tensor
    judge: Callable

    @functools.cached_property
    def answer(self):
        """D's answer to what G made."""
        return self.judge(self.fake, self.batch)

    @functools.cached_property
    def real_answer(self):
        """D's answer to the real data."""
        return self.judge(self.batch["real"], self.batch)

    def score_together(self):
        """Asks D for both answers in one pass, which is cheaper; unless one is there."""
        if vars(self).keys() & {"answer", "real_answer"}:
            return
        real = ops.cast(self.batch["real"], self.fake.dtype)
        both = {k: ops.concatenate([v, v]) for k, v in self.batch.items()}
        answer = self.judge(ops.concatenate([self.fake, real]), both)
        halves = {k: ops.split(v, 2) for k, v in answer.items()}
        self.answer = {k: v[0] for k, v in halves.items()}
        self.real_answer = {k: v[1] for k, v in halves.items()}
