"""The kill harness in short: each of its moments once.

In full, as the README quotes it: python tests/durability/kills.py --kills=25
"""

import random

import pytest

from tests.durability import kills


@pytest.mark.parametrize(
    "variant, moments",
    [("gan", ["start", "export"]), ("infogan", ["steps", "checkpoint"])],
)
def test_killed_and_started_again_is_the_same(tmp_path, monkeypatch, variant, moments):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "tfds"))
    chance = random.Random(1)
    for kill, odd in kills.trials(variant, moments, tmp_path, chance):
        assert kill.landed and odd == [], kill


def test_the_comparison_sees_a_difference(tmp_path):
    """Another seed is another run in every part of what is compared."""
    found = []
    for seed in (0, 1):
        workdir = tmp_path / str(seed)
        flags = (f"--config.seed={seed}", "--config.width=4", "--config.epochs=1")
        kills.finish(kills.command("gan", workdir, flags))
        found.append(kills.remains(workdir))
    same = found[0].keys() - set(kills.unlike(*found))
    # Steps, running counts, learning rates, the equilibrium.
    constant = ("learning_rate/", "equilibrium ", "train _hparams_", "checkpoint ")
    assert not [
        name
        for name in same
        if not name.startswith(constant) and "learning_rate" not in name
    ]
    different = set(kills.unlike(*found))
    assert {"generator", "history.csv", "samples/training.gif"} <= different
    assert sum(name.startswith("checkpoint ") for name in different) > 20
