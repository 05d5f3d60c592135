"""What costs a process of its own is done once for all games."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from kgan.export.endpoints import endpoints
from kgan.export.saved_model import export_generator
from tests.conformance import games, inputs

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent


def run(program, *arguments, cwd, path):
    environment = os.environ | {"PYTHONPATH": str(path), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, str(HERE / program), *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr[-3000:]
    return done.stdout


def by_group(measure):
    """A function of a game's name that measures its whole group when first asked.

    Args:
        measure: names of games -> name -> what was found.
    """
    found = {}

    long = [n for n in games.GAMES if n in games.LONG_COMPILED]
    short = [n for n in games.GAMES if n not in games.LONG_COMPILED]
    quick = [n for n in games.OF_REPLICAS if n not in games.LONG_REPLICAS]
    groups = long, short, quick, games.LONG_REPLICAS

    def of(name):
        if name not in found:
            found.update(measure(next(group for group in groups if name in group)))
        return found[name]

    return of


@pytest.fixture(scope="session")
def replicas(tmp_path_factory):
    """How far two replicas end from one: a function, game -> {"weights", "losses"}."""

    def measure(group):
        folder = tmp_path_factory.mktemp("replicas")
        printed = run("replicas.py", *group, cwd=folder, path=ROOT)
        return json.loads(printed.splitlines()[-1])

    return by_group(measure)


def calls(game):
    """Every endpoint of the game with arguments, for several sizes."""
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (5, *inputs.SHAPE)).tolist()
    known = {
        "seed": 7,
        "label": 2,
        "category": 1,
        "truncation": 0.7,
        "temperature": 0.5,
        "continuous": [0.5, -0.5],
        "caption": inputs.CAPTIONS[0],
        "mouth": 1,
        "hair": -1,
    }
    for endpoint, (_, signature) in endpoints(game).items():
        sides = signature["z"].shape[1:] if "z" in signature else ()
        z = random.normal(size=(5, *sides)).tolist()
        for n in (1, 5):
            every = known | {"n": n, "z": z[:n], "images": images[:n]}
            every["clips"] = [[image] for image in images[:n]]
            every["motion"] = random.normal(size=(n, 4, 2)).tolist()
            if signature.keys() >= {"z", "label"}:
                every["label"] = [i % inputs.CLASSES for i in range(n)]
            if signature.keys() >= {"z", "caption"}:
                every["caption"] = [inputs.CAPTIONS[0]] * n
            yield endpoint, {name: every[name] for name in signature}


@pytest.fixture(scope="session")
def exported(tmp_path_factory):
    """A function: game -> list of (endpoint, arguments, the model's answer, the export's)."""

    def measure(group):
        return export([n for n in group if n in games.EXPORTED], tmp_path_factory)

    return by_group(measure)


def export(names, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    asked, expected = {}, {}
    for name in names:
        game = games.build(name)
        game.train_step(inputs.batch(name=name))
        for weight in (w for network in game.samplers for w in network.weights):
            if weight.path.endswith(("kernel", "bias")):
                weight.assign(weight + tf.random.normal(weight.shape, stddev=0.3))
        export_generator(game, folder / name)
        asked[name] = list(calls(game))
        expected[name] = [
            endpoints(game)[endpoint][0](**as_tensors(game, endpoint, arguments))
            for endpoint, arguments in asked[name]
        ]
    (folder / "calls.json").write_text(json.dumps(asked))
    run("foreign.py", folder, cwd=folder, path=folder)
    answers = np.load(folder / "answers.npz")
    return {
        name: [
            (*call, answer, {key: answers[f"{name}/{i}/{key}"] for key in answer})
            for i, (call, answer) in enumerate(
                zip(asked[name], expected[name], strict=True)
            )
        ]
        for name in names
    }


def as_tensors(game, endpoint, arguments):
    signature = endpoints(game)[endpoint][1]
    return {k: tf.constant(v, signature[k].dtype) for k, v in arguments.items()}
