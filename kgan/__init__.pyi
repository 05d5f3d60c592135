from . import (
    augmentations,
    configs,
    data,
    health,
    metrics,
    networks,
    objectives,
    optimizers,
    penalties,
    priors,
    schedules,
)
from .api import load, train
from .data import Dataset, DomainSource, Field
from .errors import UserError
from .export.exported import Exported
from .export.saved_model import export_generator
from .game import Game
from .models import CGAN, GAN, CycleGAN, DiscoGAN, InfoGAN, Pix2Pix
from .runs import Run

__version__: str
__all__ = [
    "CGAN",
    "GAN",
    "CycleGAN",
    "Dataset",
    "DiscoGAN",
    "DomainSource",
    "Exported",
    "Field",
    "Game",
    "InfoGAN",
    "Pix2Pix",
    "Run",
    "UserError",
    "augmentations",
    "configs",
    "data",
    "export_generator",
    "health",
    "load",
    "metrics",
    "networks",
    "objectives",
    "optimizers",
    "penalties",
    "priors",
    "schedules",
    "train",
]
