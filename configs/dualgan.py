"""DualGAN (Yi 2017): two Wasserstein games with clipped critics, U-Nets with dropout.

bin/train_gan --variant=dualgan
Digits, the first command: holes are filled as by CycleGAN. Yi's rates of 5e-5 and weights
from 100 on left them almost as they were, after as many updates.
"""

from dataclasses import dataclass

from kgan.config import Translation
from kgan.configs import cyclegan
from kgan.fields import weight


@dataclass(frozen=True)
class Config(Translation):
    """Adds the weights of the terms."""

    width: int = 16
    objective: str = "wasserstein"
    clip_weights: float = 0.01
    discriminator_steps: int = 3
    optimizer: str = "rmsprop"
    discriminator_rate: float = 5e-4
    generator_rate: float = 5e-4
    momentum: float = 0.0
    beta_2: float = 0.9
    network: str = "unet"
    pool: int = 0
    decay: float = 0.0
    adversarial_weight: float = weight(1.0, "weight of the adversarial term of G")
    cycle_weight: float = weight(
        10.0,
        "lambda, the weight of the cycle term; Yi's is between 100 and 1000, for runs many "
        "times as long",
    )
    identity_weight: float = weight(
        0.0, "weight of the identity term, of G(y) - y; 0 is none"
    )


build = cyclegan.build
drawable = cyclegan.drawable
