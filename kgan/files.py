"""Writes files so that a reader never sees half of one."""

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import tensorflow as tf

from kgan.errors import UserError
from kgan.typing import PathLike


@contextlib.contextmanager
def writing(
    path: PathLike, consolation: str = "nothing that was saved before is harmed"
) -> Iterator[None]:
    """Turns an error of the disk inside the block into a `UserError` about `path`.

    Args:
        path: what is written.
        consolation: what is still whole after the failure.
    """
    try:
        yield
    except (OSError, tf.errors.OpError) as error:
        reason = getattr(error, "strerror", None) or _reason(error)
        raise UserError(
            path,
            f"cannot be written ({reason}); {consolation}",
            "mend this and run the same command again",
            exit_code=1,
        ) from error


def _reason(error):
    """The last words of TensorFlow's long story, such as "No space left on device"."""
    story = str(error).strip().splitlines()[0]
    return re.split(r"; |: ", story.split(" [Op:")[0])[-1][:200]


@contextlib.contextmanager
def replacing(path: PathLike) -> Iterator[Path]:
    """Yields a temporary path in the folder of `path`; renames it to `path` at the end.

    The temporary path has the suffix of `path`. After a failure `path` is what it was
    before.
    """
    path = Path(path)
    with writing(path):
        temporary = _new(path, _touch)
        try:
            yield temporary
            with open(temporary, "rb") as written:
                os.fsync(written.fileno())
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)


def cache_folder(name: str) -> Path | None:
    """Returns the folder for what is kept from run to run; it need not be there.

    It lies in $KGAN_CACHE_DIR, by default where the system keeps such things, as in
    ~/.cache/kgan. It is None where $KGAN_CACHE_DIR is "off".

    Args:
        name: what is kept there, such as "classifiers".
    """
    chosen = os.environ.get("KGAN_CACHE_DIR")
    if chosen == "off":
        return None
    home = chosen or platformdirs.user_cache_dir("kgan", appauthor=False)
    return Path(home).expanduser() / name


def write_text(path: PathLike, text: str) -> None:
    """Writes a text file, whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def replacing_folder(path: PathLike) -> Iterator[Path]:
    """Like `replacing`, for a folder; the old one stays until the new one is whole."""
    path = Path(path)
    with writing(path):
        temporary = _new(path, os.mkdir)
        try:
            yield temporary
            old = path.with_name(f".{path.name}{OLD}")
            shutil.rmtree(old, ignore_errors=True)
            if path.exists():
                os.replace(path, old)
            os.replace(temporary, path)
            shutil.rmtree(old, ignore_errors=True)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


OLD = ".kgan-old"


def _new(path, make):
    """Makes a temporary file or folder in the folder of `path` and returns its path.

    Unlike those of `tempfile`, it gets the permissions of any other file or folder:
    the system applies the process' umask.
    """
    while True:
        name = f".kgan-{os.getpid()}-{secrets.token_hex(8)}{path.suffix}"
        temporary = path.with_name(name)
        try:
            make(temporary)
        except FileExistsError:
            continue
        return temporary


def _touch(path):
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))


def sweep(folder: PathLike) -> None:
    """Removes the temporary files and folders that killed processes left in `folder`.

    Folders in it are searched as well. A folder whose replacement was interrupted is
    brought back.
    """
    for path in sorted(Path(folder).rglob(".*")):
        if path.name.endswith(OLD):
            whole = path.with_name(path.name[1 : -len(OLD)])
            if whole.exists():
                shutil.rmtree(path)
            else:
                os.replace(path, whole)
        process = re.match(r"\.kgan-(\d+)-", path.name)
        # In a container each process may have the number of the one before it.
        if process and (int(process[1]) == os.getpid() or not _lives(int(process[1]))):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def cut(path: PathLike, length: int) -> int:
    """Shortens a file to `length` bytes; a length of 0 removes it.

    Returns:
        How many bytes the file is too short, 0 if it was long enough.
    """
    path = Path(path)
    there = path.stat().st_size if path.exists() else 0
    with writing(path):
        if not length:
            path.unlink(missing_ok=True)
        elif there > length:
            os.truncate(path, length)
    return max(0, length - there)


def _lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's
    return True
