"""The batches of a run, as the replicas of one process take them."""

from typing import TYPE_CHECKING, Any

import tensorflow as tf

from kgan import data
from kgan.data.dataset import Dataset
from kgan.replicas import own_places
from kgan.training import inputs
from kgan.training.loop import Position

if TYPE_CHECKING:
    from kgan.game import Game


def batches(
    game: "Game", dataset: Dataset, config: Any, start: Position, first: int = 0
) -> tf.data.Dataset:
    """Returns the batches of a run from a position on, as `loop.train` takes them.

    Rows that the replicas of other processes take are not read.

    Args:
        game: a compiled game.
        dataset: the data of the run.
        config: its configuration.
        start: where it begins.
        first: the number of this process' first replica.
    """
    size, rows = config.examples_per_step, None
    if game.replicas > 1:
        rows = own_places(size, game.rounds, game.distribute_strategy, first)
    return data.batches(
        dataset,
        size,
        seed=config.seed,
        start=start,
        change=inputs.change(config, dataset),
        rows=rows,
    )
