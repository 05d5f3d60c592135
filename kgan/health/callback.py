"""A callback that says when training goes wrong, why, and what to do."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import tensorflow as tf

from kgan.callbacks.csv_log import CSVLog
from kgan.callbacks.means import Means
from kgan.callbacks.resumable import Resumable
from kgan.callbacks.tensorboard import TensorBoardWriter
from kgan.health import (
    CHECK_EVERY,
    EQUILIBRIUM,
    HEALTHY,
    LONGEST,
    VERDICTS,
    Change,
    Verdict,
    diagnose,
    line,
    symptoms,
)
from kgan.health.report import NAME
from kgan.health.verdicts import BEST
from kgan.typing import Log

if TYPE_CHECKING:
    from kgan.health.signals import Signals


class Policy(NamedTuple):
    """How often a run is checked, and what follows a verdict.

    Attributes:
        on_sick: "warn", "stop" or "rollback": what to do about a trouble.
        stop_at_equilibrium: whether the run ends once it is at equilibrium.
        every: descents of G from one check to the next, at least.
    """

    on_sick: str = "warn"
    stop_at_equilibrium: bool = False
    every: int = CHECK_EVERY


class Health(Resumable):
    """Checks the game every so many descents, and gives a verdict on it.

    A check is a row of WORKDIR/health.csv: the mean since the last check of all that
    the game tracks, how far each player's weights moved, and `Signals`. A verdict is
    logged when it changes, and written to TensorBoard as text; its index in `VERDICTS`
    and the signals are scalars there.

    Args:
        tensorboard: the `TensorBoardWriter` of the run's folder.
        signals: the `Signals` of the game.
        config: dict of the run's configuration.
        policy: a `Policy`: how often to check, and what follows a verdict.
        log: called with one line for each new verdict.

    Attributes:
        last: the `Change` to the present verdict.
        checks: how many checks were made.
        rollbacks: a dict of plain values for each rollback of the run.
    """

    def __init__(
        self,
        tensorboard: "TensorBoardWriter",
        signals: "Signals",
        config: dict[str, Any] | None = None,
        policy: Policy | None = None,
        log: Log = print,
    ) -> None:
        super().__init__()
        self.tensorboard, self.signals = tensorboard, signals
        self.config, self.policy = config or {}, policy or Policy()
        self.log = log
        self.resumed = False
        self.rows = CSVLog(tensorboard.workdir / NAME, ["epoch", "step"], log)

    @property
    def demand(self) -> str | None:
        """What the verdict asks of the run: "stop", "rollback", "end", or None."""
        verdict = self.last.verdict
        if verdict.name == HEALTHY:
            return None
        if verdict.name == EQUILIBRIUM:
            return "end" if self.policy.stop_at_equilibrium else None
        if self.policy.on_sick == "warn":
            return "stop" if verdict.lost else None
        return self.policy.on_sick

    def state(self) -> dict[str, Any]:
        epoch, step, verdict = self.last
        return {
            "rows": self.rows.state(),
            "means": self._means.state(),
            "checks": self.checks,
            "series": list(self._series),
            "step": self._step,
            "kept": self._kept,
            "last": [epoch, step, [*verdict]],
            "rollbacks": list(self.rollbacks),
            "told": self._told,
        }

    def resume(self, state: dict[str, Any] | None) -> None:
        self.resumed = True
        self.rows.resume(state and state["rows"])
        self._means = Means(state and state["means"])
        self.checks = state["checks"] if state else 0
        self._series = list(state["series"]) if state else []
        self._step = state["step"] if state else 0
        self._kept = state["kept"] if state else -1
        self.rollbacks = list(state["rollbacks"]) if state else []
        self._told = state["told"] if state else 0
        epoch, step, verdict = state["last"] if state else (0, 0, ())
        self.last = Change(epoch, step, Verdict(*verdict))
        self._before = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        if not self.resumed:  # under a plain `fit`
            self.resume(None)
        self.rows.on_train_begin()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        self.rows.on_train_end()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._epoch = epoch + 1

    def on_train_batch_begin(
        self, batch: int, logs: dict[str, Any] | None = None
    ) -> None:
        descents = self.model.steps_per_execution * self.model.min_steps
        if self._now() + descents - self._step >= self.policy.every:
            self._before = [
                [tf.identity(w.value) for w in side.weights] for side in self._sides()
            ]

    def on_train_batch_end(
        self, batch: int, logs: dict[str, Any] | None = None
    ) -> None:
        if self._now() - self._step >= self.policy.every:
            self._check(self.signals.finite())
        self._before = None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._means.collect(self.model.running_means, ends=True)

    def sound(self) -> bool:
        """Whether all that a checkpoint would hold is finite; if not, logs a verdict."""
        odd = self.signals.finite()
        if odd and self._now() > self._step:
            self._check(odd)
        return not odd

    def worth_keeping(self) -> bool:
        """Whether a checkpoint of this moment would be a healthy one for a rollback.

        True at the start of a run and after a check without a symptom, once each.
        """
        if self._kept == self._step or self._now() != self._step:
            return False
        if self._series and (
            self.last.verdict.name not in (HEALTHY, EQUILIBRIUM)
            or symptoms(self._series, self.config)
        ):
            return False
        self._kept = self._step
        return True

    def _check(self, odd):
        self._means.collect(self.model.running_means)
        self._step, self.checks = self._now(), self.checks + 1
        check = {"epoch": self._epoch, "step": self._step}
        check |= {"rollbacks": len(self.rollbacks)} | self._means.take()
        signals = self._updates() | self.signals.measure()
        for part in ("losses", "weights"):
            signals[f"finite_{part}"] = float(part not in odd)
        check |= signals | self._best(check)
        self.rows.add(check)
        self._series = [*self._series, check][-LONGEST:]
        before = self.last.verdict
        verdict = diagnose(self._series, self.config, before.name)
        if verdict.news(before):
            self.last = Change(self._epoch, self._step, verdict)
            self.log(line(self.last, self.config))
        self._write(signals, verdict.news(before))

    def _best(self, check):
        """D's best accuracy so far, of a game whose D tells real from generated."""
        sides = check.get("D/accuracy_real"), check.get("D/accuracy_fake")
        if None in sides:
            return {}
        before = self._series[-1].get(BEST, 0.0) if self._series else 0.0
        return {BEST: max(before, sum(sides) / 2)}

    def _write(self, signals, changed):
        with self.tensorboard.at("train", self._step):
            for name, value in signals.items():
                tf.summary.scalar(f"health/{name}", value)
            tf.summary.scalar("health/verdict", VERDICTS.index(self.last.verdict.name))
            for one in self.rollbacks[self._told :]:
                tf.summary.text("rollback", one["told"])
            if changed:
                tf.summary.text("verdict", line(self.last, self.config))
        self._told = len(self.rollbacks)

    def _updates(self):
        """How far each player's weights moved, per step, over how large they are."""
        found = {f"{side.name}/update": math.nan for side in self._sides()}
        if self._before:
            for side, before in zip(self._sides(), self._before, strict=True):
                moved = [w.value - b for w, b in zip(side.weights, before, strict=True)]
                way = tf.linalg.global_norm(moved) / tf.linalg.global_norm(before)
                steps = self.model.steps_per_execution
                found[f"{side.name}/update"] = float(way) / steps
        return found

    def _sides(self):
        return self.model.max_side, self.model.min_side

    def _now(self):
        return self.model.descents
