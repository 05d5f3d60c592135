"""Writing files so that a reader never sees half of one."""

import contextlib
import os
import re
import shutil
import tempfile
from pathlib import Path

import tensorflow as tf

from kgan.errors import UserError


@contextlib.contextmanager
def writing(path, consolation="nothing that was saved before is harmed"):
    """Turns what the disk refuses inside into a `UserError` that names `path`."""
    try:
        yield
    except (OSError, tf.errors.OpError) as error:
        reason = getattr(error, "strerror", None) or _reason(error)
        raise UserError(
            f"{path}: cannot be written ({reason}); {consolation}; mend this and run "
            "the same command again",
            exit_code=1,
        ) from error


def _reason(error):
    """The last words of TensorFlow's long story, such as "No space left on device"."""
    story = str(error).strip().splitlines()[0]
    return re.split(r"; |: ", story.split(" [Op:")[0])[-1][:200]


@contextlib.contextmanager
def replacing(path):
    """Yields a temporary path beside `path`, of the same suffix; renames it at the end.

    After a failure `path` is what it was before.
    """
    path = Path(path)
    with writing(path):
        handle, name = tempfile.mkstemp(
            prefix=_prefix(), suffix=path.suffix, dir=path.parent
        )
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            with open(temporary, "rb") as written:
                os.fsync(written.fileno())
            os.chmod(temporary, 0o666 & ~_umask())  # mkstemp's files are private
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)


def write_text(path, text):
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def replacing_folder(path):
    """As `replacing`, for a folder; the old one is there until the new one is whole."""
    path = Path(path)
    with writing(path):
        temporary = Path(tempfile.mkdtemp(prefix=_prefix(), dir=path.parent))
        try:
            yield temporary
            os.chmod(temporary, 0o777 & ~_umask())
            old = path.with_name(f".{path.name}{OLD}")
            shutil.rmtree(old, ignore_errors=True)
            if path.exists():
                os.replace(path, old)
            os.replace(temporary, path)
            shutil.rmtree(old, ignore_errors=True)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


OLD = ".kgan-old"


def _prefix():
    return f".kgan-{os.getpid()}-"


def sweep(folder):
    """Removes the temporary files and folders that killed processes left below `folder`.

    A folder that was to be replaced just then is brought back.
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


def cut(path, length):
    """Shortens a file to `length` bytes, 0 removing it; returns how many are missing."""
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


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
