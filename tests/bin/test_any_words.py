"""Whatever is typed: a plan, or one clear line. Never a traceback."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgan.cli import variants
from tests.fuzzing import OPTIONS

NAMES = ("gan", "dcgan", "cgan", "infogan")
FIELDS = sorted(
    {
        field
        for name in NAMES
        for field in variants.find(name).Config.__dataclass_fields__
    }
)
# Sizes at which networks take long to build and do not fit are left alone: a
# network of 8,192 channels is no mistake on every machine.
NUMBERS = st.one_of(
    st.integers(-3, 40),
    st.sampled_from([2**31, -(2**31), 2**63, 10**30, -(10**30)]),
    st.floats(-1.0, 2.0),
    st.sampled_from([float("nan"), float("inf"), -float("inf"), 1e-300, 1e308]),
)
WORDS = st.one_of(
    st.sampled_from(
        [
            *("", " ", "none", "None", "null", "True", "no", "()", "(10,)", "(2, 3)"),
            *("[1]", "{}", "r1+r2", "r1+", "+", "wasserstein", "hinge", "simultaneous"),
            *(
                "sgd",
                "mlp",
                "dcgan",
                "uniform",
                "layer",
                "../..",
                "/",
                "~",
                "%s",
                "{0}",
            ),
            *("digits", "mnist", "./flat", "classes", "file", "1min", "on", "float64"),
            *("a\nb", "\x1b[31m", "é", "日本", "'", '"', "\\", "--", "-", "=", "$HOME"),
        ]
    ),
    st.text(st.characters(blacklist_characters="\0", codec="utf-8"), max_size=12),
)
VALUES = st.one_of(NUMBERS.map(str), WORDS)
FLAGS = (
    *("variant", "dataset", "workdir", "data_dir", "jit", "steps_per_execution"),
    *("precision", "deterministic", "fresh", "checkpoint_every", "keep_checkpoints"),
    *("config", "config.no_such_field", "no_such_flag", "n", "help_me"),
)


@st.composite
def arguments(draw):
    """A variant, and up to four flags of any value."""
    words = [f"--variant={draw(st.sampled_from(NAMES))}"]
    for _ in range(draw(st.integers(1, 4))):
        names = st.sampled_from([*(f"config.{field}" for field in FIELDS), *FLAGS])
        name, value = draw(names), draw(VALUES)
        words.append(draw(st.sampled_from([f"--{name}={value}", f"--{name}", value])))
    return words


def plan_or_line(command, desk, words):
    with tempfile.TemporaryDirectory() as folder:
        before = sorted(Path(desk).rglob("*"))
        workdir = f"--workdir={folder}/run"
        code, out, err = command("train_gan", "--dry_run", workdir, *words, cwd=desk)
        assert "Traceback" not in err + out, (words, err)
        if code == 0:
            assert err == "" and ("memory: about" in out or "--help" in out), words
        else:
            assert code in (1, 2) and len(err.splitlines()) == 1, (words, code, err)
        assert not (Path(folder) / "run").exists(), "a dry run writes nothing"
        # The embedded digits are prepared wherever --data_dir says.
        if not any(word.startswith("--data_dir") for word in words):
            assert sorted(Path(desk).rglob("*")) == before, words


@pytest.mark.slow
@settings(max_examples=40, **OPTIONS)
@given(words=arguments())
def test_any_words(command, desk, words):
    plan_or_line(command, desk, words)


@pytest.mark.slow
@settings(max_examples=800, **OPTIONS)
@given(words=arguments())
def test_many_words(command, desk, words):
    plan_or_line(command, desk, words)


@settings(max_examples=300, **OPTIONS)
@given(name=st.sampled_from(NAMES), data=st.data())
def test_any_field_of_a_configuration(name, data):
    """As the command line and a saved run.json give it: one reason, or a config."""
    from kgan.errors import UserError
    from kgan.settings import as_plain, from_plain

    kind = variants.find(name).Config
    plain = as_plain(kind())
    anything = st.one_of(
        NUMBERS, WORDS, st.none(), st.booleans(), st.lists(NUMBERS, max_size=3)
    )
    for field in data.draw(st.lists(st.sampled_from(sorted(plain)), min_size=1)):
        plain[field] = data.draw(anything)
    try:
        config = from_plain(kind, plain)
    except UserError as error:
        assert str(error)
    else:
        assert isinstance(config, kind)
