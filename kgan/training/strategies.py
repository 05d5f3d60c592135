"""The choice of a `tf.distribute` strategy: which devices of this machine train."""

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf

from kgan.errors import UserError
from kgan.keras_private import layers_within

if TYPE_CHECKING:
    from kgan.game import Game
    from kgan.training.options import Options


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


def layers_of(game: "Game") -> Iterator[keras.layers.Layer]:
    """Yields the layers of all players of a game, those within layers too."""
    for player in game.max_players() + game.min_players():
        yield from layers_within(player)


def check_given(
    game: "Game", strategy: tf.distribute.Strategy, options: "Options"
) -> None:
    """Checks that a game which the user compiled trains on what the run is asked for.

    Args:
        game: it.
        strategy: of the run.
        options: the run's `Options`; with `strategy="auto"` one device is only told.

    Raises:
        UserError: the game has other replicas than `strategy`.
    """
    asked, own = strategy.num_replicas_in_sync, game.replicas
    several = isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)
    if own == asked or (options.strategy == "auto" and own > asked):
        return
    problem = f"the game was compiled for {own} device{'s' * (own > 1)}, not {asked}"
    if options.strategy == "auto" and not several:
        options.log(f"strategy=auto: {problem}; a variant would use them all")
        return
    raise UserError(
        f"strategy={options.strategy}",
        problem,
        "give a variant or its configuration in place of a game"
        + ("" if several else ", or compile it in the scope of such a strategy"),
    )


def synchronise(game: "Game", synchronised: bool) -> None:
    """Sets whether batch norm takes its statistics from the parts of all replicas."""
    for layer in layers_of(game):
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
