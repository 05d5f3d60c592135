"""What every binary does before and after its own work.

It keeps the frameworks quiet, finds the configs, and turns an error that the
user can mend into one line on stderr and an exit code.
"""

import importlib
import importlib.util
import os
import pkgutil
import signal
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

try:
    from absl import app, logging
except ImportError:
    python = CHECKOUT / ".venv" / "bin" / "python"
    if python.exists() and Path(sys.prefix) != python.parents[1]:
        os.execv(python, [str(python), *sys.argv])  # the README's environment
    sys.exit(
        f"{Path(sys.argv[0]).name}: kgan's packages are not installed for "
        f"{sys.executable}; run the first command of the README"
    )

from kgan import configs
from kgan.errors import UserError, nearest


def run(main, flags, prepare=None, words=False):
    """Runs `main()` as the program, and exits.

    Args:
        main: the program; raises `UserError` for what the user can mend.
        words: whether `main` takes the words that are no flags, as a list.
        flags: absl's FLAGS.
        prepare: called once the flags given are known and before TensorFlow is loaded,
            if any: defines flags that depend on them, or sets what TensorFlow reads.
    """
    quieten()

    def parse(arguments):
        try:
            if prepare:
                flags(arguments, known_only=True)
                prepare()
            rest = flags(arguments)
        except UserError as error:
            fail(error, error.exit_code)
        except Exception as error:  # noqa: BLE001 whatever a flag's parser thinks of its text
            fail(_told(error), 2)
        if rest[1:] and not words:
            fail(f"does not understand {rest[1]!r}; every option begins with --", 2)
        return rest

    def guarded(rest):
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, _interrupt)
            import_tensorflow()
            main(*([rest[1:]] if words else []))
        except UserError as error:
            fail(error, error.exit_code)
        except KeyboardInterrupt as end:
            (number,) = end.args
            fail(f"{number.name}: ended; what was saved before is whole", 128 + number)
        except BrokenPipeError:
            os._exit(1)  # whoever read our output has gone
        except OSError as error:
            if error.filename is None:
                raise
            fail(f"{error.filename}: {error.strerror}", 1)

    app.run(guarded, flags_parser=parse)


def _interrupt(number, frame):
    raise KeyboardInterrupt(signal.Signals(number))


def _told(error):
    # ml_collections wraps a misspelt field into exceptions whose text is a repr.
    while isinstance(error, (KeyError, AttributeError)) and error.args:
        error = error.args[0]
    return error


def import_tensorflow():
    """Imports it; its C++ side greets on stderr, whatever the log level, until it is up."""
    if "tensorflow" in sys.modules:
        return
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        import tensorflow as tf

        tf.config.list_logical_devices()
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def fail(message, exit_code):
    """Prints one line and exits."""
    line = " ".join(str(message).split())
    print(f"{Path(sys.argv[0]).name}: {line}", file=sys.stderr, flush=True)
    sys.exit(exit_code)


def quieten():
    """Keeps log lines of TensorFlow, XLA and absl off the user's screen."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    logging.set_verbosity(logging.ERROR)
    logging.set_stderrthreshold(logging.ERROR)


def one_thread():
    """Has TensorFlow, which is not loaded yet, compute each operation on one thread.

    For networks of points, in which several only wait for each other. The user's own
    $TF_NUM_INTRAOP_THREADS stays.
    """
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")


def variant(name):
    """The config module of a variant: `configs/NAME.py`, or a file of the user's own.

    Raises:
        UserError: there is none; names the nearest.
    """
    import_tensorflow()
    if name.endswith(".py"):
        return _load_file(Path(name).expanduser())
    known = variants()
    if name not in known:
        raise UserError(
            f"--variant={name}: no such variant{nearest(name, known)}; "
            f"there are {', '.join(known)}, or a file NAME.py of your own"
        )
    return importlib.import_module(f"kgan.configs.{name}")


def define_run(flags):
    """The flags of a binary that reads a trained run."""
    flags.DEFINE_string("workdir", None, "Where bin/train_gan left its run.")
    flags.DEFINE_string(
        "variant", None, "The file NAME.py that the run was trained with, if any."
    )


def restored(flags, from_noise=True):
    """The trained game and the record of the run that `define_run`'s flags name.

    Args:
        from_noise: refuse a run whose G starts from images.

    A record may come from anywhere, and a variant's file is a program: it runs
    only if the user names it.
    """
    from kgan.training.restore import restore

    if flags.workdir is None:
        raise UserError("--workdir: say which run")

    def find(name):
        if name in variants():
            return variant(name)
        if not name.endswith(".py"):
            raise UserError(
                f"--workdir={flags.workdir}: holds a run of {name!r}, which is no "
                f"variant; its generator is {flags.workdir}/generator, for --saved_model"
            )
        if flags.variant is None:
            raise UserError(
                f"--workdir={flags.workdir}: was trained with a program, {name}; if "
                f"you trust that file, say --variant={name}"
            )
        return variant(flags.variant)

    game, record = restore(flags.workdir, find)
    if from_noise and record.asked:
        raise UserError(
            f"--workdir={flags.workdir}: {record.variant} translates images and draws "
            "none from noise; use bin/translate_image"
        )
    return game, record


def cache():
    """The folder for the classifiers that judge."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "kgan" / "classifiers"


def variants():
    """Names of the variants that kgan brings."""
    hidden = ("choices", "translation")
    found = (module.name for module in pkgutil.iter_modules(configs.__path__))
    return sorted(name for name in found if name not in hidden)


def _load_file(path):
    if not path.is_file():
        raise UserError(f"--variant={path}: no such file")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UserError(f"--variant={path}: {type(error).__name__}: {error}") from error
    for part in ("Config", "build"):
        if not hasattr(module, part):
            raise UserError(
                f"--variant={path}: the file must define `Config` and "
                f"`build(config, shape, classes)`; it has no `{part}`"
            )
    return module
