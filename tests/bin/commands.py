"""Runs kgan's binaries in forks of one process that has imported TensorFlow.

A binary spends most of a short life importing. This server imports once and
then forks: each command still has a process of its own, with its flags, its
folder, its environment and its TensorFlow runtime, which starts in the fork.

A request is a line of JSON on stdin with argv, cwd, env, limits (number of a
resource -> its limit) and out, err (paths);
the answer is the exit code on a line of stdout. Started as a script, by the
fixture `command`.
"""

import contextlib
import json
import os
import resource
import runpy
import signal
import sys
import traceback

LONGEST = 120  # seconds; a wrong command that is taken for a right one trains on


def serve():
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(run(**json.loads(line)))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def run(argv, cwd, env, limits, out, err):
    """Becomes the command; returns its exit code."""
    signal.alarm(LONGEST)
    for name, limit in limits.items():
        resource.setrlimit(int(name), (limit, limit))
    os.environ.update(env)
    os.chdir(cwd)
    redirect(0, os.devnull, os.O_RDONLY)
    redirect(2, os.devnull)
    tf.config.list_logical_devices()  # as `app.import_tensorflow` would
    redirect(1, out)
    redirect(2, err)
    sys.argv = argv
    sys.path.insert(0, os.path.dirname(argv[0]))  # as the interpreter does
    try:
        runpy.run_path(argv[0], run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:  # noqa: BLE001 as the interpreter would
        traceback.print_exc()
        code = 1
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    return code


def redirect(descriptor, path, how=os.O_WRONLY | os.O_CREAT):
    opened = os.open(path, how, 0o666)
    os.dup2(opened, descriptor)
    os.close(opened)


if __name__ == "__main__":
    from kgan.cli import app

    app.quieten()
    import tensorflow as tf
    import tensorflow_datasets  # noqa: F401 only to have it imported

    import kgan.evaluation
    import kgan.experiments.papers
    import kgan.training.trainer  # noqa: F401 no operation runs before a fork

    serve()
