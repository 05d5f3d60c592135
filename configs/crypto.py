"""Neural cryptography (Abadi & Andersen 2016): Alice and Bob hide messages from Eve.

An experiment in learning, no cipher: protect nothing with it.

bin/train_gan --variant=crypto --jit=on
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kgan.config import OPTIMIZERS
from kgan.errors import UserError
from kgan.fields import option
from kgan.settings import Basic

if TYPE_CHECKING:
    from kgan.data import Spec
    from kgan.models import Crypto

PLAYERS = ("released", "paper")


@dataclass(frozen=True)
class Config(Basic):
    """Its own fields: no picture, no latent and no discriminator is in this game."""

    learns_from: ClassVar[str] = "messages"
    dataset: ClassVar[str] = "messages16"

    # The paper's 4,096 took four times as long for the same result.
    batch_size: int = 1024
    updates: int = 10_000
    rounds: int = option(
        2, "updates of Eve per update of Alice and Bob", least=1, most=100
    )
    network: str = option(
        "released",
        "networks of all three: released is the authors' code, paper is the paper's "
        "text, which takes twice as many updates",
        choices=PLAYERS,
    )
    noise: float = option(
        0.0,
        "standard deviation of the noise on ciphertexts",
        least=0.0,
        most=100.0,
    )
    rounding: bool = option(False, "send only the signs of a ciphertext")
    optimizer: str = option("adam", "optimizer of both sides", choices=OPTIMIZERS)
    eve_rate: float = option(8e-4, "Eve's learning rate", least=0.0, most=100.0)
    pair_rate: float = option(
        8e-4, "the learning rate of Alice and Bob", least=0.0, most=100.0
    )
    momentum: float = option(
        0.9, "Adam's beta_1; momentum of SGD and RMSProp", least=0.0, most=0.9999
    )
    beta_2: float = option(
        0.999,
        "Adam's beta_2; the decay of RMSProp",
        least=0.0,
        most=0.999999,
        idle_with=("optimizer", "sgd"),
    )


def build(config: Config, spec: "Spec") -> "Crypto":
    """Returns a compiled game for messages and keys of a `kgan.data.Spec`."""
    from kgan.configs import choices
    from kgan.models import Crypto
    from kgan.networks import crypto

    bits = _bits(spec)
    game = Crypto(
        alice=crypto.alice(bits, config.network),
        bob=crypto.bob(bits, config.network),
        eve=crypto.eve(bits, config.network),
        noise=config.noise,
        rounding=config.rounding,
        max_steps=config.rounds,
        seed=config.seed,
    )
    make = choices.OPTIMIZERS[config.optimizer]
    game.compile(
        max_optimizer=make(config.eve_rate, config),
        min_optimizer=make(config.pair_rate, config),
    )
    return game


def _bits(spec):
    """The number of bits of a message."""
    if "key" not in spec.fields:
        raise UserError(
            "variant=crypto",
            "the data have no keys",
            "use `dataset=messages16`, messages32 or messages64",
        )
    return spec.shape[0]
