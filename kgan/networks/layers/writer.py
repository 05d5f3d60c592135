"""A layer that writes a line symbol by symbol."""

from typing import Any, cast

import keras
from keras import layers, ops

from kgan.networks.layers.draws import straight_through, temperature_of
from kgan.typing import Number, Tensor


@keras.saving.register_keras_serializable("kgan")
class Writer(layers.Layer):
    """A recurrent network that draws each symbol after those that it drew before.

    At position t an LSTM and a dense layer give logits a_t of the V symbols, and the symbol
    is argmax(a_t + g_t). With Gumbel noise g this draws it from softmax(a_t); with g of
    c times the noise, from softmax(a_t / c). The gradient is that of
    softmax((a_t + g_t) / temperature): straight-through Gumbel-softmax (Jang 2017, Eq. 2).

    It takes the noise, (n, L, V), and returns rows of 0 and one 1, float32 (n, L, V).

    Args:
        symbols: V.
        width: of the LSTM and of what stands for a symbol.
        ends: whether symbol 0 ends a line, and fills the rest of it.

    Attributes:
        temperature: of the gradient, a variable that the game sets.
    """

    def __init__(
        self, symbols: int, width: int = 64, ends: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.symbols, self.width, self.ends = symbols, width, ends
        self.embedding = layers.Dense(width, use_bias=False, name="embedding")
        self.cell = layers.LSTMCell(width, name="cell")
        self.head = layers.Dense(symbols, dtype="float32", name="head")

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.embedding.build((None, self.symbols))
        self.cell.build((None, self.width))
        self.head.build((None, self.width))
        self.temperature = temperature_of(self)

    def call(self, noise: Tensor) -> Tensor:
        noise = ops.cast(noise, "float32")
        symbol, state, done = self._start(noise)
        written, length = [], cast("int", noise.shape[1])
        for position in range(length):
            logits, state = self._step(symbol, state)
            symbol = straight_through(logits + noise[:, position], self.temperature)
            if self.ends:
                symbol = (1.0 - done) * symbol + done * _end(symbol)
                done = ops.stop_gradient(symbol[:, :1])
            written.append(symbol)
        return ops.stack(written, axis=1)

    def log_likelihood(self, x: Tensor, temperature: Number = 1.0) -> Tensor:
        """Returns log p of each symbol of lines after those before it, (n, L).

        What follows the end of a line is certain.

        Args:
            x: rows of 0 and one 1, (n, L, V).
            temperature: that divides the logits.
        """
        x = ops.cast(x, "float32")
        symbol, state, done = self._start(x)
        found, length = [], cast("int", x.shape[1])
        for position in range(length):
            logits, state = self._step(symbol, state)
            symbol = x[:, position]
            log_p = ops.log_softmax(logits / temperature)
            log_p = ops.sum(log_p * symbol, axis=-1, keepdims=True)
            found.append((1.0 - done) * log_p)
            if self.ends:
                done = ops.maximum(done, symbol[:, :1])
        return ops.concatenate(found, axis=1)

    def _start(self, x):
        """What stands before the first symbol; the state; whether a line has ended."""
        nothing = ops.zeros_like(x[:, 0])
        state = ops.cast(ops.zeros_like(x[:, 0, :1]), self.compute_dtype)
        state = ops.repeat(state, self.width, axis=1)
        return nothing, [state, state], nothing[:, :1]

    def _step(self, symbol, state):
        x = self.embedding(ops.cast(symbol, self.compute_dtype))
        output, state = self.cell(x, state)
        return self.head(output), state

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        names = ("symbols", "width", "ends")
        return super().get_config() | {name: getattr(self, name) for name in names}


def _end(symbol):
    return ops.one_hot(ops.zeros_like(symbol[:, 0], "int32"), symbol.shape[-1])
