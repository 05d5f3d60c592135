"""One file per variant; each states only how it differs from `GAN`."""

from kgan.models.cgan import CGAN
from kgan.models.gan import GAN
from kgan.models.infogan import InfoGAN

__all__ = ["CGAN", "GAN", "InfoGAN"]
