"""The start and the end of every binary: flags, errors, exit codes.

It keeps the frameworks quiet, and turns an error that the user can mend into one
line on stderr and an exit code.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from absl import app, logging
from absl import flags as absl_flags
from absl.flags import UnrecognizedFlagError

from kgan.cli.flags import named, unrecognized
from kgan.cli.frameworks import import_tensorflow
from kgan.errors import UserError

HELP = ("help", "helpfull", "helpshort", "helpxml", "?")


def run(
    main: Callable[..., Any],
    flags: absl_flags.FlagValues,
    define: Callable[[], Any] | None = None,
    *,
    prepare: Callable[[], Callable[[], Any] | None] | None = None,
    words: bool = False,
) -> None:
    """Runs `main()` as the program, and exits.

    --help prints the docstring of its module.

    Args:
        main: the program; raises `UserError` for what the user can mend.
        flags: absl's FLAGS.
        define: defines the flags of the program, if they are not defined yet.
        prepare: called once the flags given are known and before TensorFlow is loaded,
            if any: defines flags that depend on them, or sets what TensorFlow reads.
            What it returns, if anything, is called once those are known as well, and
            still before TensorFlow is loaded.
        words: whether `main` takes the words that are no flags, as a list.
    """
    sys.modules["__main__"].__doc__ = sys.modules[main.__module__].__doc__
    if define:
        _listed(define, flags)
    quieten()

    def parse(arguments):
        try:
            return _parse(arguments, flags, prepare, words)
        except UserError as error:
            fail(error.written(named(flags)), error.exit_code)
        except UnrecognizedFlagError as error:
            fail(unrecognized(error, flags, bool(prepare)).written(named(flags)), 2)
        except Exception as error:  # noqa: BLE001 whatever a flag's parser thinks of its text
            fail(error, 2)

    app.run(_guarded(main, flags, words), flags_parser=parse)


def _guarded(main, flags, words):
    """`main`, with one line and an exit code for what the user can mend."""

    def guarded(rest):
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, _interrupt)
            import_tensorflow()
            main(*([rest[1:]] if words else []))
        except UserError as error:
            fail(error.written(named(flags)), error.exit_code)
        except KeyboardInterrupt as end:
            (number,) = end.args
            fail(f"{number.name}: ended; what was saved before is whole", 128 + number)
        except BrokenPipeError:
            os._exit(1)  # whoever read our output has gone
        except OSError as error:
            if error.filename is None:
                raise
            fail(f"{error.filename}: {error.strerror}", 1)

    return guarded


def _parse(arguments, flags, prepare, words):
    """Parses the flags; returns the program's name and the words that are no flags."""
    then = None
    if prepare:
        # Help comes with the second look, once all flags are defined.
        asked = [a for a in arguments if a.lstrip("-").split("=")[0] not in HELP]
        flags(asked, known_only=True)
        then = _listed(prepare, flags)
    rest = flags(arguments)
    if rest[1:] and not words:
        raise UserError(
            f"does not understand {rest[1]!r}", "", "every option begins with --"
        )
    if then:
        then()
    return rest


def _listed(define, flags):
    """Calls `define`, and makes --help list the flags that it defines."""
    before = set(flags)
    found = define()
    for name in set(flags) - before:
        flags.register_key_flag_for_module(sys.argv[0], flags[name])
    return found


def _interrupt(number, frame):
    raise KeyboardInterrupt(signal.Signals(number))


def fail(message: object, exit_code: int) -> NoReturn:
    """Prints one line and exits."""
    line = " ".join(str(message).split())
    print(f"{Path(sys.argv[0]).name}: {line}", file=sys.stderr, flush=True)
    sys.exit(exit_code)


def quieten() -> None:
    """Keeps log lines of TensorFlow, XLA and absl off the user's screen."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    logging.set_verbosity(logging.ERROR)
    logging.set_stderrthreshold(logging.ERROR)


def one_thread() -> None:
    """Has TensorFlow, which is not loaded yet, compute each operation on one thread.

    For networks of points, in which several only wait for each other. The user's own
    $TF_NUM_INTRAOP_THREADS stays.
    """
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
