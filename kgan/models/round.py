"""The data of one round of a GAN."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf
from keras import ops

from kgan.penalties import squared_norms
from kgan.typing import Tensors


@dataclass
class Round:
    """The real data, the latents and the fakes of one round, and D's outputs for them.

    D's outputs are computed when they are first needed, and once.

    Attributes:
        batch: the real data, and whatever else the batch holds.
        latent: the inputs of G.
        fake: what G made of them, (n, ...).
        discriminate: (data (n, ...), the batch that they belong to) -> D's outputs.
        slopes: "real" and "fake" -> the squared norm of the gradient of the score with
            respect to each example, (n,), once `score_together` has measured them.
    """

    batch: dict[str, Any]
    latent: dict[str, Any]
    fake: tf.Tensor
    discriminate: Callable[..., Any]
    slopes: Tensors = field(default_factory=dict)

    @functools.cached_property
    def answer(self) -> Tensors:
        """D's outputs for the fakes."""
        return self.discriminate(self.fake, self.batch)

    @functools.cached_property
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
        both = {k: ops.concatenate([v, v]) for k, v in self.batch.items()}
        x = ops.concatenate([self.fake, real])
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            if slopes:
                tape.watch(x)
            answer = self.discriminate(x, both)
            total = ops.sum(answer["score"])
        halves = {k: ops.split(v, 2) for k, v in answer.items()}
        self.answer = {k: v[0] for k, v in halves.items()}
        self.real_answer = {k: v[1] for k, v in halves.items()}
        if slopes:
            fake, real = ops.split(squared_norms(tape.gradient(total, x)), 2)
            self.slopes = {"fake": fake, "real": real}
