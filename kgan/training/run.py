"""Preparation of a run: loads the data, builds the game, returns a `Trainer`."""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import tensorflow as tf

from kgan.data import DomainSource, halved
from kgan.data.sources.shards import place_of_shards
from kgan.errors import UserError
from kgan.training import cluster, feed, initial, strategies
from kgan.training.environment import describe
from kgan.training.follower import Follower
from kgan.training.inputs import load_inputs
from kgan.training.options import Options
from kgan.training.pacing import paced
from kgan.training.precision import decided
from kgan.training.record import FIRST_STAGE, Record, located, places
from kgan.training.restore import build_game
from kgan.training.trainer import Trainer
from kgan.training.tuning import tune
from kgan.typing import PathLike

if TYPE_CHECKING:
    from kgan.data.dataset import Dataset
    from kgan.game import Game


OPTIONAL = ("drawable", "earlier", "suited")  # functions that a module may have


class Variant(NamedTuple):
    """The name of a variant, and the functions that build its game.

    Attributes:
        name: as run.json records it.
        build: makes the compiled game: (config, `kgan.data.Spec`) -> `Game`.
        drawable: config -> the `kgan.networks.sides.Sides` that its networks draw; None
            for any.
        earlier: (config, `Spec`) -> the configuration of the stage that is trained
            before, or None; None for a variant without stages.
        suited: (config, `kgan.data.Dataset`, hours) -> (the configuration with what it
            chose for the data and the time, lines that say what and why); None for a
            variant that chooses nothing.
        game: the compiled game of a run that is given one; None for others.
    """

    name: str
    build: Callable[..., Any]
    drawable: Callable[..., Any] | None = None
    earlier: Callable[..., Any] | None = None
    suited: Callable[..., Any] | None = None
    game: Any = None

    @classmethod
    def of(cls, name: str, module: Any) -> Self:
        """Returns the variant of a module of `kgan.configs`, or of the user's own."""
        optional = (getattr(module, one, None) for one in OPTIONAL)
        return cls(name, module.build, *optional)

    @classmethod
    def given(cls, game: "Game") -> Self:
        """Returns the variant of a compiled game."""
        return cls(type(game).__name__, lambda config, spec: game, game=game)

    def configured(self, config: Any, data: "Dataset", options: Options) -> Any:
        """Returns the configuration for the data of a run; logs what was chosen."""
        if self.suited is None:
            return config
        config, told = self.suited(config, data, options.hours)
        for line in told:
            options.log(line)
        return config


def prepare(
    variant: Variant,
    dataset: Any,
    config: Any,
    workdir: PathLike,
    options: Options | None = None,
    find: Callable[[str], Any] | None = None,
) -> Trainer | Follower:
    """Loads the data, builds the game and returns the `Trainer` of the run.

    Args:
        variant: a `Variant`.
        dataset: as `kgan.training.inputs.load_inputs` takes it.
        config: the configuration of the variant; a `kgan.settings.Settings` for a
            compiled game.
        workdir: the run's folder.
        options: an `Options`.
        find: name of a variant of kgan -> its config module, for `init_from`.

    Returns:
        A `Trainer`, which has written nothing yet; a `Follower` in a worker that is not
        the chief.

    Raises:
        UserError: the data, the configuration or the options are wrong.
    """
    options = options or Options()
    workers = cluster.of(options.strategy, options.cluster)  # before any operation
    options = _heeded(options, workers)
    data, config = _loaded(variant, dataset, config, options)
    options = decided(variant, config, data, workdir, options, workers.count)
    config = paced(variant, config, data, workdir, options, workers.count)
    steps = feed.steps_per_epoch(data, config)
    given, config = config, config.resolved(steps)
    record = _recorded(variant, dataset, config, data, options)
    game = _built(variant, config, record, workers, options, steps)
    if workers.chief:
        record = dataclasses.replace(
            record,
            environment=describe(game, options.deterministic),
            init_from=initial.start(game, variant, config, workdir, options, find),
        )
        trainer = Trainer(game, data, config, record, workdir, options, workers)
    else:
        trainer = Follower(game, data, config, record, workers)
    first = variant.earlier(given, data.spec) if variant.earlier else None
    if first is not None:
        dataset, first = _of_first_stage(dataset, data, given, first)
        folder = Path(workdir) / FIRST_STAGE
        own = dataclasses.replace(options, fresh=False, init_from=_first_stage(options))
        trainer.earlier = lambda: prepare(variant, dataset, first, folder, own, find)
    return trainer


def _of_first_stage(dataset, data, config, first):
    """The data of the stage before, and its configuration, which has their size."""
    if not isinstance(dataset, str | os.PathLike):
        # Data in memory are taken as they are, whatever size is asked for.
        return halved(data), dataclasses.replace(first, image_size=config.image_size)
    if place_of_shards(dataset):
        raise UserError(
            "stages=2",
            f"{dataset} holds pictures of one size, and the first stage draws half of it",
            "train on the folder that they were prepared from, or with `stages=1`",
        )
    return dataset, first


def _first_stage(options):
    """The run from which the stage before starts: that of the run named, if it had one."""
    place = options.init_from and Path(options.init_from).expanduser() / FIRST_STAGE
    return str(place) if place and place.exists() else None


def _heeded(options, workers):
    """The options as this worker takes them."""
    if options.deterministic:
        tf.config.experimental.enable_op_determinism()
    if workers.chief:
        return options
    return dataclasses.replace(options, log=lambda line: None, init_from=None)


def _loaded(variant, dataset, config, options):
    """The data, and the configuration with what the variant chooses for them."""
    drawable = variant.drawable(config) if variant.drawable else None
    data = load_inputs(dataset, config, options, drawable)
    return data, variant.configured(config, data, options)


def _recorded(variant, dataset, config, data, options):
    """The record of the run, without its environment."""
    record = Record.of(variant.name, _named(dataset, data), config, data, options)
    if not isinstance(dataset, DomainSource):
        return record
    return dataclasses.replace(record, asked=places(dataclasses.asdict(dataset)))


def _built(variant, config, record, workers, options, steps):
    """The compiled game, which the replicas can share, tuned for so many steps."""
    strategy = workers.strategy_for(options.strategy)
    with strategy.scope():
        game = build_game(variant.build, config, record.spec, record.precision)
    if variant.game is not None:
        strategies.check_given(game, strategy, options)
    strategies.check_shares(game, config)
    strategies.synchronise(game, options.sync_batch_norm)
    tune(game, options, steps)
    workers.check_same(record, game, options)
    return game


def _named(dataset, data):
    """What the record calls the data: a name, or a path that is found from anywhere."""
    if isinstance(dataset, str | os.PathLike):
        return located(os.fspath(dataset))
    return data.name
