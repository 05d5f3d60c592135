"""The kill harness in short: each of its moments once. For the slow run.

In the fast one, tests/bin/test_interrupted.py stops and damages runs.

In full, as the README quotes it: python tests/durability/kills.py --kills=25
"""

import random

import pytest

from tests.durability import kills
from tests.durability.remains import remains, unlike


@pytest.mark.parametrize(
    "variant, moments",
    [
        pytest.param("gan", ["checkpoint"], marks=pytest.mark.slow),
        pytest.param("gan", ["export"], marks=pytest.mark.slow),
        pytest.param("infogan", ["steps", "checkpoint"], marks=pytest.mark.slow),
        pytest.param("cgan", ["start", "export"], marks=pytest.mark.slow),
        pytest.param("dcgan", ["steps", "checkpoint"], marks=pytest.mark.slow),
    ],
)
def test_killed_and_started_again_is_the_same(tmp_path, monkeypatch, variant, moments):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "tfds"))
    chance = random.Random(1)
    for kill, odd in kills.trials(variant, moments, tmp_path, chance):
        assert kill.landed and odd == [], kill
    check_the_comparison(variant, tmp_path)


def check_the_comparison(variant, folder):
    """Another seed is another run in every part of what is compared."""
    kills.finish(kills.command(variant, folder / "other", ["--config.seed=1"]))
    found = [remains(folder / name) for name in (f"{variant}-alone", "other")]
    different = set(unlike(*found))
    # Of TensorBoard only what does not depend on the seed is the same.
    constant = (
        "equilibrium ",
        "train learning_rate/",
        "train _hparams_",
        "train health/",
        "checkpoint ",
    )
    same = found[0].keys() - different
    assert not [name for name in same if not name.startswith(constant)]
    assert {"generator", "history.csv", "samples/training.gif"} <= different
    assert sum(name.startswith("checkpoint ") for name in different) > 20
