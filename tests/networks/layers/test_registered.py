"""Saved models name these layers; a new version must still know the names."""

import keras
import pytest

from kgan.networks import layers


@pytest.mark.parametrize("name", layers.__all__)
def test_registered_names_stay(name):
    kind = getattr(layers, name)
    assert keras.saving.get_registered_name(kind) == f"kgan>{name}"


def test_every_layer_is_public():
    assert layers.__all__ == [
        "BatchNorm",
        "DiscriminativeBasis",
        "Dropout",
        "GenerativeBasis",
        "GroupedConv2D",
        "Harmony",
        "InstanceNorm",
        "Maxout",
        "Placed",
        "Reflect",
        "Resample",
        "SlicedDense",
        "SpectralNorm",
        "VoiceWriter",
        "Writer",
    ]
