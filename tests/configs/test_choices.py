"""The tables of objects have the names that may be chosen."""

from kgan import config
from kgan.configs import choices


def test_the_tables_have_the_names():
    assert tuple(choices.OBJECTIVES) == config.OBJECTIVES
    assert ("none", *choices.PENALTIES) == config.PENALTIES
    assert tuple(choices.NETWORKS) == config.NETWORKS
    assert tuple(choices.PRIORS) == config.PRIORS
    assert tuple(choices.SCHEDULES) == config.SCHEDULES
    assert tuple(choices.OPTIMIZERS) == config.OPTIMIZERS


def test_names_are_those_of_the_classes():
    assert all(kind().name == name for name, kind in choices.PENALTIES.items())
