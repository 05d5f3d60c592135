"""Where the prepared digits lie, and how they get there."""

import contextlib
import getpass
import io
import os
import pathlib
import shutil
import tempfile

from kgan.data.sources.catalog import quiet_tfds, tfds_folder
from kgan.errors import UserError


def prepared_digits(data_dir=None):
    """Return the builder of the prepared digits; prepare them if need be.

    They are looked for, and then put, into the first folder that works:
    `data_dir` (or TFDS_DATA_DIR, or TFDS's default), the user's cache, the
    temporary folder. Processes may do so at the same time.

    Raises:
        UserError: if none of these folders can be written to.
    """
    # Here, because TFDS takes a while to import and registers the class.
    from kgan.data.sources.digits import Digits

    homes = _homes(data_dir)
    for home in homes:
        if _target(home, Digits).is_dir():
            return Digits(data_dir=home)
    for home in homes:
        try:
            _prepare(home, Digits)
        except OSError:
            continue  # Read-only or full: the next one.
        return Digits(data_dir=home)
    raise UserError(
        f"cannot prepare the digits: none of {', '.join(map(str, homes))} can be "
        "written to: give a data folder that can",
        exit_code=1,
    )


def _homes(data_dir):
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return (
        tfds_folder(data_dir),
        cache / "kgan" / "tensorflow_datasets",
        pathlib.Path(tempfile.gettempdir()) / f"kgan-{getpass.getuser()}",
    )


def _target(home, builder_class):
    return home / "digits" / str(builder_class.VERSION)


def _prepare(home, builder_class):
    """Prepare into `home`, or raise an OSError."""
    home.mkdir(parents=True, exist_ok=True)
    # The superuser may write there all the same, but somebody meant it.
    if not home.stat().st_mode & 0o222:
        raise PermissionError(f"{home} is marked as read-only")
    # Complete or not there at all: a reader, or a second process that prepares,
    # never meets half of a data set, and no lock can be left behind.
    staging = pathlib.Path(tempfile.mkdtemp(prefix=".kgan-digits-", dir=home))
    try:
        # TFDS prints what it does, which is of no use for 1,797 digits.
        with quiet_tfds(), contextlib.redirect_stdout(io.StringIO()):
            builder_class(data_dir=staging).download_and_prepare()
        target = _target(home, builder_class)
        target.parent.mkdir(exist_ok=True)
        try:
            _target(staging, builder_class).rename(target)
        except OSError:
            # Another process was faster; its result is the same.
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
