"""DF-GAN (Tao 2022): pictures from captions in one stage; StackGAN, configured.

bin/train_gan --variant=dfgan --dataset=coloured_digits
"""

from dataclasses import dataclass

from kgan.configs import stackgan


@dataclass(frozen=True)
class Config(stackgan.Config):
    """The defaults of this variant."""

    network: str = "dfgan"
    penalty: str = "ma_gp"
    penalty_weight: float = 2.0
    discriminator_rate: float = 4e-4
    generator_rate: float = 1e-4
    momentum: float = 0.0
    beta_2: float = 0.9


build = stackgan.build
drawable = stackgan.drawable
earlier = stackgan.earlier
