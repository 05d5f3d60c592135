"""What is to be run, and all that a run has before its first step."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import tensorflow as tf

from kgan.config import Config
from kgan.data import Ask, Domains, Images, load, load_domains, steps_per_epoch
from kgan.errors import UserError
from kgan.game import Game
from kgan.health import CHECK_EVERY
from kgan.training.checkpoint import MINUTELY, CheckpointInterval
from kgan.training.environment import facts
from kgan.training.record import Record
from kgan.training.restore import build_game

MOST_STEPS_PER_EXECUTION = 20


@dataclasses.dataclass(frozen=True)
class Run:
    """How a config is run.

    Attributes:
        variant: its name, for the record.
        dataset: as `kgan.data.load` takes it; or `Images` or `Domains` that are
            there already; or an `Ask` for two domains.
        config: what is played.
        build: makes the compiled game: (config, shape, classes) -> Game.
        workdir: receives everything.
        split, data_dir, download: as `kgan.data.load` takes them.
        jit: "on", "off" or "auto": XLA where it is faster.
        steps_per_execution: training steps per call of the graph; 0 chooses.
        precision: Keras' dtype policy.
        deterministic: only operations that give the same bits every time.
        fresh: begin anew; a run that is in `workdir` is moved beside it.
        checkpoint_every: when a checkpoint is due.
        keep_checkpoints: how many stay.
        evaluate: epochs from one evaluation to the next, and a function: game ->
            (name of a score, its value, less being better); None for none.
        on_sick: "warn", "stop" or "rollback": what follows a verdict of ill health.
        stop_at_equilibrium: end well once D cannot tell any more.
        health_every: descents of G from one check of its health to the next.
        command: what the user typed, to be told how to go on.
        say: told each line that the user should read.
    """

    variant: str
    dataset: str | Images | Domains | Ask
    config: Config
    build: Callable
    workdir: Path
    split: str = "train"
    data_dir: str | None = None
    download: bool = False
    jit: str = "auto"
    steps_per_execution: int = 0
    precision: str = "float32"
    deterministic: bool = False
    fresh: bool = False
    checkpoint_every: CheckpointInterval = MINUTELY
    keep_checkpoints: int = 2
    evaluate: tuple | None = None
    on_sick: str = "warn"
    stop_at_equilibrium: bool = False
    health_every: int = CHECK_EVERY
    command: str = "the same command"
    log: Callable = print


class Ready(NamedTuple):
    """What a run has before its first step: `config` has every default resolved."""

    game: Game
    images: Images | Domains
    config: Config
    record: Record


def prepare(run):
    """Loads the data and builds the game."""
    if run.deterministic:
        tf.config.experimental.enable_op_determinism()
    images = _images(run)
    steps = steps_per_epoch(images, run.config.images_per_step)
    config = run.config.resolved(steps, **images.resolved_fields)
    name = run.dataset if isinstance(run.dataset, str) else images.name
    record = Record.of(run.variant, name, run.split, run.precision, config, images)
    if isinstance(run.dataset, Ask):
        record = dataclasses.replace(record, asked=dataclasses.asdict(run.dataset))
    game = build_game(run.build, config, record)
    game.jit_compile = _jit(run, game)
    game.steps_per_execution = _per_execution(run.steps_per_execution, steps)
    computing = facts(game, run.deterministic)
    record = dataclasses.replace(record, computing=computing)
    return Ready(game, images, config, record)


def _images(run):
    if isinstance(run.dataset, (Images, Domains)):
        return run.dataset
    wanted = {
        "split": run.split,
        "image_size": run.config.image_size,
        "channels": run.config.channels,
        "data_dir": run.data_dir,
        "download": run.download,
        "log": run.log,
    }
    if not isinstance(run.dataset, Ask):
        return load(run.dataset, **wanted)
    channels = run.config.source_channels
    paired = run.config.paired
    return load_domains(run.dataset, paired=paired, source_channels=channels, **wanted)


def _jit(run, game):
    """Whether XLA compiles the training step."""
    choice = run.jit
    if run.deterministic:
        if choice == "on":
            raise UserError(
                "--jit=on: TensorFlow turns XLA off when --deterministic asks for "
                "deterministic operations; use one of the two"
            )
        return False
    players = game.max_players() + game.min_players()
    layers = [layer for player in players for layer in player.layers]
    refusing = [type(layer).__name__ for layer in layers if not layer.supports_jit]
    if choice == "on" and refusing:
        raise UserError(
            f"--jit=on: the layer {refusing[0]} does not work under XLA; use --jit=off"
        )
    if choice == "auto":
        return not refusing and bool(tf.config.list_physical_devices("GPU"))
    return choice == "on"


def _per_execution(asked, steps):
    if not asked:
        most = min(steps, MOST_STEPS_PER_EXECUTION)
        return next(n for n in range(most, 0, -1) if steps % n == 0)
    if steps % asked:
        fits = divisors(steps)
        raise UserError(
            f"--steps_per_execution={asked}: does not divide the {steps} steps of an "
            f"epoch; these do: {', '.join(map(str, fits))}"
        )
    return asked


def divisors(*numbers, most=100):
    """Common divisors, in order."""
    last = min(*numbers, most)
    return [n for n in range(1, last + 1) if not any(k % n for k in numbers)]
