"""The tables of objects have the names that may be chosen; critics stay bounded."""

import keras
import pytest

from kgan import config
from kgan.configs import cgan, choices, gan
from kgan.data import load
from kgan.errors import UserError


def test_the_tables_have_the_names():
    assert tuple(choices.OBJECTIVES) == config.OBJECTIVES
    assert ("none", *choices.PENALTIES) == config.PENALTIES
    assert tuple(choices.NETWORKS) == config.NETWORKS
    assert tuple(choices.PRIORS) == config.PRIORS
    assert tuple(choices.SCHEDULES) == config.SCHEDULES
    assert tuple(choices.OPTIMIZERS) == config.OPTIMIZERS


def test_names_are_those_of_the_classes():
    assert all(kind().name == name for name, kind in choices.PENALTIES.items())


def test_spectral_norm_bounds_no_sliced_critic():
    """Its last layer has a scale, which nothing bounds."""
    fields = {"objective": "wasserstein", "spectral_norm": True, "width": 4}
    spec = load("digits", log=lambda line: None).spec
    assert gan.build(gan.Config(**fields), spec)
    with pytest.raises(UserError, match="objective=wasserstein: nothing keeps the"):
        gan.build(gan.Config(**fields, san=True), spec)


def test_spectral_norm_is_of_every_layer_of_a_critic():
    """That of the labels as well: Miyato & Koyama 2018."""
    config = cgan.Config(spectral_norm=True, width=4)
    game = cgan.build(config, load("digits", log=lambda line: None).spec)
    plain = [x for x in game.discriminator.layers if isinstance(x, keras.layers.Dense)]
    assert not plain
