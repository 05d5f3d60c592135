"""Every example in Python, of a docstring or of a page, is run, with small settings."""

import ast
import doctest
import importlib
import pathlib
import re
import shutil
import textwrap
import types

import numpy as np
import pytest
from PIL import Image

import kgan
from tests.docs.pages import PAGES, ROOT, blocks, of, variant

SECTION = re.compile(r"(?m)^Examples?:\n((?:(?: {4}.*)?\n)+)")
INDENTED = re.compile(r"(?m)(?<=\n\n)((?: {4}.*\n|\n)+)")
SMALL = {"steps_per_execution": 1, "log": lambda line: None}
# Their networks take long to compile: these are only made ready, not trained.
ONLY_PREPARED = ("attgan", "dcgan", "cyclegan", "next_frame", "wasserstein")
EXPORTED = "infogan"  # the export of which the examples load; it takes seconds


def modules():
    """The modules of kgan: (dotted name, parsed source)."""
    for path in sorted(ROOT.glob("kgan/**/*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def examples():
    """The examples in docstrings: (module, name, code)."""
    for module, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                docstring = (ast.get_docstring(node) or "") + "\n"
                for code in codes(docstring):
                    yield module, getattr(node, "name", "module"), code


def codes(docstring):
    """The code of a docstring: its sections "Example:", and what is indented."""
    found = SECTION.findall(docstring)
    for block in INDENTED.findall(SECTION.sub("", docstring)):
        if ">>>" in block or is_python(block):
            found.append(block)
    for block in found:
        code = textwrap.dedent(block)
        if ">>>" in code:
            parsed = doctest.DocTestParser().get_examples(code)
            code = "".join(example.source for example in parsed)
        yield code


def is_python(block):
    try:
        return bool(ast.parse(textwrap.dedent(block)).body)
    except SyntaxError:
        return False


EXAMPLES = list(examples())
WITH_PYTHON = [page for page in PAGES if blocks(page, "python")]
LONG = ("docs/howto/words.md",)  # trains and exports the largest networks


class Prepared(Exception):
    """Ends a call of `kgan.train` where the training would begin."""


class Rehearsal:
    """Stands in for `kgan.train`: the same call with fewer epochs and smaller networks.

    A second run of the same is a copy of the first.
    """

    def __init__(self, train, patch):
        self.train, self.patch, self.made = train, patch, {}

    def __call__(self, what, dataset="digits", workdir=None, **settings):
        settings = SMALL | settings
        settings["epochs"] = {3: 2}.get(settings.get("epochs"), 1)  # a third goes on
        if not isinstance(what, kgan.Game):
            settings["width"] = 4
        if not isinstance(what, str | kgan.Game) or {
            what,
            settings.get("objective"),
        } & {*ONLY_PREPARED}:
            return self.prepared(what, dataset, workdir, **settings)
        named = isinstance(dataset, str)
        key = what, dataset if named else id(dataset), settings["epochs"]
        if key in self.made:
            if not (pathlib.Path(workdir) / "run.json").exists():
                shutil.copytree(self.made[key], workdir)
            return kgan.Run(workdir)
        with self.patch.context() as patch:
            if what != EXPORTED:
                patch.setattr("kgan.training.trainer.Trainer._export", lambda one: None)
            run = self.train(what, dataset, workdir, **settings)
        self.made[key] = run.workdir.resolve()
        return run

    def prepared(self, *given, **settings):
        """Checks the call, loads the data and builds the game; its `game` is untrained."""
        found = []

        def stopped(trainer):
            found.append(trainer.game)
            raise Prepared

        with self.patch.context() as patch, pytest.raises(Prepared):
            patch.setattr("kgan.training.trainer.Trainer.train", stopped)
            self.train(*given, **settings)
        return types.SimpleNamespace(game=found[0])


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with what the examples read, in which they are run."""
    desk = tmp_path_factory.mktemp("desk")
    noise = np.random.default_rng(0).integers(0, 256, (130, 8, 8), np.uint8)
    for folder in ("folder", "horses", "zebras"):
        (desk / "path/to" / folder).mkdir(parents=True)
        for i, pixels in enumerate(noise):
            Image.fromarray(pixels).save(desk / "path/to" / folder / f"{i}.png")
    (desk / "my_acgan.py").write_text(variant())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(desk)
        patch.syspath_prepend(desk)
        patch.setattr(kgan, "train", Rehearsal(kgan.train, patch))
        kgan.train("infogan", workdir="runs/infogan-digits")
        kgan.train("infogan", workdir="runs/mine")
        yield desk


@pytest.fixture
def given():
    """Names that examples in docstrings use without making them."""
    import keras
    import tensorflow as tf

    from kgan.networks import mlp

    run = kgan.Run("runs/mine")
    pixels = np.zeros((8, 28, 28, 1), np.float32)
    names = {name: getattr(kgan, name) for name in kgan.__all__}
    return names | {
        "kgan": kgan,
        "keras": keras,
        "np": np,
        "tf": tf,
        "mlp": mlp,
        "run": run,
        "game": run.game,
        "path": "runs/mine/generator",
        "batches": tf.data.Dataset.from_tensor_slices(pixels).batch(4),
    }


@pytest.mark.parametrize(
    ("module", "name", "code"), EXAMPLES, ids=[f"{m}.{n}" for m, n, _ in EXAMPLES]
)
def test_examples_in_docstrings_run(desk, given, module, name, code):
    names = given | vars(importlib.import_module(module))
    exec(compile(code, name, "exec"), names | {"kgan": kgan})  # noqa: S102 our own


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(one, marks=pytest.mark.slow if of(one) in LONG else (), id=of(one))
        for one in WITH_PYTHON
    ],
)
def test_python_of_pages_runs(desk, page):
    """The blocks of a page are one program."""
    names = {}
    for code in blocks(page, "python"):
        exec(compile(code, of(page), "exec"), names)  # noqa: S102 our own


def test_what_was_found():
    assert {"kgan.api", "kgan.models.gan", "kgan.data"} <= {m for m, _, _ in EXAMPLES}
    assert ROOT / "README.md" in WITH_PYTHON
    assert codes("A.\n\nExample:\n    x = 1\n\n    >>> y = 2\n    3\n")
