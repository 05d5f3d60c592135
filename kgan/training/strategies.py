"""The choice of a `tf.distribute` strategy: which devices of this machine train."""

import functools
from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf

from kgan.errors import UserError
from kgan.keras_private import layers_within

if TYPE_CHECKING:
    from kgan.game import Game


def chosen(name: str) -> tf.distribute.Strategy:
    """Returns a strategy by its name.

    "one" trains on one device. "mirrored" shares each batch out to all GPUs of the machine,
    or, where it has none, to all of TensorFlow's logical CPUs. "auto" is "mirrored" with
    several GPUs, and else "one".

    Raises:
        UserError: "mirrored" finds one device only, or Keras' own distribution is set.
    """
    if keras.distribution.distribution() is not None:
        raise UserError(
            "keras.distribution",
            "is set, and with TensorFlow it trains on one device without a word",
            "remove it, and use `strategy=mirrored`",
        )
    gpus = tf.config.list_logical_devices("GPU")
    if name == "one" or (name == "auto" and len(gpus) < 2):
        return tf.distribute.get_strategy()
    devices = gpus or tf.config.list_logical_devices("CPU")
    if len(devices) < 2:
        raise UserError(
            "strategy=mirrored",
            f"TensorFlow finds one device on this machine, {devices[0].name}",
            "use `strategy=one`",
        )
    return mirrored(tuple(device.name for device in devices))


@functools.cache
def mirrored(devices: tuple[str, ...]) -> tf.distribute.Strategy:
    """Returns the strategy of some devices, always the same.

    A second one would use the channels of the first, which are of other shapes.
    """
    return tf.distribute.MirroredStrategy(devices)


def synchronise(game: "Game", synchronised: bool) -> None:
    """Sets whether batch norm takes its statistics from the parts of all replicas."""
    players = game.max_players() + game.min_players()
    for layer in (one for player in players for one in layers_within(player)):
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.synchronized = synchronised


def check_shares(game: "Game", config: Any) -> None:
    """Checks that the replicas of a game's strategy can share a batch evenly.

    Raises:
        UserError: they cannot; the sizes that fit are named.
    """
    replicas = game.replicas
    unit = replicas * getattr(game, "pack", 1)
    odd = config.batch_size % unit
    if replicas > 1 and odd:
        below, above = config.batch_size - odd, config.batch_size - odd + unit
        fits = f"`batch_size={above}`" + (f" or {below}" if below else "")
        raise UserError(
            f"batch_size={config.batch_size}",
            f"{replicas} replicas cannot share it evenly",
            f"use {fits}, or `strategy=one`",
        )
