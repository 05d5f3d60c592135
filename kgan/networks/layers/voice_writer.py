"""A layer that writes music for several voices, pitch by pitch."""

from typing import Any

import keras
import tensorflow as tf
from keras import layers, ops

from kgan.networks.layers import intervals
from kgan.networks.layers.draws import straight_through, temperature_of
from kgan.typing import Number, Tensor

FASTER = 10.0  # how much faster than other weights those of intervals learn


@keras.saving.register_keras_serializable("kgan")
class VoiceWriter(layers.Layer):
    """A recurrent network that draws each pitch after those that it drew before.

    A GRU goes over the steps. At a step it reads the pitches of the step before, and the
    voices are written one after the other, the first first. The logits of voice v are

        a_v = dense(relu(dense(state, all voices of the step before, voices known now)))
              + 10 (sum_w I_vw[interval to w] + sum_w K_vw[interval kept to w])

    where w are the voices known now, and the voice itself a step before. I has a number
    for each interval. K has one for each of 12 intervals, octaves apart counted as one: it
    counts if the step before had the same interval, and both voices move, which is
    parallel motion. Both hold in every key, so that a fifth learned in one is known in
    all; they begin as 0, and learn ten times faster than the dense layers.

    Pitch v is argmax(a_v + g_v). With Gumbel noise g this draws it from softmax(a_v), with
    c times the noise from softmax(a_v / c). The gradient is that of
    softmax((a_v + g_v) / temperature) (straight-through Gumbel-softmax, Jang 2017, Eq. 2).

    It takes the noise, (n, T, V, P), and with `given` the first voices, which are known at
    every step and read ahead by a second GRU, one-hot (n, T, given, P). It returns the V
    other voices, one-hot float32 (n, T, V, P).

    Args:
        width: of the GRU and of the hidden layer of each voice.
        given: how many voices are given.

    Attributes:
        temperature: of the gradient, a variable that the game sets.
    """

    def __init__(self, width: int = 256, given: int = 0, **kwargs: Any) -> None:
        super().__init__(**{"dtype": "float32"} | kwargs)
        self.width, self.given = width, given
        # Not the layer's own dtype: draws and likelihoods are of float32 in any policy.
        # Nor cuDNN's, which would not run on a CPU where the game was exported on a GPU.
        own: Any = {"return_sequences": True, "dtype": "float32", "use_cudnn": False}
        self.memory = layers.GRU(width, **own)
        self.ahead = None
        if given:
            self.ahead = layers.GRU(width, go_backwards=True, **own)
        self.voices: list[_Voice] = []

    def build(self, noise_shape: Any, source_shape: Any = None) -> None:
        _, self.steps, made, self.pitches = noise_shape
        every = self.given + made
        known = self.steps + every * self.pitches
        if self.ahead:
            self.ahead.build((None, self.steps, self.given * self.pitches))
            known += self.width
        self.memory.build((None, self.steps, known))
        self.voices = [
            _Voice(number, self.width, self.pitches, name=f"voice_{number}")
            for number in range(self.given, every)
        ]
        for voice in self.voices:
            voice.build((None, self.width + every * self.pitches))
        self.temperature = temperature_of(self)

    def call(self, noise: Tensor, source: Tensor | None = None) -> Tensor:
        noise = ops.cast(noise, "float32")
        rows = {"noise": noise, "told": self._told(noise, source)}
        if source is not None:
            rows["given"] = ops.cast(source, "float32")
        nothing = ops.zeros_like(noise[:, 0, :1])
        chord = ops.repeat(nothing, self.given + len(self.voices), axis=1)
        state = ops.repeat(nothing[:, 0, :1], self.width, axis=1)
        rows = {name: ops.swapaxes(row, 0, 1) for name, row in rows.items()}
        written, _ = tf.scan(self._step, rows, (chord, state))
        return ops.swapaxes(written, 0, 1)[:, :, self.given :]

    def _step(self, before, row):
        """Writes the voices of a step: (chord, state) after those of the step before."""
        chord, state = before
        heard = ops.concatenate([_flat(chord), row["told"]], axis=-1)
        state, _ = self.memory.cell(heard, [state])
        now = row.get("given", chord[:, :0])
        noise = ops.unstack(row["noise"], axis=1)
        for voice, gumbel in zip(self.voices, noise, strict=True):
            scores = voice.logits(state, chord, now) + gumbel
            drawn = straight_through(scores, self.temperature)
            now = ops.concatenate([now, drawn[:, None]], axis=1)
        return now, state

    def log_likelihood(self, x: Tensor, temperature: Number = 1.0) -> Tensor:
        """Returns log p of each pitch after those before it, (n, T, V).

        Args:
            x: all voices, the given ones first, one-hot (n, T, given + V, P).
            temperature: that divides the logits.
        """
        x = ops.cast(x, "float32")
        source = x[:, :, : self.given] if self.given else None
        before = ops.pad(x[:, :-1], [(0, 0), (1, 0), (0, 0), (0, 0)])
        told = self._told(x, source)
        state = self.memory(ops.concatenate([_flat(before), told], axis=-1))
        found = []
        for voice in self.voices:
            logits = voice.logits(state, before, x[:, :, : voice.number])
            log_p = ops.log_softmax(logits / temperature)
            found.append(ops.sum(log_p * x[:, :, voice.number], axis=-1))
        return ops.stack(found, axis=-1)

    def _told(self, x, source):
        """What is known of each step before it is written: its number, what is ahead."""
        number = ops.eye(self.steps) + ops.zeros_like(x[:, :1, 0, :1])
        if source is None or self.ahead is None:
            return number
        ahead = self.ahead(_flat(ops.cast(source, "float32")))
        return ops.concatenate([number, ops.flip(ahead, axis=1)], axis=-1)

    def compute_output_shape(self, noise_shape: Any, source_shape: Any = None) -> Any:
        return noise_shape

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"width": self.width, "given": self.given}


class _Voice(layers.Layer):
    """The logits of one voice, number `number` of all."""

    def __init__(self, number, width, pitches, **kwargs):
        super().__init__(dtype="float32", **kwargs)
        self.number = number
        self.hidden = layers.Dense(width, "relu", name="hidden", dtype="float32")
        self.head = layers.Dense(pitches, name="head", dtype="float32")

    def build(self, known):
        n, width = known
        pitches = self.head.units
        self.hidden.build((n, width + self.number * pitches))
        self.head.build((n, self.hidden.units))
        # Silence is no interval: its number is a last one, which stays 0.
        self.above = intervals.above(pitches)
        self.fold = intervals.fold(pitches)
        self.between = intervals.between()
        shape = (self.number + 1, 2 * pitches - 1)
        self.intervals = self.add_weight(
            name="intervals", shape=shape, initializer="zeros"
        )
        if self.number:
            self.kept = self.add_weight(
                name="kept",
                shape=(self.number, intervals.CLASSES),
                initializer="zeros",
            )

    def logits(self, state, before, now):
        """The logits, (..., P), after the state, all voices before, and those known."""
        features = ops.concatenate([state, _flat(before), _flat(now)], axis=-1)
        own = before[..., self.number : self.number + 1, :]
        heard = _flat(ops.concatenate([now, own], axis=-2))
        table = ops.take(ops.pad(self.intervals, [(0, 0), (0, 1)]), self.above, axis=1)
        held = ops.matmul(heard, ops.reshape(table, (heard.shape[-1], -1)))
        if self.number:
            held += self._parallels(before, now, own)
        return self.head(self.hidden(features)) + FASTER * held

    def _parallels(self, before, now, own):
        """What parallel motion with the known voices adds, (..., P)."""
        others = before[..., : self.number, :]
        classes = ops.matmul(others, self.fold)
        interval = ops.einsum(
            "...wa,...vb,abi->...wi", classes, ops.matmul(own, self.fold), self.between
        )
        moves = 1.0 - ops.sum(others * now, axis=-1, keepdims=True)
        weights = interval * self.kept * moves
        sounding = ops.matmul(now, self.fold)
        led = ops.einsum("...wi,...wa,abi->...b", weights, sounding, self.between)
        return (1.0 - own[..., 0, :]) * ops.matmul(led, self.fold.T)


def _flat(x):
    """Joins the last two axes of a tensor."""
    return ops.reshape(x, (*ops.shape(x)[:-2], x.shape[-2] * x.shape[-1]))
