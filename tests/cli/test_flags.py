"""Flags are made from fields, and a wrong one is answered at once."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from absl.flags import FlagValues, UnrecognizedFlagError

from kgan.cli import variants
from kgan.cli.flags import PathParser, chosen, define, marked, named, typed
from kgan.errors import UserError
from kgan.fields import options

CHECKOUT = Path(__file__).resolve().parents[2]
# Seconds of the processor, which depend little on what else runs; 0.2 usually.
SOON = 1.0


def read(variant, *arguments):
    """The configuration that these arguments ask for."""
    flags, config_class = FlagValues(), variants.find(variant).Config
    define(flags, config_class)
    flags(["train_gan", *arguments])
    return chosen(flags, config_class)


def test_a_path_begins_in_the_users_folder(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    for given, path in (("~/runs/x", "/home/me/runs/x"), ("runs/~x", "runs/~x")):
        assert PathParser().parse(given) == path


@pytest.mark.parametrize("variant", variants.names())
def test_without_flags_it_is_the_default(variant):
    assert read(variant) == variants.find(variant).Config()


@pytest.mark.parametrize("variant", variants.names())
def test_a_default_can_be_typed(variant):
    for one in options(variants.find(variant).Config).values():
        config = read(variant, f"--config.{one.name}={typed(one.default)}")
        assert getattr(config, one.name) == one.default


@pytest.mark.parametrize(
    "argument, name, value",
    [
        ("--config.batch_size=32", "batch_size", 32),
        ("--config.flip", "flip", True),
        ("--config.flip=True", "flip", True),
        ("--noconfig.flip", "flip", False),
        ("--config.flip=false", "flip", False),
        ("--config.momentum=0", "momentum", 0.0),
        ("--config.generator_rate=1e-4", "generator_rate", 1e-4),
        ("--config.categories=10,10", "categories", (10, 10)),
        ("--config.categories=10", "categories", (10,)),
        ("--config.categories=(10,)", "categories", (10,)),
        ("--config.categories=()", "categories", ()),
        ("--config.penalty=r1+r2", "penalty", "r1+r2"),
        ("--config.range=0,4095", "range", (0, 4095)),
        ("--config.range=-1.5,2", "range", (-1.5, 2)),
    ],
)
def test_what_is_typed(argument, name, value):
    found = getattr(read("infogan", argument), name)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    "argument, words",
    [
        ("--config.batch_size=many", "batch_size=many: expected a whole number"),
        ("--config.batch_size=1.5", "batch_size=1.5: expected a whole number"),
        ("--config.flip=perhaps", "flip=perhaps: expected true or false"),
        ("--config.categories=ten", "categories=ten: expected values joined by commas"),
        ("--config.batch_size=0", "batch_size=0: must lie between 1 and 65,536"),
        ("--config.objective=hing", "objective=hing: unknown; did you mean 'hinge'"),
    ],
)
def test_what_is_typed_wrong(argument, words):
    with pytest.raises(UserError, match=words):
        read("infogan", argument)


def test_a_field_that_another_variant_has():
    with pytest.raises(UnrecognizedFlagError):
        read("discogan", "--config.cycle_weight=5")


def test_names_are_written_as_flags():
    flags = FlagValues()
    define(flags, variants.find("gan").Config)
    name = named(flags)
    assert name("penalty=r1") == "--config.penalty=r1"
    assert name("penalty") == "--config.penalty"
    assert name("runs/penalty") == "runs/penalty"
    assert (
        marked("try `penalty=r1` or `rain`", name) == "try --config.penalty=r1 or rain"
    )


LOADED = """\
import atexit, runpy, sys
heavy = "tensorflow", "keras", "numpy", "matplotlib", "sklearn"
atexit.register(lambda: print(*[name for name in heavy if name in sys.modules]))
sys.argv = sys.argv[1:]
sys.path.insert(0, {!r})  # as the interpreter does
runpy.run_path(sys.argv[0], run_name="__main__")
""".format(str(CHECKOUT / "bin"))


def processor_time_of_children():
    times = os.times()
    return times.children_user + times.children_system


@pytest.mark.parametrize(
    "argument, words",
    [
        ("--variant=infogna", "--variant=infogna: no such variant; did you mean"),
        (
            "--config.batchsize=3",
            "--config.batchsize=3: no such field of infogan; did you mean --config.batch",
        ),
        ("--seed=3", "--seed=3: no such flag; did you mean --config.seed?"),
        ("--config.objective=hing", "--config.objective=hing: unknown; did you mean"),
        ("--config.batch_size=0", "--config.batch_size=0: must lie between 1 and"),
        ("--config.penalty_weight=3", "--config.penalty_weight=3.0: has no effect"),
    ],
)
def test_a_wrong_flag_is_answered_before_tensorflow(argument, words):
    command = [sys.executable, "-c", LOADED, CHECKOUT / "bin" / "train_gan", argument]
    before = processor_time_of_children()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = processor_time_of_children() - before
    assert done.returncode == 2 and done.stderr.startswith(f"train_gan: {words}")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout.split() == [], "it loaded these"
    assert seconds < SOON, f"{seconds:.1f} s"


def test_help_lists_the_fields_of_the_variant():
    command = [sys.executable, CHECKOUT / "bin" / "train_gan", "--help"]
    for variant in ("gan", "cyclegan"):
        done = subprocess.run(
            [*command, f"--variant={variant}"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        told = " ".join(done.stdout.split())
        for one in options(variants.find(variant).Config).values():
            assert f"config.{one.name}: {one.help}" in told
            assert one.allowed in told


def test_without_absl_the_library_raises_and_a_binary_explains(tmp_path):
    """A Python that has nothing installed."""
    (tmp_path / "absl.py").write_text("raise ImportError('no absl')\n")
    hidden = os.environ | {"PYTHONPATH": f"{tmp_path}:{CHECKOUT}"}
    done = subprocess.run(
        [sys.executable, "-c", "import kgan.cli.app"],
        capture_output=True,
        text=True,
        env=hidden,
        check=False,
    )
    assert "ImportError: no absl" in done.stderr
    bare = subprocess.run(
        [sys.executable, "-S", "-c", BARE], capture_output=True, text=True, check=False
    )
    assert bare.stdout.split() == ["ModuleNotFoundError", "went", "on"]
    assert "kgan's packages are not installed" in bare.stderr


def test_a_python_that_has_a_part_of_the_packages_is_not_taken(monkeypatch):
    monkeypatch.syspath_prepend(str(CHECKOUT / "bin"))
    import checkout

    known = importlib.util.find_spec

    def lacking(name):
        return None if name == "tensorflow" else known(name)

    monkeypatch.setattr(importlib.util, "find_spec", lacking)
    monkeypatch.setattr(sys, "prefix", str(checkout.ROOT / ".venv"))
    with pytest.raises(SystemExit, match="kgan's packages are not installed"):
        checkout.find()


BARE = f"""\
import os, sys
sys.path.insert(0, {str(CHECKOUT)!r})
try:
    import kgan.cli.app
except ImportError as error:
    print(type(error).__name__, "went on")
sys.path.insert(0, {str(CHECKOUT / "bin")!r})
import checkout
sys.prefix = str(checkout.ROOT / ".venv")  # as if it were that environment already
checkout.run("train_gan")
"""
