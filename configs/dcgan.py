"""DCGAN (Radford 2015): the GAN with convolutional networks.

bin/train_gan --variant=dcgan
"""

from dataclasses import dataclass

from configs import gan
from kgan.config import Config as Base


@dataclass(frozen=True)
class Config(Base):
    network: str = "dcgan"
    width: int = 32
    updates: int = 2800


build = gan.build
