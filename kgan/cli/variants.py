"""The variants of the GAN: those that kgan brings, and files of the user's own."""

import functools
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from kgan.cli.frameworks import import_tensorflow
from kgan.errors import UserError
from kgan.variants import load, names

__all__ = ["find", "load", "names"]


@functools.cache
def find(name: str) -> ModuleType:
    """Returns the config module of a variant, of kgan or in a file of the user's own.

    TensorFlow is loaded for the user's file alone, which may import it.

    Raises:
        UserError: there is none; names the nearest.
    """
    if name.endswith(".py"):
        return _load_file(Path(name).expanduser())
    return load(name, further=", or a file NAME.py of your own")


def _load_file(path):
    if not path.is_file():
        raise UserError(f"variant={path}", "no such file")
    import_tensorflow()  # quietly
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader  # as of any file that ends in .py
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
        raise UserError(f"variant={path}", problem) from error
    for part in ("Config", "build"):
        if not hasattr(module, part):
            raise UserError(
                f"variant={path}",
                f"it has no {part}",
                "the file must define Config and build(config, spec)",
            )
    return module
