"""A worker that is not the chief: it takes the steps of a run, and writes nothing."""

from typing import TYPE_CHECKING, Any

import tensorflow as tf

from kgan.data.dataset import Dataset
from kgan.errors import UserError
from kgan.training import feed, loop
from kgan.training.cluster import Cluster
from kgan.training.interruption import interruption
from kgan.training.loop import Position, Span
from kgan.training.record import Record
from kgan.training.tuning import explained

if TYPE_CHECKING:
    from collections.abc import Callable

    from kgan.game import Game
    from kgan.training.trainer import Trainer


class Follower:
    """Takes the same steps as the chief's `kgan.training.trainer.Trainer`.

    It reads its share of the data. What is shown, checked and saved is the chief's
    business, which also decides when to stop and where to go on.

    Args:
        game: a compiled `kgan.game.Game`, built as the chief's.
        data: the `kgan.data.Dataset` that the chief has as well.
        config: the configuration of the run, resolved.
        record: the `Record` of the run.
        cluster: the `Cluster`.

    Attributes:
        earlier: makes the `Follower` of the stage that is trained before; None for a run
            of one stage.
    """

    def __init__(
        self,
        game: "Game",
        data: Dataset,
        config: Any,
        record: Record,
        cluster: Cluster,
    ) -> None:
        self.game, self.data, self.config = game, data, config
        self.record, self.cluster = record, cluster
        self.earlier: Callable[[], Trainer | Follower] | None = None

    def train(self) -> Any:
        """Takes part until the chief has ended the run; returns the trained game.

        Raises:
            UserError: the chief ended it with this error, or a worker went away.
        """
        try:
            with interruption() as self.stopped:
                while (order := self.cluster.hear(self.game))["do"] != "end":
                    self._obey(order)
        except tf.errors.OpError as error:
            raise explained(self.cluster.explained(error)) from error
        if order["error"]:
            raise UserError(*order["error"])
        return self.game

    def _obey(self, order):
        if order["do"] == "earlier" and self.earlier:
            self.game.continue_from(self.earlier().train())
        if order["do"] == "steps":
            start = Position(*order["start"])
            data = feed.batches(
                self.game, self.data, self.config, start, self.cluster.first_replica
            )
            span = Span(self.config.epochs, order["steps"], start)
            loop.train(self.game, data, [], span, self._must_stop)

    def _must_stop(self):
        return self.cluster.listed(self.stopped.signal or 0, 0).any()
