"""DualGAN (Yi 2017): two Wasserstein games with clipped critics, U-Nets with dropout.

bin/train_gan --variant=dualgan
Digits, the first command: holes are filled as by CycleGAN. Yi's rates of 5e-5 and weights
from 100 on left them almost as they were, after as many updates.
"""

from dataclasses import dataclass

from kgan.configs import cyclegan


@dataclass(frozen=True)
class Config(cyclegan.Config):
    """As `configs.cyclegan`; cycle_weight is between 100 and 1000 in the paper, for
    runs many times as long."""

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
    adversarial_weight: float = 1.0
    cycle_weight: float = 10.0


build = cyclegan.build
