"""The variants that kgan brings, found by name; TensorFlow is not loaded for it."""

import importlib
import pkgutil
from types import ModuleType

from kgan import configs
from kgan.errors import UserError, nearest

SHARED = ("choices", "translation")  # modules of configs that are no variants


def names() -> list[str]:
    """Returns the names of the variants, in order."""
    found = (module.name for module in pkgutil.iter_modules(configs.__path__))
    return sorted(name for name in found if name not in SHARED)


def load(name: str, asked: str = "variant", further: str = "") -> ModuleType:
    """Returns the config module of a variant.

    Args:
        name: of the variant.
        asked: the argument that named it, for the message.
        further: what else may be named, for the message.

    Raises:
        UserError: there is no such variant; names the nearest.
    """
    known = names()
    if name not in known:
        raise UserError(
            f"{asked}={name}",
            f"no such variant{nearest(name, known)}",
            f"there are {', '.join(known)}{further}",
        )
    return importlib.import_module(f"kgan.configs.{name}")
