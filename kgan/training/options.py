"""Options of a run that do not depend on what it trains."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

from tqdm import tqdm

from kgan.errors import UserError
from kgan.health import CHECK_EVERY
from kgan.training.checkpoint import MINUTELY, CheckpointInterval
from kgan.typing import PathLike

CHOICES = {
    "strategy": ("auto", "one", "mirrored", "workers"),
    "cluster": ("tf_config", "slurm"),
    "jit": ("auto", "on", "off"),
    "precision": ("float32", "mixed_bfloat16", "mixed_float16", "auto"),
    "on_sick": ("warn", "stop", "rollback"),
}
LEAST = {"steps_per_execution": 0, "keep_checkpoints": 1, "health_every": 1}


@dataclasses.dataclass(frozen=True)
class Options:
    """Options of a run that do not depend on what it trains.

    Attributes:
        split, data_dir, download: as `kgan.data.load` takes them.
        hours: about how long the run takes on this machine, which is measured; 0 leaves
            its length to the configuration. A run that resumes keeps its length.
        strategy: "one", "mirrored", "workers" or "auto": who shares each batch, as
            `kgan.training.strategies.chosen` and `kgan.training.cluster.of` take it.
        cluster: where the workers are named: "tf_config" for $TF_CONFIG, or "slurm".
        sync_batch_norm: with several replicas, take the statistics of batch norm from
            the whole batch; else each replica takes those of its part.
        jit: "on", "off" or "auto": XLA where it is faster.
        steps_per_execution: training steps per call of the graph; 0 chooses.
        precision: Keras' dtype policy; "auto" measures whether bfloat16 is faster. None
            is "auto" with `hours`, else "float32"; a run that resumes keeps its own.
        deterministic: only operations that give the same bits every time.
        init_from: the workdir of another run, whose networks this one starts from as far
            as they fit; None starts from nothing. A run that resumes does not need it.
        fresh: start anew; a run that is in the workdir is moved aside.
        checkpoint_every: when a checkpoint is due: a `CheckpointInterval`, or a text
            such as "1min", "500steps" or "1epoch".
        keep_checkpoints: how many checkpoints are kept.
        evaluate: (epochs from one evaluation to the next, a function game -> (name of a
            score, value; lower is better)); None for no evaluation.
        on_sick: "warn", "stop" or "rollback": what to do when the health check finds a
            trouble.
        stop_at_equilibrium: end the run once D cannot tell real from generated data.
        health_every: descents of G from one health check to the next.
        callbacks: further `keras.callbacks.Callback`s, which start anew on resume.
        command: the command that the user typed, for the message on how to resume.
        log: called with each line that the user should read.
    """

    split: str = "train"
    data_dir: str | None = None
    download: bool = False
    hours: float = 0.0
    strategy: str = "auto"
    cluster: str = "tf_config"
    sync_batch_norm: bool = True
    jit: str = "auto"
    steps_per_execution: int = 0
    precision: str | None = None
    deterministic: bool = False
    init_from: PathLike | None = None
    fresh: bool = False
    checkpoint_every: CheckpointInterval | str = MINUTELY
    keep_checkpoints: int = 2
    evaluate: tuple[Any, ...] | None = None
    on_sick: str = "warn"
    stop_at_equilibrium: bool = False
    health_every: int = CHECK_EVERY
    callbacks: tuple[Any, ...] = ()
    command: str = "the same call"
    log: Callable[..., Any] = tqdm.write  # so that no line runs into the progress bar

    def __post_init__(self) -> None:
        for name, known in CHOICES.items():
            value = getattr(self, name)
            if value not in known and value != getattr(type(self), name):
                raise UserError(f"{name}={value}", f"there are {', '.join(known)}")
        for name, least in LEAST.items():
            value = getattr(self, name)
            if value < least:
                raise UserError(f"{name}={value}", f"must be at least {least}")
        if not 0 <= self.hours < math.inf:
            raise UserError(f"hours={self.hours}", "must be a number from 0 on")
        if isinstance(self.checkpoint_every, str):
            every = CheckpointInterval.parse(self.checkpoint_every)
            object.__setattr__(self, "checkpoint_every", every)

    @property
    def policy(self) -> str:
        """Keras' dtype policy, where nothing is measured to choose it."""
        return self.precision or "float32"
