"""Generative adversarial networks for Keras 3 on TensorFlow.

    import kgan

    run = kgan.train("infogan", dataset="digits", workdir="runs/mine", epochs=50)
    images = kgan.load("runs/mine").generate(16, seed=0, category=3)

Each public name is loaded when it is first asked for: importing kgan is quick, needs no
other package, and a wrong command is answered before TensorFlow is loaded.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgan import (
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
    from kgan.api import check_data, load, train
    from kgan.data import Dataset, DomainSource, Field
    from kgan.errors import UserError
    from kgan.export.exported import Exported
    from kgan.export.saved_model import export_generator
    from kgan.game import Game
    from kgan.models import (
        CGAN,
        GAN,
        AdvGAN,
        AttGAN,
        Crypto,
        CycleGAN,
        DiscoGAN,
        InfoGAN,
        MoCoGAN,
        MusicGAN,
        NextFrame,
        Pix2Pix,
        StackGAN,
        Text,
        WrittenMusic,
    )
    from kgan.runs import Run
    from kgan.trained import augment_dataset, defend, edit, find_directions, invert

__version__ = "0.2.0"
__all__ = [
    "CGAN",
    "GAN",
    "AdvGAN",
    "AttGAN",
    "Crypto",
    "CycleGAN",
    "Dataset",
    "DiscoGAN",
    "DomainSource",
    "Exported",
    "Field",
    "Game",
    "InfoGAN",
    "MoCoGAN",
    "MusicGAN",
    "NextFrame",
    "Pix2Pix",
    "Run",
    "StackGAN",
    "Text",
    "UserError",
    "WrittenMusic",
    "augment_dataset",
    "augmentations",
    "check_data",
    "configs",
    "data",
    "defend",
    "edit",
    "export_generator",
    "find_directions",
    "health",
    "invert",
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
# The module of each name; a name without one is a module of kgan itself.
_PLACES = {
    **dict.fromkeys(("check_data", "load", "train"), "kgan.api"),
    **dict.fromkeys(("augment_dataset", "defend", "edit"), "kgan.trained"),
    **dict.fromkeys(("find_directions", "invert"), "kgan.trained"),
    **dict.fromkeys(("Dataset", "DomainSource", "Field"), "kgan.data"),
    "UserError": "kgan.errors",
    "Exported": "kgan.export.exported",
    "export_generator": "kgan.export.saved_model",
    "Game": "kgan.game",
    **dict.fromkeys(("CGAN", "GAN", "AdvGAN", "AttGAN", "Crypto"), "kgan.models"),
    **dict.fromkeys(("DiscoGAN", "InfoGAN", "MoCoGAN", "MusicGAN"), "kgan.models"),
    **dict.fromkeys(("NextFrame", "Pix2Pix", "StackGAN", "Text"), "kgan.models"),
    **dict.fromkeys(("CycleGAN", "WrittenMusic"), "kgan.models"),
    "Run": "kgan.runs",
}


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(importlib.import_module(_PLACES[name]), name)
    if name in __all__:
        return importlib.import_module(f"kgan.{name}")
    raise AttributeError(f"module 'kgan' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
