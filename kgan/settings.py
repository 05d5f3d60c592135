"""Settings of a run with the user's own game, and plain values of a configuration."""

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from kgan.errors import UserError
from kgan.fields import check, option, options
from kgan.sizes import Size

LARGE = 1_000_000_000


@dataclass(frozen=True)
class Basic:
    """The fields of every run whose data are no pictures of files.

    Attributes:
        learns_from: a key of `kgan.training.inputs.READERS`, or whatever `load` finds.
        dataset: the data set of a variant that is told none; "" where one must be named.
    """

    domains: ClassVar[bool] = False
    paired: ClassVar[bool] = False
    captioned: ClassVar[bool] = False
    class_attributes: ClassVar[tuple[str, ...]] = ()
    edited_attributes: ClassVar[tuple[str, ...] | None] = None
    learns_from: ClassVar[str] = "images"
    dataset: ClassVar[str] = "digits"

    batch_size: int = option(128, "real examples in one round", least=1, most=65_536)
    epochs: int = option(
        0, "how many there are; 0 is as many as updates needs", least=0, most=LARGE
    )
    steps_per_epoch: int = option(
        0,
        "iterations of an epoch, after which samples are shown; 0 is a pass over the data",
        least=0,
        most=LARGE,
    )
    updates: int = option(
        4000, "iterations, at least; counts only with epochs=0", least=1, most=LARGE
    )
    seed: int = option(0, "the seed of all randomness", least=0, most=2**31 - 1)
    grids: int = option(
        40, "about how often the run shows and keeps samples", least=1, most=10_000
    )
    rounds: int = option(1, "rounds of data in an iteration", least=1, most=10_000)

    def __post_init__(self) -> None:
        check(self)

    @property
    def examples_per_step(self) -> int:
        """The number of real examples in one iteration."""
        return self.batch_size * self.rounds

    def resolved(self, steps: int) -> Self:
        """Returns the settings with `epochs` set, for `steps` steps per epoch."""
        epochs = self.epochs or -(-self.updates // steps)
        return dataclasses.replace(self, epochs=epochs)


@dataclass(frozen=True)
class Settings(Basic):
    """The configuration of a run whose game is compiled already.

    Attributes:
        of_game: the fields that say what the game is.
    """

    of_game: ClassVar[tuple[str, ...]] = ("rounds", "objective", "label_smoothing")

    objective: str = option("", "the name of the game's objective")
    label_smoothing: float = option(0.0, "the smoothing of that objective")
    flip: bool = option(False, "mirror half of the pictures left to right, by chance")
    jitter: float = option(
        0.0,
        "share of their side by which pictures grow before a crop of their own size is "
        "cut out by chance; 0 is none",
        least=0.0,
        most=1.0,
    )


def as_plain(config: Any) -> dict[str, Any]:
    """Returns the fields as a dict that JSON can hold: tuples become lists."""
    return {name: _plain(v) for name, v in dataclasses.asdict(config).items()}


def _plain(value):
    if isinstance(value, Size):
        return value.plain
    return list(value) if isinstance(value, tuple) else value


def defaults(config: Any) -> dict[str, Any]:
    """Returns what fields meant, by name as `as_plain`, in runs that do not record them.

    That is the default; or what the class says in `before`, name -> plain value, of a
    field that changed what there was; or what the game of a run is, which was not recorded.
    """
    kind = type(config)
    meant = {one.name: _plain(one.default) for one in dataclasses.fields(kind)}
    own = {name: getattr(config, name) for name in getattr(kind, "of_game", ())}
    return meant | getattr(kind, "before", {}) | own


def from_plain(kind: type[Any], plain: dict[str, Any]) -> Any:
    """Returns the configuration of class `kind` of a dict from `as_plain`.

    A field that did not exist yet when the dict was written has its default, or what the
    class says in `before`.

    Raises:
        UserError: an unknown field, or a value that is not allowed.
    """
    names = {field.name for field in dataclasses.fields(kind)}
    plain = getattr(kind, "before", {}) | plain
    unknown = ", ".join(sorted(set(plain) - names))
    if unknown:
        raise UserError("the saved configuration", f"has unknown fields: {unknown}")
    tuples = {name for name, one in options(kind).items() if one.kind is tuple}
    return kind(
        **{
            name: tuple(value) if name in tuples and isinstance(value, list) else value
            for name, value in plain.items()
        }
    )


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Lists "field: old -> new" for each field in which two dicts differ."""
    return [
        f"{name}: {old.get(name)} -> {new.get(name)}"
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]
