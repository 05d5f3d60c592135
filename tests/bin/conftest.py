"""What the tests of the binaries share: a way to start them, inputs, trained runs."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import filelock
import numpy as np
import pytest
from PIL import Image

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """Keeps what the binaries keep for themselves out of the user's home."""
    home = tmp_path_factory.mktemp("home")
    return os.environ | {
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONDONTWRITEBYTECODE": "1",  # a user's variant file leaves no trace
        "TFDS_DATA_DIR": str(home / "tfds"),
        "KGAN_CACHE_DIR": str(home / "cache"),
    }


@pytest.fixture(scope="session")
def command(environment, tmp_path_factory):
    """A function that runs a binary to its end: command("train_gan", "--jit=off")."""
    folder = tmp_path_factory.mktemp("output")
    server = subprocess.Popen(
        [sys.executable, str(HERE / "commands.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )

    def run(name, *arguments, cwd=folder, env=None, limits=None):
        out, err = folder / "out", folder / "err"
        out.write_text("")
        err.write_text("")
        request = {
            "argv": [str(CHECKOUT / "bin" / name), *map(str, arguments)],
            "cwd": str(cwd),
            "env": env or {},
            "limits": limits or {},
            "out": str(out),
            "err": str(err),
        }
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        return Result(code, out.read_text(), err.read_text())

    with server:  # its end closes both pipes, and waits
        yield run


@pytest.fixture(scope="session")
def real_command(environment, tmp_path_factory):
    """As `command`, but the executable itself, which takes seconds to start."""

    def run(name, *arguments, cwd=None, before=()):
        binary = str(CHECKOUT / "bin" / name)
        done = subprocess.run(
            [*before, sys.executable, binary, *map(str, arguments)],
            cwd=cwd or tmp_path_factory.getbasetemp(),
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def contents():
    """A function: folder -> {relative path: digest of the file, None for a folder}."""

    def read(folder):
        return {
            str(path.relative_to(folder)): digest(path)
            for path in sorted(Path(folder).rglob("*"))
        }

    def digest(path):
        return None if path.is_dir() else hashlib.sha256(path.read_bytes()).digest()

    return read


@pytest.fixture(scope="session")
def trained(command, tmp_path_factory):
    """A function: flags -> the workdir that train_gan with these leaves, and the result.

    The first of pytest's workers that asks trains; each has a copy of its own.
    """
    base = tmp_path_factory.getbasetemp()
    common = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "trained"
    common.mkdir(exist_ok=True)
    runs = {}

    def train(*flags):
        if flags not in runs:
            place = common / hashlib.sha256(str(flags).encode()).hexdigest()
            told = place.with_suffix(".json")
            with filelock.FileLock(place.with_suffix(".lock")):
                if not told.exists():
                    result = command("train_gan", *flags, f"--workdir={place}")
                    assert result.code == 0, result.err
                    told.write_text(json.dumps(result))
            code, *texts = json.loads(told.read_text())
            own = shutil.copytree(place, tmp_path_factory.mktemp("runs") / "run")
            texts = [text.replace(str(place), str(own)) for text in texts]
            runs[flags] = own, Result(code, *texts)
        return runs[flags]

    return train


@pytest.fixture(scope="session")
def run_of(trained):
    """A function: variant -> the workdir of two tiny epochs on digits, and the result.

    Tests share it and leave it as it is.
    """
    return lambda variant: trained(*tiny(variant), *CHECKED.get(variant, ()))


@pytest.fixture(scope="session")
def begun(trained):
    """The workdir of a tiny epoch, which tests copy and go on from."""
    return trained(*tiny("gan", epochs=1), "--checkpoint_every=1epoch")[0]


# The runs the health of which is checked while they train.
CHECKED = {"gan": ("--health_every=4",), "infogan": ("--health_every=11",)}


def tiny(variant, workdir=None, epochs=2):
    return (
        f"--variant={variant}",
        *(() if workdir is None else (f"--workdir={workdir}",)),
        f"--config.epochs={epochs}",
        "--config.width=4",
        "--steps_per_execution=1",  # quick to trace
    )


@pytest.fixture(scope="session", name="tiny")
def tiny_flags():
    """The flags of `run_of`, for a test that repeats the command."""
    return tiny


@pytest.fixture
def pictures(tmp_path):
    """A folder with two grey pictures as large as the digits, and a larger one."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    noise = np.random.default_rng(0).integers(0, 256, (2, 8, 8), np.uint8)
    for name, pixels in zip("ab", noise, strict=True):
        Image.fromarray(pixels).save(folder / f"{name}.png")
    Image.new("L", (20, 30)).save(tmp_path / "large.png")
    return tmp_path


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    """A folder as users have them: pictures, and things that only look like it."""
    desk = tmp_path_factory.mktemp("desk")
    noise = np.random.default_rng(0).integers(0, 256, (16, 8, 8), np.uint8)
    for folder in ("flat", "classes/cat", "classes/dog", "empty", "text", "other"):
        (desk / folder).mkdir(parents=True)
    for i, pixels in enumerate(noise):
        picture = Image.fromarray(pixels)
        picture.save(desk / "flat" / f"{i}.png")
        picture.save(desk / "classes" / ("cat", "dog")[i % 2] / f"{i}.png")
    (desk / "text" / "a.png").write_text("no picture")
    (desk / "other" / "notes.txt").write_text("mine")
    (desk / "file").write_text("mine")
    (desk / "foreign").mkdir()
    (desk / "foreign" / "history.csv").write_text("mine")
    for name, text in VARIANTS.items():
        (desk / name).write_text(text)
    return desk


REFUSED = '''"""A discriminator with a layer that XLA cannot compile."""

import keras
import tensorflow as tf
from kgan.configs import choices
from kgan.configs.gan import Config
from kgan.models import GAN


class Shifted(keras.layers.Layer):
    def call(self, x):
        return tf.raw_ops.ImageProjectiveTransformV3(
            images=x, transforms=tf.constant([[1.0, 0, 1, 0, 1, 0, 0, 0]]),
            output_shape=tf.shape(x)[1:3], fill_value=0.0, interpolation="BILINEAR")


def build(config, spec):
    inner = choices.discriminator(config, spec)
    image = keras.Input(spec.shape)
    game = GAN(choices.generator(config, spec),
               keras.Model(image, inner({layer}(image)), name="discriminator"),
               **choices.rules(config))
    game.compile(**choices.optimizers(config))
    return game
'''
VARIANTS = {
    "broken.py": "def build(:\n",
    "no_build.py": "from kgan.configs.gan import Config\n",
    "no_config.py": "from kgan.configs.gan import build\n",
    "no_module.py": "import nothing_of_this_name\n",
    "shifted.py": REFUSED.replace("{layer}", "Shifted()"),
    "rotated.py": REFUSED.replace("{layer}", "keras.layers.RandomRotation(0.1)"),
}
