"""Generative adversarial networks for Keras 3 on TensorFlow.

    import kgan

    kgan.train("infogan", dataset="digits", workdir="runs/mine", epochs=50)
    images = kgan.load("runs/mine").generate(16, seed=0, category=3)

What stands in `__all__` is loaded when it is first asked for: importing kgan is quick,
and a wrong command is answered before TensorFlow is loaded.
"""

import importlib
from typing import Any

__version__ = "0.2.0"

_PLACES = {
    "kgan.api": ("train", "load"),
    "kgan.data": ("Dataset", "DomainSource"),
    "kgan.errors": ("UserError",),
    "kgan.game": ("Game",),
    "kgan.models": ("CGAN", "GAN", "CycleGAN", "DiscoGAN", "InfoGAN", "Pix2Pix"),
}
_NAMES = {name: place for place, names in _PLACES.items() for name in names}
__all__ = list(_NAMES)


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'kgan' has no attribute {name!r}")
    return getattr(importlib.import_module(_NAMES[name]), name)


def __dir__() -> list[str]:
    return __all__
