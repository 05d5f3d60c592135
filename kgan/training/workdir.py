"""The folder of a run, in which one process trains at a time."""

import contextlib
import itertools
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock

from kgan.data import DomainSource
from kgan.errors import UserError
from kgan.files import sweep, writing
from kgan.training.record import NAME as RECORD
from kgan.typing import Log

if TYPE_CHECKING:
    from kgan.training.record import Record

ROOT = Path("runs")  # of runs for which no folder is named
LOCK = ".lock"
HOLDER = ".lock.holder"  # next to the lock: whoever tries to take it empties the file


def default_workdir(variant: str, dataset: Any) -> Path:
    """Returns runs/VARIANT-DATASET, the folder of a run for which none is named.

    Args:
        variant: the name of a variant, or the path of the user's file.
        dataset: the name of a data set, a folder, a `kgan.DomainSource`, or data without
            a name of their own, whose folder ends in "data".
    """
    if isinstance(dataset, DomainSource):
        dataset = dataset.name.replace("/", "-")
    elif not isinstance(dataset, str | os.PathLike):
        dataset = "data"
    # A name may have dots, such as v.1: only the suffix of a program is left out.
    program = Path(variant)
    first = program.stem if program.suffix == ".py" else program.name
    last = Path(os.path.abspath(Path(dataset).expanduser())).name
    return ROOT / f"{first}-{last}"


@contextlib.contextmanager
def claimed(
    workdir: Path, record: "Record", fresh: bool = False, log: Log = print
) -> Iterator[None]:
    """A context in which the workdir belongs to this run and is locked for this process.

    It creates the folder if needed, and removes files that a killed process left half
    written.

    Args:
        workdir: the folder.
        record: of the run, a `kgan.training.record.Record`.
        fresh: move another run, or an earlier part of this one, aside.
        log: called with each line that the user should read.

    Raises:
        UserError: it holds something else, is in use, or cannot be written.
    """
    if fresh and (workdir / RECORD).exists():
        with held(workdir, log):
            there = _set_aside(workdir)
        (there / HOLDER).unlink()
        log(f"the run that was in {workdir} is now in {there}")
    record.check_same_run(workdir)
    try:
        workdir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"workdir={workdir}", f"cannot be written ({error.strerror})", exit_code=1
        ) from error
    with held(workdir, log):
        with writing(workdir):
            sweep(workdir)
        yield


@contextlib.contextmanager
def held(workdir: Path, log: Log = print) -> Iterator[None]:
    """A context in which this process holds the lock of a workdir, which must exist.

    The operating system releases the lock of a process that dies, however it dies. A
    file that such a process left is recognised and reported with `log`.

    Raises:
        UserError: another process holds it, or the folder cannot be written.
    """
    holder = Path(workdir) / HOLDER
    lock = filelock.FileLock(Path(workdir) / LOCK)
    try:
        lock.acquire(blocking=False)
        stale = _who(holder) if holder.exists() else None
        me = {"process": os.getpid(), "host": socket.gethostname()}
        holder.write_text(json.dumps(me))
    except filelock.Timeout:
        raise UserError(
            f"workdir={workdir}",
            f"{_who(holder)} trains there now",
            "wait for it, stop it, or choose another folder",
            exit_code=1,
        ) from None
    except OSError as error:
        raise UserError(
            f"workdir={workdir}", f"cannot be written ({error.strerror})", exit_code=1
        ) from error
    try:
        if stale:
            log(f"{stale} was cut off here; its lock is stale")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _set_aside(workdir):
    """Moves the folder to a free name next to it; returns that path."""
    there = workdir.absolute()
    names = (there.with_name(f"{there.name}-old{n}") for n in itertools.count(1))
    free = next(name for name in names if not name.exists())
    try:
        there.rename(free)
    except OSError as error:
        raise UserError(
            f"workdir={workdir}",
            f"cannot be moved aside ({error.strerror})",
            exit_code=1,
        ) from error
    return free


def _who(holder):
    try:
        found = json.loads(holder.read_text())
        return f"process {found['process']} on {found['host']}"
    except (OSError, ValueError, TypeError, KeyError):
        return "another process"
