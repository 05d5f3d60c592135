"""DualGAN (Yi 2017): two Wasserstein games with clipped critics, U-Nets with dropout.

bin/train_gan --variant=dualgan
Its cost and what it reaches are not measured yet.
"""

from dataclasses import dataclass

from configs import cyclegan


@dataclass(frozen=True)
class Config(cyclegan.Config):
    """As `configs.cyclegan`; cycle_weight is between 100 and 1000 in the paper."""

    width: int = 16
    objective: str = "wasserstein"
    clip_weights: float = 0.01
    discriminator_steps: int = 3
    optimizer: str = "rmsprop"
    discriminator_rate: float = 5e-5
    generator_rate: float = 5e-5
    momentum: float = 0.0
    beta_2: float = 0.9
    network: str = "unet"
    pool: int = 0
    decay: float = 0.0
    adversarial_weight: float = 1.0
    cycle_weight: float = 500.0


build = cyclegan.build
