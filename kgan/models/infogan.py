"""InfoGAN: a part of z is a code that a network can read back from the sample."""

import math
from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from kgan.controls import Choice, Control, Range
from kgan.models.gan import GAN
from kgan.models.round import Round
from kgan.randomness import integers, split, uniform
from kgan.typing import Number, Seed, Tensor, Tensors

SWEEP = (-1.0, -0.5, 0.0, 0.5, 1.0)  # what the code takes in training


@keras.saving.register_keras_serializable("kgan")
class InfoGAN(GAN):
    """The game min over G, Q, max over D of V(D, G) - lambda L_I(G, Q).

    The value is that of Chen 2016, Eq. 6.
    L_I = H(c) + E[log Q(c|x)] bounds the mutual information I(c; G(z, c)) from below.
    The code c is the end of z: first the one-hot categories, each uniform over its
    values, then the continuous codes ~ U(-1, 1), for which Q is a Gaussian with fixed
    deviation 1. Q shares the first layers of D, so the term is in the loss of both
    sides.

    Args:
        categories: sizes of the categorical codes.
        continuous: number of continuous codes.
        category_weight, continuous_weight: lambda for each kind.
        discriminator: returns {"score", "category_0", ..., "continuous"}, where
            "category_i" are logits (n, categories[i]), "continuous" (n, continuous).

    Example:
        heads = {"category_0": 3, "continuous": 2}
        game = kgan.InfoGAN(
            mlp.generator(16, (8, 8, 1), width=8),
            mlp.discriminator((8, 8, 1), width=8, heads=heads),
            categories=(3,),
        )
        images = game.generate(4, seed=0, category=2, continuous=[0.0, 1.0])
    """

    def __init__(
        self,
        *args: Any,
        categories: Sequence[int] = (10,),
        continuous: int = 2,
        category_weight: float = 1.0,
        continuous_weight: float = 0.1,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if self.pack != 1:
            raise ValueError(
                "Q shares D's trunk and must read the code of one example at a "
                f"time: InfoGAN has pack=1, got pack={self.pack}"
            )
        self.categories, self.continuous = tuple(categories), continuous
        self.category_weight = category_weight
        self.continuous_weight = continuous_weight
        heads = [f"category_{i}" for i in range(len(self.categories))]
        heads += ["continuous"] if continuous else []
        self.tracked += ("L_I", *(f"{s}/{head}" for s in self.sides for head in heads))

    @property
    def codes(self) -> list[str]:
        """Names of the categorical codes, as controls."""
        count = len(self.categories)
        names = [f"category_{i}" for i in range(count)]
        return ["category"] if count == 1 else names

    def controls(self) -> tuple[Control, ...]:
        found: list[Control] = [
            Choice(name, "the category to draw", tuple(map(str, range(size))))
            for name, size in zip(self.codes, self.categories, strict=True)
        ]
        if self.continuous:
            told = "the continuous codes to draw"
            found.append(Range("continuous", told, -1.0, 1.0, self.continuous))
        return (*found, *super().controls())

    @property
    def noise_width(self) -> int:
        return super().noise_width - sum(self.categories) - self.continuous

    def latents(
        self,
        n: int | Tensor,
        seed: Seed,
        truncation: Number | None = None,
        continuous: Any = None,
        **categories: Any,
    ) -> Tensors:
        seeds = split(seed, 2 + len(self.categories))
        chosen = [
            _each(categories.get(name), n, integers((n,), one, size))
            for name, one, size in zip(
                self.codes, seeds[2:], self.categories, strict=True
            )
        ]
        drawn = uniform((n, self.continuous), seeds[1], -1, 1)
        noise = self.prior((n, self.noise_width), seeds[0], truncation)
        return {"z": self.encode(noise, chosen, _each(continuous, n, drawn))}

    def encode(
        self, noise: Tensor, categories: list[Tensor], continuous: Tensor
    ) -> Tensor:
        """Returns z, made of noise (n, d), a list of int (n,), float (n, continuous)."""
        one_hot = [
            ops.one_hot(category, size)
            for category, size in zip(categories, self.categories, strict=True)
        ]
        return ops.concatenate([noise, *one_hot, continuous], axis=-1)

    def decode(self, z: Tensor) -> tuple[Tensor, list[Tensor], Tensor]:
        """Returns the parts of z: noise, list of one-hot codes, continuous codes."""
        sizes = [*self.categories, self.continuous]
        width: Any = z.shape[-1]
        ends = [width - sum(sizes[i:]) for i in range(len(sizes))]
        noise, *codes = ops.split(z, ends, axis=-1)
        return noise, codes[:-1], codes[-1]

    def nearest_latents(self, latent: Tensors) -> Tensors:
        noise, categories, continuous = self.decode(latent["z"])
        chosen = [ops.argmax(code, axis=-1) for code in categories]
        noise, continuous = self.prior.nearest(noise), ops.clip(continuous, -1.0, 1.0)
        return latent | {"z": self.encode(noise, chosen, continuous)}

    def max_terms(self, played: Round) -> Tensors:
        return super().max_terms(played) | self._information(played, track=True)

    def min_terms(self, played: Round) -> Tensors:
        return super().min_terms(played) | self._information(played)

    def _information(self, played, track=False):
        """Returns lambda times -log Q(c|x), each code apart, up to a constant."""
        _, categories, continuous = self.decode(played.latent["z"])
        terms, known = {}, 0.0
        for i, code in enumerate(categories):
            guess = played.answer[f"category_{i}"]
            surprise = -ops.sum(code * ops.log_softmax(guess), axis=-1)
            known += math.log(self.categories[i]) - surprise
            terms[f"category_{i}"] = self.category_weight * surprise
        if self.continuous:
            error = ops.square(continuous - played.answer["continuous"])
            half = 0.5 * ops.sum(error, axis=-1)
            terms["continuous"] = self.continuous_weight * half
        if track:
            self.track("L_I", known)
        return terms

    def preview_latents(self, seed: Seed) -> tuple[Tensors, int, int]:
        """Returns latents: a column per category; rows sweep each continuous code."""
        noise, _, _ = self.decode(self.latents(1, seed)["z"])
        columns = self.categories[0] if self.categories else 10
        sweeps = [
            [value if i == code else 0.0 for i in range(self.continuous)]
            for code in range(self.continuous)
            for value in SWEEP
        ] or [[]] * len(SWEEP)
        rows = len(sweeps)
        first = tf.tile(tf.range(columns), (rows,))
        others = [tf.zeros_like(first) for _ in self.categories[1:]]
        z = self.encode(
            tf.tile(noise, (rows * columns, 1)),
            ([first] if self.categories else []) + others,
            tf.repeat(
                tf.constant(sweeps, "float32", (rows, self.continuous)), columns, 0
            ),
        )
        return {"z": z}, rows, columns

    def control_values(self, latent: Tensors) -> Tensors:
        _, categories, continuous = self.decode(latent["z"])
        found = [ops.cast(ops.argmax(code, axis=-1), "int32") for code in categories]
        values = dict(zip(self.codes, found, strict=True))
        return values | ({"continuous": continuous} if self.continuous else {})

    def read_codes(self, x: Tensor) -> Tensors:
        """Returns the code that Q reads back from data as networks take them.

        Returns: name of a control -> logits (n, categories), or numbers (n, continuous).
        """
        answer = self.discriminator(x, training=False)
        heads = {name: f"category_{i}" for i, name in enumerate(self.codes)}
        heads |= {"continuous": "continuous"} if self.continuous else {}
        return {name: ops.cast(answer[head], "float32") for name, head in heads.items()}

    def get_config(self) -> dict[str, Any]:
        names = ("categories", "continuous", "category_weight", "continuous_weight")
        return super().get_config() | {name: getattr(self, name) for name in names}


def _each(given, n, drawn):
    """The value that was given for each of `n` samples, or else those drawn."""
    if given is None:
        return drawn
    given = tf.cast(given, drawn.dtype)
    return tf.broadcast_to(given, (n, *drawn.shape[1:]))
