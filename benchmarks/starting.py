"""Runs bin/train_gan up to its first call of the graph, and prints when each part ended.

python -m benchmarks.starting BEGUN WORKDIR, with BEGUN by time.monotonic(). It prints
a line of JSON: name of a part -> seconds from BEGUN to its end.
"""

import json
import os
import sys
import time


def main(begun, workdir):
    """Runs the default training up to its first call of the graph, and prints the times.

    Args:
        begun: when the command was given, by time.monotonic().
        workdir: the folder of the run.
    """
    from kgan.cli import app, train_gan

    app.quieten()
    app.import_tensorflow()
    from kgan.game import Game
    from kgan.training import run

    ends = {}

    def mark(part):
        ends[part] = time.monotonic() - begun

    def prepare(*arguments, of_kgan=run.prepare):
        mark("import")
        ready = of_kgan(*arguments)
        mark("build")
        return ready

    def load_inputs(*arguments, of_kgan=run.load_inputs):
        found = of_kgan(*arguments)
        mark("data")
        return found

    def make_train_function(game, *arguments, **options):
        super(Game, game).make_train_function(*arguments, **options)
        call = game.train_function

        def first(batches):
            mark("callbacks")
            call(batches)
            mark("compile")
            print(json.dumps(ends), flush=True)
            os._exit(0)  # nothing here is to be kept

        game.train_function = first

    run.prepare, run.load_inputs = prepare, load_inputs
    Game.make_train_function = make_train_function
    sys.argv = ["train_gan", f"--workdir={workdir}"]
    train_gan.main()


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2])
