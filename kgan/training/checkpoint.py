"""Checkpoints: the state of a run, saved and restored."""

import dataclasses
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import tensorflow as tf

from kgan.errors import UserError
from kgan.files import writing
from kgan.replicas import own_values
from kgan.training.loop import Position
from kgan.typing import Log, PathLike

if TYPE_CHECKING:
    from kgan.game import Game

# What TensorFlow raises for a file that is cut, damaged or of another game.
UNREADABLE = (AssertionError, ValueError, IndexError, KeyError, tf.errors.OpError)
DAMAGED = "damaged"  # the folder where the trainer puts what it cannot read
HEALTHY, START = "healthy", "start"  # folders of those that are set aside


@dataclasses.dataclass(frozen=True)
class CheckpointInterval:
    """How often a checkpoint is due: whichever comes first; 0 means never.

    Attributes:
        minutes: of the clock.
        steps: descents of G.
        epochs: of the run.
    """

    minutes: float = 0.0
    steps: int = 0
    epochs: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a text such as "1min", "500steps" or "1epoch", or several by commas.

        Raises:
            UserError: anything else.
        """
        units = {"s": 1 / 60, "min": 1, "h": 60, "step": 1, "epoch": 1}
        fields = {"step": "steps", "epoch": "epochs"}
        found = {}
        for part in text.split(","):
            match = re.fullmatch(r"(\d{1,9}) ?(s|min|h|step|epoch)s?", part.strip())
            name = match and fields.get(match[2], "minutes")
            if not match or not int(match[1]) or name in found:
                raise UserError(
                    f"checkpoint_every={text}",
                    "such as 1min, 30s, 500steps or 1epoch, or one of each kind, joined "
                    "by commas",
                )
            found[name] = int(match[1]) * units[match[2]]
        return cls(**found)

    def due(self, minutes: float, steps: int, epochs: int) -> bool:
        """Whether a checkpoint is due, so long after the last one."""
        pairs = (
            (self.minutes, minutes),
            (self.steps, steps),
            (self.epochs, epochs),
        )
        return any(limit and passed >= limit for limit, passed in pairs)


MINUTELY = CheckpointInterval(minutes=1.0)


class Saved(NamedTuple):
    """The contents of a checkpoint in addition to the game's state.

    Attributes:
        position: the `Position` from which the run resumes.
        notes: the states of the callbacks: name -> plain values.
    """

    position: Position = Position()
    notes: dict[str, Any] = {}  # noqa: RUF012 never changed


class _Notes(tf.train.experimental.PythonState):
    """`Saved` as JSON inside of the checkpoint, so that both are of one moment."""

    saved = Saved()

    def serialize(self):
        return json.dumps({"position": self.saved.position, "notes": self.saved.notes})

    def deserialize(self, text):
        found = json.loads(text)
        self.saved = Saved(Position(*map(int, found["position"])), found["notes"])


class Checkpoints:
    """The checkpoints of one run, in WORKDIR/checkpoints.

    They hold every variable of the game (networks, optimizers with their slots, moving
    averages, random state, metrics) and what `Saved` names. A variable that a variant
    adds is saved without a change here.

    Args:
        game: a compiled game.
        workdir: the run's folder.
        keep: how many checkpoints are kept; older ones are removed.
        aside: a subfolder to use instead, `HEALTHY` or `START`; "" for none.
    """

    def __init__(
        self, game: "Game", workdir: PathLike, keep: int = 2, aside: str = ""
    ) -> None:
        self.folder, self.keep = Path(workdir) / "checkpoints" / aside, keep
        self._notes = _Notes()
        # Variables one by one: Keras' layers, saved as objects, do not hand out
        # the random state of their seed generators.
        self._state = tf.train.Checkpoint(
            state=own_values(game.state), notes=self._notes
        )
        self._manager: Any = None  # until the folder is tidied

    def restore(self, log: Log = print) -> Saved | None:
        """Restores the newest checkpoint that is whole; returns its `Saved`, or None.

        A damaged one is reported with `log`, and the one before it is used. No file is
        changed. None means that there is no checkpoint.

        Raises:
            UserError: there are checkpoints, and none can be read.
        """
        return self._restore(log)[0]

    def begin(self, log: Log = print) -> Saved | None:
        """Restores as `restore` does, for the one process that will save here.

        Damaged checkpoints are moved aside, and files that a killed process left half
        written are removed.
        """
        saved, path, damaged = self._restore(log)
        self._tidy(path, damaged)
        return saved

    def open(self) -> None:
        """Prepares the folder as `begin` does, without restoring anything."""
        self._tidy(next(reversed(self._listed()), None), [])

    def any(self) -> bool:
        """Whether there is a checkpoint."""
        return bool(self._listed() or self._unlisted())

    def _tidy(self, path, damaged):
        whole = self._listed()
        whole = whole[: whole.index(path) + 1] if path in whole else [path]
        whole = [one for one in whole if one]
        self.folder.mkdir(parents=True, exist_ok=True)
        for file in self.folder.iterdir():
            if any(_belongs(file, one) for one in damaged):
                (self.folder / DAMAGED).mkdir(exist_ok=True)
                file.replace(self.folder / DAMAGED / file.name)
            elif file.is_dir() and file.name not in (DAMAGED, HEALTHY, START):
                shutil.rmtree(file)  # a checkpoint's parts, never put together
            elif file.stem.startswith("ckpt-") and not any(
                _belongs(file, one) for one in whole
            ):
                file.unlink()
        if whole:
            # With times, or the manager would not count them as its own.
            tf.compat.v1.train.update_checkpoint_state(
                str(self.folder),
                whole[-1],
                whole,
                all_model_checkpoint_timestamps=[1.0] * len(whole),
                last_preserved_timestamp=0.0,
            )
        self._manager = tf.train.CheckpointManager(
            self._state, str(self.folder), max_to_keep=self.keep
        )
        # What was not restored counts too: no checkpoint is written over another.
        if whole:
            self._state.save_counter.assign(int(Path(whole[-1]).name[5:]))

    def save(self, position: Position, notes: dict[str, Any]) -> None:
        """Saves a checkpoint.

        Raises:
            UserError: it cannot be written; the earlier checkpoints are whole.
        """
        self._notes.saved = Saved(position, notes)
        with writing(self.folder, "the checkpoint before it is whole"):
            self._manager.save()

    def _restore(self, log):
        """(its `Saved` or None, its path or None, paths of newer and damaged ones)."""
        failures = {}
        for path in reversed(self._listed() or self._unlisted()):
            try:
                self._state.restore(path).assert_consumed()
            except UNREADABLE as error:
                self._check_alike(path)
                failures[path] = f"{path}: cannot be restored ({_first_line(error)})"
                continue
            for failure in failures.values():
                log(f"{failure}; goes back to {path}")
            return self._notes.saved, path, list(failures)
        if failures:
            first = next(iter(failures.values()))
            raise UserError(
                f"{first}, nor any before it",
                remedy="begin anew with `fresh`",
                exit_code=1,
            )
        return None, None, []

    def _check_alike(self, path):
        """Raises UserError if a checkpoint is whole, and of another game."""
        here = [f"{one.dtype.name} {tuple(one.shape)}" for one in self._state.state]
        try:
            saved = _forms(path)
        except UNREADABLE:
            return
        if saved == here:
            return
        told = f"{len(saved):,} variables, and here {len(here):,}"
        if len(saved) == len(here):
            odd = next(n for n, form in enumerate(here) if saved[n] != form)
            told = f"a variable is {saved[odd]}, and here {here[odd]}"
        raise UserError(
            path,
            f"belongs to another game: {told}",
            "take the networks and the settings of the run, or begin anew with `fresh`",
            exit_code=1,
        )

    def _listed(self):
        """Paths of the checkpoints that were finished, the oldest first."""
        found = tf.train.get_checkpoint_state(str(self.folder))
        paths = map(Path, found.all_model_checkpoint_paths if found else ())
        # The list may have been written where the folder lay before.
        return [str(self.folder / path.name) for path in paths]

    def _unlisted(self):
        """As `_listed`, from the files' names: for a folder that lost its list."""
        paths = [path.with_suffix("") for path in self.folder.glob("ckpt-*.index")]
        numbered = [path for path in paths if path.name[5:].isdigit()]
        return [str(p) for p in sorted(numbered, key=lambda path: int(path.name[5:]))]


def _belongs(file, checkpoint):
    """Whether `file` is one of those that make up the path `checkpoint`."""
    return file.name.startswith(f"{Path(checkpoint).name}.")


def _forms(checkpoint):
    """The type and the shape of each variable of a game that a checkpoint holds."""
    reader = tf.train.load_checkpoint(checkpoint)
    shapes, types = (
        reader.get_variable_to_shape_map(),
        reader.get_variable_to_dtype_map(),
    )
    names = [name for name in shapes if name.startswith("state/")]
    names.sort(key=lambda name: int(name.split("/")[1]))
    return [f"{types[name].name} {tuple(shapes[name])}" for name in names]


def _first_line(error):
    return str(error).strip().splitlines()[0][:200]
