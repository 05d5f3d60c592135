"""DCGAN (Radford 2015): the GAN with convolutional networks.

bin/train_gan --variant=dcgan --dataset=mnist
MNIST: 705 s on 2 busy cores; all ten digits, each in >= 5.5 % of the samples.
"""

from dataclasses import dataclass

from kgan.config import Config as Base
from kgan.configs import gan


@dataclass(frozen=True)
class Config(Base):
    """The defaults of this variant."""

    network: str = "dcgan"
    width: int = 32
    updates: int = 2800
    ema: float = 0.999
    # At equal rates these narrow nets let D run ahead and G leave digits out.
    generator_rate: float = 1e-3


build = gan.build
drawable = gan.drawable
