"""Attacks on what Alice and Bob of a `kgan.Crypto` game have learned.

Each returns how many bits of a message its attacker reads wrong; half of them is
guessing.
"""

import functools
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from keras import ops

from kgan.data.sources.messages import draw
from kgan.models import Crypto
from kgan.networks import crypto
from kgan.optimizers import Adam
from kgan.randomness import fold_in
from kgan.training.steps import compiled_steps

if TYPE_CHECKING:
    from kgan.typing import Seed

BATCH, CHUNK = 1024, 1000  # messages of a step; steps from one look to the next
LEARNED, TESTED = 16_384, 16_384  # messages
KEYS, OF_A_KEY = 64, 256  # keys that are used again, and messages that each hides
RIDGE, TINY = 1e-3, 1e-9  # relative to the number of examples; of values that rest


def intercepted(game: Crypto, n: int, seed: "Seed") -> dict[str, np.ndarray]:
    """Returns n messages, keys and ciphertexts: {"real", "key", "ciphertext"}, (n, N).

    Args:
        game: the trained game.
        n: how many.
        seed: int32 (2,).
    """
    batch = _batch(game, n, seed)
    sent = game.encrypt(batch["real"], batch["key"], fold_in(seed, 1))
    return {k: np.asarray(v) for k, v in (batch | {"ciphertext": sent}).items()}


def fresh_eve(game: Crypto, steps: int, seed: int, rate: float = 8e-4) -> list[float]:
    """Trains a new Eve, like the game's own, against Alice and Bob as they are.

    Args:
        game: the trained game, which does not change.
        steps: of her training, with fresh messages each.
        seed: of her weights and of her messages.
        rate: her learning rate.

    Returns:
        The mean of her wrong bits over each thousand steps; all of fewer.
    """
    keras.utils.set_random_seed(seed)
    like = keras.models.clone_model(game.eve)
    return _trained(game, like, steps, seed, rate)


def strong_eve(game: Crypto, steps: int, seed: int, rate: float = 1e-3) -> list[float]:
    """Trains an Eve with a wider network, who scales each value of the ciphertext.

    Arguments and result are those of `fresh_eve`.
    """
    keras.utils.set_random_seed(seed)
    sent = intercepted(game, LEARNED, (seed, 3))["ciphertext"]
    made = crypto.strong_eve(sent.shape[1], sent.mean(0), sent.var(0))
    return _trained(game, made, steps, seed, rate)


def known_networks(game: Crypto, seed: int) -> tuple[float, float]:
    """Reads messages of an attacker who has the networks and not the keys (Kerckhoffs).

    She makes messages and keys of her own, fits a linear map from their ciphertexts to
    the keys, and gives the keys that it finds to Bob's network.

    Returns:
        The wrong bits of a key and those of a message, means.
    """
    own, new = (intercepted(game, LEARNED, (seed, number)) for number in (4, 5))
    key = np.sign(_linear(own["ciphertext"], own["key"], new["ciphertext"]))
    inputs = {"ciphertext": new["ciphertext"], "key": key.astype("float32")}
    read = np.sign(game.bob.predict(inputs, batch_size=BATCH, verbose=0))
    return _wrong(new["key"], key), _wrong(new["real"], read)


def reused_key(game: Crypto, known: int, seed: int) -> float:
    """Reads messages of an attacker who knows some others under the same key.

    Args:
        game: the trained game.
        known: the number of messages of each key that are known.
        seed: of messages and keys.

    Returns:
        The wrong bits of an unknown message, a mean over several keys.
    """
    batch = _batch(game, KEYS * (OF_A_KEY + known), (seed, 6))
    key = ops.repeat(batch["key"][:KEYS], OF_A_KEY + known, axis=0)
    sent = np.asarray(game.encrypt(batch["real"], key, (seed, 7)))
    parts = [np.split(np.asarray(a), KEYS) for a in (batch["real"], sent)]
    wrong = [
        _wrong(p[known:], np.sign(_linear(c[:known], p[:known], c[known:])))
        for p, c in zip(*parts, strict=True)
    ]
    return float(np.mean(wrong))


def correlations(game: Crypto, seed: int) -> tuple[float, float]:
    """Measures what a value of the ciphertext shows by itself.

    Returns:
        The largest correlation of a value with a bit of the key, and with one of the
        message.
    """
    found = intercepted(game, LEARNED, (seed, 8))
    bits = found["key"].shape[1]
    with np.errstate(invalid="ignore"):  # of a value that never changes
        table = np.corrcoef(
            found["ciphertext"], np.hstack([found["key"], found["real"]]), rowvar=False
        )
    shares = np.nan_to_num(np.abs(table[:bits, bits:]))
    return float(shares[:, :bits].max()), float(shares[:, bits:].max())


def _batch(game, n, seed):
    """Messages and keys of the game's size, -1 and 1."""
    drawn = draw(game.alice.output_shape[-1], n, seed)
    return {name: 2.0 * ops.cast(bits, "float32") - 1.0 for name, bits in drawn.items()}


def _trained(game, eve, steps, seed, rate):
    """Wrong bits of an Eve, a mean over each chunk of her training."""
    attacked: Any = Crypto(
        alice=game.alice,
        bob=game.bob,
        eve=eve,
        noise=game.noise,
        rounding=game.rounding,
        seed=seed,
    )
    attacked.compile(max_optimizer=Adam(rate), jit_compile=True)
    fresh = functools.partial(_batch, game)
    step = compiled_steps(attacked, fresh, BATCH, [[attacked.max_side]])
    chunks = [min(CHUNK, steps - done) for done in range(0, steps, CHUNK)]
    return [
        step(count, (seed, 9 + number))["Eve/reconstruction"]
        for number, count in enumerate(chunks)
    ]


def _linear(x, y, new):
    """Ridge regression of y on x and a constant, (n, d): what it says of `new`."""
    # Of one key a message moves the values by a hundredth: they are scaled first.
    mean, scale = x.mean(0), x.std(0) + TINY
    x, new = (
        np.hstack([(one - mean) / scale, np.ones((len(one), 1))]) for one in (x, new)
    )
    square = x.T @ x + RIDGE * len(x) * np.eye(x.shape[1])
    return new @ np.linalg.solve(square, x.T @ y)


def _wrong(bits, read):
    """Wrong bits of a row, a mean."""
    return float((np.abs(bits - read) / 2).sum(1).mean())
