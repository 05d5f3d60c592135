"""A warm-up of as many iterations as a run has lasts until its end."""

import pytest

from kgan.configs import music, text


@pytest.mark.parametrize("module", [text, music])
def test_a_plain_language_model_never_plays(module):
    """Updates are rounded up to whole epochs; so is a warm-up that fills them."""
    config = module.Config(updates=2000, warm_up=2000).resolved(482)
    assert config.updates == 2410 == config.warm_up
    assert module.Config(updates=2000, warm_up=900).resolved(482).warm_up == 900
    assert module.Config(epochs=5, warm_up=2000).resolved(482).warm_up == 2000
    alone = module.Config(network="convolutional", updates=900).resolved(482)
    assert alone.warm_up == module.Config().warm_up, "it has no effect there"
