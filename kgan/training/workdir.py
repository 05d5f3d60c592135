"""The folder of a run: it holds one run, and one process trains in it at a time."""

import contextlib
import itertools
import json
import os
import socket
from pathlib import Path

import filelock

from kgan.errors import UserError
from kgan.files import sweep, writing
from kgan.training.record import NAME as RECORD

LOCK = ".lock"
HOLDER = ".lock.holder"  # beside the lock: whoever tries to take it empties the file


@contextlib.contextmanager
def claimed(workdir, record, fresh=False, log=print):
    """Inside, the folder is there, is this run's, and no other process trains in it.

    What a killed process left half written there is removed.

    Args:
        record: of the run, a `kgan.training.record.Record`.
        fresh: move another run, or an earlier part of this one, aside.

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
            f"--workdir={workdir}: cannot be written ({error.strerror})", exit_code=1
        ) from error
    with held(workdir, log):
        with writing(workdir):
            sweep(workdir)
        yield


@contextlib.contextmanager
def held(workdir, log=print):
    """Holds the lock of a workdir, which exists.

    The operating system lets go of the lock of a process that dies, however it
    dies; what such a process leaves is recognised and told to `say`.

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
            f"--workdir={workdir}: {_who(holder)} trains there now; wait for it, stop "
            "it, or choose another folder",
            exit_code=1,
        ) from None
    except OSError as error:
        raise UserError(
            f"--workdir={workdir}: cannot be written ({error.strerror})", exit_code=1
        ) from error
    try:
        if stale:
            log(f"{stale} was cut off here; its lock is stale")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _set_aside(workdir):
    """Moves the folder to a free name beside it; returns that path."""
    there = workdir.absolute()
    names = (there.with_name(f"{there.name}-old{n}") for n in itertools.count(1))
    free = next(name for name in names if not name.exists())
    try:
        there.rename(free)
    except OSError as error:
        raise UserError(
            f"--workdir={workdir}: cannot be moved aside ({error.strerror})",
            exit_code=1,
        ) from error
    return free


def _who(holder):
    try:
        found = json.loads(holder.read_text())
        return f"process {found['process']} on {found['host']}"
    except (OSError, ValueError, TypeError, KeyError):
        return "another process"
