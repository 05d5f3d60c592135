"""Advice can be followed: its flags exist, are new, and go together with the rest."""

import dataclasses
import itertools

import pytest

from kgan.config import as_plain
from kgan.configs import cgan, choices, dcgan, gan, infogan
from kgan.health import EQUILIBRIUM, HEALTHY, VERDICTS, advise

VARIANTS = {"gan": gan, "dcgan": dcgan, "cgan": cgan, "infogan": infogan}
TROUBLES = [v for v in VERDICTS if v not in (HEALTHY, EQUILIBRIUM)]
SAFE = {"penalty": "wgan_gp", "discriminator_norm": "layer"}


def followed(config, flags):
    """`config` with the flags set as the command line would."""
    changes = {}
    for flag in flags.split():
        name, text = flag.removeprefix("--config.").split("=")
        changes[name] = type(getattr(config, name))(text)
        assert changes[name] != getattr(config, name), f"{flag} is there already"
    return dataclasses.replace(config, **changes)


@pytest.mark.parametrize("variant, name", [*itertools.product(VARIANTS, TROUBLES)])
def test_followed_again_and_again(variant, name):
    """Each advice makes a config that can be played, until there is none left."""
    for objective in choices.OBJECTIVES:
        fields = SAFE if objective == "wasserstein" else {}
        config = VARIANTS[variant].Config(objective=objective, **fields)
        given = []
        for _ in range(6):
            flags = advise(name, as_plain(config))
            assert flags and flags not in given
            config = followed(config, flags)
            choices.rules(config)
            given.append(flags)


@pytest.mark.parametrize(
    "name, fields, flags",
    [
        (
            "generator gradient vanishing",
            {"objective": "minimax"},
            "objective=nonsaturating",
        ),
        ("discriminator too strong", {}, "penalty=r1"),
        ("discriminator too strong", {"penalty": "r1"}, "label_smoothing=0.1"),
        ("mode collapse", {}, "pack=2"),
        ("mode collapse", {"latent": 1}, "latent=100"),
        ("mode collapse", {"pack": 2}, "penalty=r1"),
        ("oscillating", {"schedule": "simultaneous"}, "schedule=alternating"),
    ],
)
def test_what_the_papers_say(name, fields, flags):
    assert advise(name, as_plain(gan.Config(**fields))) == f"--config.{flags}"


def test_nothing_that_a_variant_lacks():
    assert advise("mode collapse", as_plain(infogan.Config())) == (
        "--config.penalty=r1 --config.discriminator_norm=layer"
    )
    assert advise("mode collapse", {"of_mine": 1}) == ""
    assert advise(HEALTHY, {}) == ""
    assert advise(EQUILIBRIUM, {}) == "--stop_at_equilibrium"
