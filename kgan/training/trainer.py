"""The trainer, which carries out a whole run: restore, train, roll back, export."""

import functools
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from kgan.callbacks import (
    EpochLog,
    Evaluate,
    Previews,
    Progress,
    Resumable,
    SaveCheckpoints,
    Scalars,
    TensorBoardWriter,
)
from kgan.data.dataset import Dataset
from kgan.errors import UserError
from kgan.export.saved_model import export_generator
from kgan.health.callback import Health, Policy
from kgan.health.signals import Signals
from kgan.training import feed, loop, telling
from kgan.training.checkpoint import Checkpoints, Saved
from kgan.training.cluster import Cluster
from kgan.training.interruption import interruption
from kgan.training.loop import Position, Span
from kgan.training.options import Options
from kgan.training.peers import Peers
from kgan.training.record import Record
from kgan.training.rollback import Rollback
from kgan.training.tuning import divisors, explained
from kgan.training.workdir import claimed
from kgan.typing import PathLike

if TYPE_CHECKING:
    from collections.abc import Callable

    from kgan.game import Game
    from kgan.training.follower import Follower


class Trainer:
    """Trains a game in a workdir.

    `train` locks the workdir, restores the newest checkpoint, trains, rolls back to a
    healthy checkpoint if `on_sick="rollback"` asks for it, and exports the generator.

    Args:
        game: a compiled `kgan.game.Game`.
        data: a `kgan.data.Dataset`.
        config: the configuration of the run, resolved.
        record: the `kgan.training.record.Record` of the run, which run.json holds.
        workdir: the folder for everything that is written.
        options: an `Options`, how the run is carried out.
        cluster: the `Cluster` of workers that take the steps, of which this is the chief.

    Attributes:
        earlier: makes the `Trainer` of the stage that is trained before this one; None
            for a run of one stage.
    """

    def __init__(
        self,
        game: "Game",
        data: Dataset,
        config: Any,
        record: Record,
        workdir: PathLike,
        options: Options | None = None,
        cluster: Cluster | None = None,
    ) -> None:
        self.game, self.data, self.config = game, data, config
        self.cluster = cluster or Cluster(Peers())
        self.record, self.workdir = record, Path(workdir)
        self.options = options or Options()
        self.log = self.options.log
        self.steps = feed.steps_per_epoch(data, config)
        self.earlier: Callable[[], Trainer | Follower] | None = None

    def train(self) -> Any:
        """Trains, or resumes the run in the workdir; returns the trained game."""
        own = claimed(self.workdir, self.record, self.options.fresh, self.log)
        with self.cluster.leading(), own:
            self._restore()
            self.record.write(self.workdir)
            self._train_earlier()
            self._keep_start()
            self._announce()
            if self.saved.position.epoch < self.config.epochs:
                try:
                    self._fit()
                except tf.errors.OpError as error:
                    raise explained(error) from error
            self._export()
        return self.game

    def _restore(self):
        """Takes up the newest whole checkpoint, if there is one."""
        keep = self.options.keep_checkpoints
        self.checkpoints = Checkpoints(self.game, self.workdir, keep)
        saved = self.checkpoints.begin(self.log)
        changed = self.record.environment_changes(self.workdir)
        if saved and changed:
            self.log(f"goes on with other bits than it began: {'; '.join(changed)}")
        self.restored, self.saved = saved is not None, saved or Saved()

    def _train_earlier(self):
        """Trains, or resumes, the stage before this one, and starts from its networks."""
        if self.earlier and not self.restored:
            self.log("stage 1 of 2")
            self.cluster.tell({"do": "earlier"})
            self.game.continue_from(self.earlier().train())
            self.log("stage 2 of 2")

    def _keep_start(self):
        """Saves what came from another run: a resumed run may not find it any more."""
        if (self.record.init_from or self.earlier) and not self.restored:
            self.checkpoints.save(*self.saved)

    def _fit(self):
        """Trains to the end, or to where a signal or the run's health ends it."""
        self.signals = Signals.of(self.game, self.data, self.config)
        self.rollback = None
        if self.options.on_sick == "rollback":
            self.rollback = Rollback(self.game, self.workdir, self.log)
        with interruption() as self.stopped:
            self._train_from_saved()
            while not self.stopped() and self.rollback:
                if not self.rollback.allowed(self.health):
                    break
                best = self.resumables.get("evaluate")
                stays = {"evaluate": best.state()} if best else {}
                self.saved = self.rollback.go_back(
                    self.health, self.end, self.checkpoints, stays
                )
                self._train_from_saved()
        if self.stopped.signal and self.end.epoch < self.config.epochs:
            raise UserError(
                self.stopped.signal.name,
                f"stopped {self.end} of {self.config.epochs} and saved",
                f"to go on: {self.options.command}",
                exit_code=128 + self.stopped.signal,
            )
        told = telling.end(self.health, self.end, self.checkpoints.any())
        if told:
            self.log(told)

    def _train_from_saved(self):
        """Trains from `saved` on; `end` is the position that it came to."""
        start = self._start()
        data = feed.batches(
            self.game, self.data, self.config, start, self.cluster.first_replica
        )
        callbacks = self._callbacks(start)
        span = Span(self.config.epochs, self.steps, start)
        order = {"do": "steps", "start": start, "steps": self.steps}
        self.cluster.tell(order, self.game)
        with self.cluster.stepping():
            self.end = loop.train(self.game, data, callbacks, span, self._must_stop)

    def _must_stop(self):
        """Whether health asks for the end, or a signal that any of the workers heard."""
        asked = self.stopped.signal or 0, bool(self.health.demand)
        number, demanded = self.cluster.listed(*asked).max(axis=0)
        if number:
            self.stopped.signal = signal.Signals(number)
        return bool(number or demanded)

    def _start(self):
        """The saved position; the end of its epoch where the data has become less."""
        epoch, step = self.saved.position
        left, each = max(0, self.steps - step), self.game.steps_per_execution
        if left % each:
            fits = ", ".join(map(str, divisors(self.steps, left)))
            raise UserError(
                f"steps_per_execution={each}",
                f"the run goes on {self.saved.position}, and does not divide the {left} "
                f"steps that are left of that epoch; these do: {fits}",
            )
        return Position(epoch, self.steps - left)

    def _callbacks(self, start):
        """What shows, watches and keeps the run, in the order in which it is called."""
        tensorboard = TensorBoardWriter(self.workdir, self.log)
        own = self._resumables(tensorboard)
        users = {
            f"own {number} {type(one).__name__}": one
            for number, one in enumerate(self.options.callbacks)
            if isinstance(one, Resumable)
        }
        self.resumables = {"tensorboard": tensorboard} | own | users
        for name, callback in self.resumables.items():
            callback.resume(self.saved.notes.get(name))
        per_step = self.config.examples_per_step
        every = max(1, self.config.epochs // self.config.grids)
        return [
            Progress(per_step, telling.shown(self.game), self.data.unit),
            Previews(tensorboard, self.data, self.config.seed, every, self.log),
            *own.values(),
            *self.options.callbacks,
            SaveCheckpoints(
                self.checkpoints,
                self.options.checkpoint_every,
                start,
                self.resumables,
                self.rollback,
                self.saved.notes,
            ),
            tensorboard,
        ]

    def _resumables(self, tensorboard):
        """The run's own callbacks whose states its checkpoints hold, by their names."""
        policy = Policy(
            self.options.on_sick,
            self.options.stop_at_equilibrium,
            self.options.health_every,
        )
        per_step, config = self.config.examples_per_step, self.record.config
        self.health = Health(tensorboard, self.signals, config, policy, self.log)
        found = {
            "scalars": Scalars(tensorboard, per_step / self.game.min_steps, config),
            "history": EpochLog(self.workdir, self.log),
            "health": self.health,
        }
        if self.options.evaluate:
            every, measure = self.options.evaluate
            found["evaluate"] = self._evaluation(tensorboard, every, measure)
        return found

    def _evaluation(self, tensorboard, every, measure):
        keep = functools.partial(export_generator, self.game, self.workdir / "best")
        return Evaluate(tensorboard, every, measure, keep, self.log)

    def _announce(self):
        config, start = self.config, self.saved.position
        exact, workers = self.options.deterministic, self.cluster.count
        self.log(telling.beginning(self.game, config, self.record, exact, workers))
        if start.epoch >= config.epochs:
            self.log(f"all {config.epochs} epochs are done; more `epochs` go on")
        elif start != Position():
            self.log(f"goes on {start} of {config.epochs}")
        self.log(
            f"workdir: {self.workdir} (watch: tensorboard --logdir {self.workdir})"
        )

    def _export(self):
        """Exports the generator of a game that makes samples."""
        animation = self.workdir / "samples" / "training.gif"
        if animation.exists():
            self.log(f"animation: {animation}")
        if self.game.samplers:
            export_generator(self.game, self.workdir / "generator")
            self.log(f"generator: {self.workdir / 'generator'} (SavedModel)")
