"""One file per variant; each states only how it differs from `GAN`."""

from kgan.models.advgan import AdvGAN
from kgan.models.attgan import AttGAN
from kgan.models.cgan import CGAN
from kgan.models.crypto import Crypto
from kgan.models.cyclegan import CycleGAN, translators
from kgan.models.discogan import DiscoGAN
from kgan.models.gan import GAN
from kgan.models.infogan import InfoGAN
from kgan.models.mocogan import MoCoGAN
from kgan.models.music import MusicGAN, WrittenMusic
from kgan.models.next_frame import NextFrame
from kgan.models.pix2pix import Pix2Pix
from kgan.models.stackgan import StackGAN
from kgan.models.text import Text
from kgan.models.translator import Translator

__all__ = [
    "CGAN",
    "GAN",
    "AdvGAN",
    "AttGAN",
    "Crypto",
    "CycleGAN",
    "DiscoGAN",
    "InfoGAN",
    "MoCoGAN",
    "MusicGAN",
    "NextFrame",
    "Pix2Pix",
    "StackGAN",
    "Text",
    "Translator",
    "WrittenMusic",
    "translators",
]
