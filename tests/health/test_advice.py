"""Advice can be followed: its fields exist, are new, and go together with the rest."""

import dataclasses
import functools
import itertools

import pytest

from kgan.configs import cgan, choices, dcgan, discogan, gan, infogan, stackgan
from kgan.data.checking import amount
from kgan.health import EQUILIBRIUM, HEALTHY, VERDICTS, advise
from kgan.settings import as_plain
from tests import specs

VARIANTS = {"gan": gan, "dcgan": dcgan, "cgan": cgan, "infogan": infogan}
TROUBLES = [v for v in VERDICTS if v not in (HEALTHY, EQUILIBRIUM)]
SAFE = {"penalty": "wgan_gp", "discriminator_norm": "layer"}


@functools.cache
def discriminator(network, norm):
    config = gan.Config(network=network, discriminator_norm=norm, width=4)
    return choices.discriminator(config, specs.images((8, 8, 1)))


def followed(config, fields):
    """`config` with the fields set."""
    assert not [k for k, v in fields.items() if getattr(config, k) == v], (
        "there already"
    )
    return dataclasses.replace(config, **fields)


@pytest.mark.parametrize("variant, name", [*itertools.product(VARIANTS, TROUBLES)])
def test_followed_again_and_again(variant, name):
    """Each advice makes a config that can be played, until there is none left."""
    for objective in choices.OBJECTIVES:
        fields = SAFE if objective == "wasserstein" else {}
        config = VARIANTS[variant].Config(objective=objective, **fields)
        given = []
        for _ in range(6):
            advised = advise(name, as_plain(config))
            assert advised and advised not in given
            config = followed(config, advised)
            for penalty in choices.rules(config)["penalties"]:
                penalty.check(discriminator(config.network, config.discriminator_norm))
            given.append(advised)


@pytest.mark.parametrize(
    "name, fields, advised",
    [
        (
            "generator gradient vanishing",
            {"objective": "minimax"},
            {"objective": "nonsaturating"},
        ),
        ("discriminator too strong", {}, {"penalty": "r1"}),
        ("discriminator too strong", {"penalty": "r1"}, {"label_smoothing": 0.1}),
        ("discriminator too weak", {"clip_weights": 0.002}, {"clip_weights": 0.02}),
        (
            "discriminator too weak",
            {"penalty": "r1", "penalty_weight": 1.0},
            {"penalty_weight": 0.1},
        ),
        (
            "discriminator too weak",
            {"penalty": "r1", "penalty_weight": 0.001, "discriminator_rate": 1e-4},
            {"discriminator_rate": pytest.approx(3e-4)},
        ),
        ("discriminator memorises", {}, {"augmentations": "diffaugment"}),
        (
            "discriminator memorises",
            {"augmentations": "adaptive", "penalty": "r1"},
            {"penalty": "r1+lecam"},
        ),
        ("mode collapse", {}, {"pack": 2}),
        ("mode collapse", {"latent": 1}, {"latent": 100}),
        ("mode collapse", {"pack": 2}, {"penalty": "r1"}),
        ("oscillating", {"schedule": "simultaneous"}, {"schedule": "alternating"}),
    ],
)
def test_what_the_papers_say(name, fields, advised):
    assert advise(name, as_plain(gan.Config(**fields))) == advised


def test_the_colours_of_captions_stay():
    advised = advise("discriminator memorises", as_plain(stackgan.Config()))
    assert advised == {"augmentations": "translation+cutout"}
    _, offered = amount.of_number(300, {}, False, as_plain(stackgan.Config()))
    assert offered["augmentations"][0] == "translation+cutout"
    _, offered = amount.of_number(300, {}, False, as_plain(gan.Config()))
    assert offered["augmentations"][0] == "diffaugment"


def test_nothing_that_a_variant_lacks():
    normed = infogan.Config(discriminator_norm="batch")
    assert advise("mode collapse", as_plain(normed)) == {
        "penalty": "r1",
        "discriminator_norm": "layer",
    }
    assert advise("mode collapse", as_plain(discogan.Config())) == {
        "penalty": "r1",
        "norm": "instance",
    }
    reads = as_plain(cgan.Config(label_weight=1.0, network="mlp"))
    assert advise("mode collapse", reads) == {"penalty": "r1"}
    batch = as_plain(gan.Config(network="fastgan", augmentations="diffaugment"))
    layer = {"penalty": "r1", "discriminator_norm": "layer"}
    assert advise("discriminator too strong", batch) == layer
    assert advise("mode collapse", {"of_mine": 1}) == {}
    assert advise(HEALTHY, {}) == {}
    assert advise(EQUILIBRIUM, {}) == {"stop_at_equilibrium": True}
