"""Preparation of a run: loads the data, builds the game, returns a `Trainer`."""

import dataclasses
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import tensorflow as tf

from kgan.data import DomainSource, steps_per_epoch
from kgan.training.environment import describe
from kgan.training.inputs import load_inputs
from kgan.training.options import Options
from kgan.training.record import Record
from kgan.training.restore import build_game
from kgan.training.trainer import Trainer
from kgan.training.tuning import tune
from kgan.typing import PathLike

if TYPE_CHECKING:
    from kgan.game import Game


class Variant(NamedTuple):
    """The name of a variant, and the functions that build its game.

    Attributes:
        name: as run.json records it.
        build: makes the compiled game: (config, `kgan.data.Spec`) -> `Game`.
        drawable: config -> the `kgan.networks.sides.Sides` that its networks draw; None
            for any.
    """

    name: str
    build: Callable[..., Any]
    drawable: Callable[..., Any] | None = None

    @classmethod
    def of(cls, name: str, module: Any) -> Self:
        """Returns the variant of a module of `kgan.configs`, or of the user's own."""
        return cls(name, module.build, getattr(module, "drawable", None))

    @classmethod
    def given(cls, game: "Game") -> Self:
        """Returns the variant of a compiled game."""
        return cls(type(game).__name__, lambda config, spec: game)


def prepare(
    variant: Variant,
    dataset: Any,
    config: Any,
    workdir: PathLike,
    options: Options | None = None,
) -> Trainer:
    """Loads the data, builds the game and returns the `Trainer` of the run.

    Args:
        variant: a `Variant`.
        dataset: as `kgan.training.inputs.load_inputs` takes it.
        config: the configuration of the variant; a `kgan.settings.Settings` for a
            compiled game.
        workdir: the run's folder.
        options: an `Options`.

    Returns:
        A `Trainer`, which has written nothing yet.

    Raises:
        UserError: the data, the configuration or the options are wrong.
    """
    options = options or Options()
    if options.deterministic:
        tf.config.experimental.enable_op_determinism()
    drawable = variant.drawable(config) if variant.drawable else None
    data = load_inputs(dataset, config, options, drawable)
    steps = steps_per_epoch(data, config.examples_per_step)
    config = config.resolved(steps)
    named = os.fspath(dataset) if isinstance(dataset, str | os.PathLike) else data.name
    record = Record.of(variant.name, named, config, data, options)
    if isinstance(dataset, DomainSource):
        record = dataclasses.replace(record, asked=dataclasses.asdict(dataset))
    game = build_game(variant.build, config, record)
    tune(game, options, steps)
    environment = describe(game, options.deterministic)
    record = dataclasses.replace(record, environment=environment)
    return Trainer(game, data, config, record, workdir, options)
