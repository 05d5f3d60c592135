"""Every public name is documented, with an example or a reason to have none.

tests/docs/test_examples.py runs the examples.
"""

import importlib
import inspect
import pkgutil
import re
import types

import pytest

import kgan

EXAMPLE = re.compile(r"(?m)^Example:$|^ {4}\S.*=")
# Names that have no example of their own, and where one is.
WITHOUT = {
    "DiscoGAN": "it is built like CycleGAN, with a D that returns its features",
    "Game": "a whole game is longer: docs/howto/own_variant.md has one",
}
# Methods that Keras documents.
OF_KERAS = {"build", "call", "compute_output_shape", "get_config", "from_config"}
MODULES = {
    name for name in kgan.__all__ if isinstance(getattr(kgan, name), types.ModuleType)
}


def members():
    """The public names of the public modules: (module, name)."""
    for module in sorted(MODULES):
        one = getattr(kgan, module)
        own = [k for k, v in vars(one).items() if inspect.getmodule(v) is one]
        for name in getattr(one, "__all__", own):
            if name[0] != "_" and not name.isupper():  # a constant says it by itself
                yield module, name


def classes():
    """Every public class of the library."""
    for found in pkgutil.walk_packages(kgan.__path__, "kgan."):
        if not found.name.startswith(("kgan.cli", "kgan.experiments")):
            module = importlib.import_module(found.name)
            for name, one in inspect.getmembers(module, inspect.isclass):
                if one.__module__ == found.name and name[0] != "_":
                    yield one


@pytest.mark.parametrize("name", kgan.__all__)
def test_a_public_name_has_a_docstring_with_an_example(name):
    docstring = inspect.getdoc(getattr(kgan, name)) or ""
    assert docstring, "no docstring"
    if name in WITHOUT:
        assert not EXAMPLE.search(docstring), "the reason is not needed any more"
    else:
        assert EXAMPLE.search(docstring), "no example, and no reason to have none"


@pytest.mark.parametrize(("module", "name"), list(members()))
def test_what_a_public_module_holds_is_documented(module, name):
    """The example of the module shows how they are used."""
    assert inspect.getdoc(getattr(getattr(kgan, module), name))


def test_every_public_method_is_documented_or_overrides_one_that_is():
    undocumented = []
    for one in classes():
        for name, member in vars(one).items():
            is_method = isinstance(member, property | classmethod | staticmethod)
            if name[0] == "_" or not (is_method or inspect.isfunction(member)):
                continue
            if name not in OF_KERAS and not inspect.getdoc(getattr(one, name)):
                undocumented.append(f"{one.__module__}.{one.__name__}.{name}")
    assert undocumented == []


def test_how_many_there_are():
    """A name that is added or taken away is a change for users: say it in CHANGELOG.md."""
    assert (len(kgan.__all__), len(list(members()))) == (42, 104)
