"""Adversarial neural cryptography (Abadi & Andersen 2016): Alice and Bob against Eve."""

from typing import Any

import keras
from keras import ops

from kgan.game import Game
from kgan.randomness import normal
from kgan.typing import Seed, Tensor, Tensors


@keras.saving.register_keras_serializable("kgan")
class Crypto(Game):
    """The game in which Alice and Bob, who share a key, hide messages from Eve.

    It is an experiment in learning, no cipher: protect nothing with it.
    `kgan.applications.cryptanalysis` breaks what it learns.

    Messages P, the field "real", and keys K, the field "key", are bits -1 and 1, (n, N).
    Alice sends C = A(P, K). Eve lowers the wrong bits of E(C); Alice and Bob together
    lower those of B(C, K), and want those of Eve to be N/2, which is guessing. Were Eve
    always wrong, she would only need to flip her bits.

    Args:
        alice: maps {"message", "key"} to ciphertexts (n, N) in (-1, 1).
        bob: maps {"ciphertext", "key"} to messages (n, N) in (-1, 1).
        eve: maps {"ciphertext"} to messages (n, N) in (-1, 1).
        noise: standard deviation of the noise that the channel adds to ciphertexts.
        rounding: whether only the signs of a ciphertext are sent. Gradients go through
            as if they were the values (straight-through).

    Example:
        from kgan.networks import crypto

        players = {"alice": crypto.alice(16), "bob": crypto.bob(16)}
        game = kgan.Crypto(**players, eve=crypto.eve(16), max_steps=2)
        game.compile(max_optimizer="adam", min_optimizer="adam")
    """

    sides = ("Eve", "AB")
    tracked = (
        "Eve/reconstruction",
        "AB/bob",
        "AB/secrecy",
        "Bob bits",
        "Bob signs",
        "Eve bits",
    )

    def __init__(
        self,
        *,
        alice: keras.Model,
        bob: keras.Model,
        eve: keras.Model,
        noise: float = 0.0,
        rounding: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.alice, self.bob, self.eve = alice, bob, eve
        self.noise, self.rounding = noise, rounding

    def max_players(self) -> list[keras.Model]:
        return [self.eve]

    def min_players(self) -> list[keras.Model]:
        return [self.alice, self.bob]

    def encrypt(self, message: Tensor, key: Tensor, seed: Seed) -> Tensor:
        """Returns the ciphertexts of messages as the channel delivers them, (n, N).

        Args:
            message: -1 and 1, (n, N).
            key: -1 and 1, (n, N).
            seed: of the channel's noise, int32 (2,).
        """
        sent = self.alice({"message": message, "key": key}, training=True)
        if self.rounding:
            sign = ops.where(sent >= 0, 1.0, -1.0)
            sent = sent + ops.stop_gradient(sign - sent)
        if self.noise:
            sent = sent + self.noise * normal(ops.shape(sent), seed)
        return sent

    def forward(self, batch: Tensors) -> Tensors:
        """Returns the messages, and what Bob and Eve take them for: (n, N) each."""
        message, key = batch["real"], batch["key"]
        ciphertext = self.encrypt(message, key, self.fresh_seed())
        bob = self.bob({"ciphertext": ciphertext, "key": key}, training=True)
        eve = self.eve({"ciphertext": ciphertext}, training=True)
        return {"message": message, "bob": bob, "eve": eve}

    def max_terms(self, played: Tensors) -> Tensors:
        return {"reconstruction": wrong_bits(played["message"], played["eve"])}

    def min_terms(self, played: Tensors) -> Tensors:
        message, bits = played["message"], self.alice.output_shape[-1]
        bob, eve = (wrong_bits(message, played[name]) for name in ("bob", "eve"))
        self.track("Bob bits", bob)
        self.track("Bob signs", wrong_bits(message, ops.sign(played["bob"])))
        self.track("Eve bits", eve)
        return {"bob": bob / bits, "secrecy": ops.square(1.0 - eve / (bits / 2))}

    def get_config(self) -> dict[str, Any]:
        parts = {name: getattr(self, name) for name in ("alice", "bob", "eve")}
        return (
            super().get_config()
            | keras.saving.serialize_keras_object(parts)
            | {"noise": self.noise, "rounding": self.rounding}
        )


def wrong_bits(message: Tensor, read: Tensor) -> Tensor:
    """Returns how many bits of each message are read wrong: sum |P - P'| / 2, (n,).

    What lies between -1 and 1 counts in part: an answer of zeros has N/2 wrong bits.
    """
    return ops.sum(ops.abs(message - read), axis=-1) / 2
