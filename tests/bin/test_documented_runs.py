"""Every command of the pages runs to its end, on little data and for an epoch.

The folders of images that the pages name are made; nothing else of a command is changed
but its length. `python -m pytest -m slow tests/bin/test_documented_runs.py`
"""

import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tests.bin.test_documented_commands import SHOWN
from tests.docs.pages import ROOT, variant

pytestmark = pytest.mark.slow

EPOCH = ("--config.epochs=1", "--config.grids=1", "--config.batch_size=64")
# What a command needs besides, by a word that it holds.
SHORTER = {
    "stackgan": ("--config.width=2", "--config.batch_size=256"),
    "cyclegan": ("--config.width=2", "--config.batch_size=32"),
    "--dataset=mnist": ("--split=train[:640]",),
    "--source=mnist": ("--config.epochs=0", "--config.updates=20"),
}
QUICK = {"reproduce_paper": ("--quick", "--budget_minutes=1")}
LONGEST = 3600  # seconds, for all tables
# The runs that commands go on from, and the commands that make them.
FIRST = {
    "runs/infogan-digits": "--variant=infogan --health_every=10",
    "runs/other": "--variant=infogan",
    "runs/gan-digits": "--variant=gan",
    "runs/cgan-digits": "--variant=cgan",
    "runs/coloured": "--variant=stackgan --dataset=coloured_mnist --config.image_size=32",
    "runs/shop": "--variant=cgan --dataset=tinted_fashion "
    "--config.condition=class,tint",
    "runs/faces": "--variant=stackgan --dataset=path/to/faces --config.image_size=64",
    "runs/pix2pix-digits-edges": "--variant=pix2pix",
    "runs/photos": "--variant=cgan --dataset=path/to/photos",
    "runs/cats": "--variant=dcgan --dataset=./cats",
    "runs/my_acgan-digits": "--variant=my_acgan.py",
}
RUNS = [w for w in SHOWN if w[0].startswith("bin/") and "--help" not in w]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with the images and the variant that the pages speak of."""
    desk = tmp_path_factory.mktemp("desk")
    for name, classes in (("photos", ("boot", "coat")), ("folder", ("a", "b"))):
        for one in classes:
            pictures(desk / "path/to" / name / one, 40, (96, 128))
    pictures(desk / "path/to/pairs", 80, (32, 64))
    pictures(desk / "path/to/faces", 80, (64, 64))
    captions = [f"{i}.png,{('a smile', 'a frown')[i % 2]}" for i in range(80)]
    table = desk / "path/to/faces/captions.csv"
    table.write_text("\n".join(["file,caption", *captions]))
    for name in ("cats", "lynxes"):
        pictures(desk / name, 80, (64, 64))
    pictures(desk / "drawings", 3, (28, 28))
    pictures(desk / "more", 3, (28, 28), first=3)
    shutil.copy(desk / "more" / "3.png", desk / "drawing.png")
    pictures(desk / "pictures", 3, (8, 8), "L")
    shutil.copy(desk / "pictures" / "0.png", desk / "photo.png")
    (desk / "my_acgan.py").write_text(variant())
    shutil.copytree(ROOT / "docs" / "reproductions", desk / "docs" / "reproductions")
    for name in ("README.md", "docs/papers.md"):
        shutil.copy(ROOT / name, desk / name)
    return desk


def pictures(folder, number, size, mode="RGB", first=0):
    """Writes photographs of nothing: each a slope of colours, or greys, of its own."""
    folder.mkdir(parents=True)
    chance = np.random.default_rng(len(str(folder)))
    for i in range(first, first + number):
        small = chance.integers(0, 256, (4, 4, 3), dtype=np.uint8)
        picture = Image.fromarray(small).convert(mode).resize(size[::-1])
        picture.save(folder / f"{i}.png")


def shortened(words):
    """The command, for an epoch, on the folders that are there."""
    name, line = words[0].rsplit("/", 1)[-1], " ".join(words)
    # A folder that several machines see is one of the desk here.
    words = [w.replace("/shared/", "shared/") for w in words]
    words += QUICK.get(name, ())
    if name == "train_gan":
        if "--hours=1" in words:  # which choose the epochs
            words[words.index("--hours=1")] = "--hours=0.01"
            words += EPOCH[1:]
        else:
            words += EPOCH
        if "--workdir" not in line:  # one page has other fields than another
            words.append(f"--workdir=runs/{abs(hash(line))}")
        words += [w for held, more in SHORTER.items() if held in line for w in more]
    needed = {"path/to/folders": "KGAN_IMAGES_DIR", "path/to/tfds": "TFDS_DATA_DIR"}
    for place, variable in needed.items():
        of_tfds = "mnist" in line or "tinted_fashion" in line
        if place in line or (of_tfds and "TFDS" in variable):
            if variable not in os.environ:
                pytest.skip(f"{variable} is not set")
            words = [word.replace(place, os.environ[variable]) for word in words]
    return words


def finished(words, desk):
    program, *rest = words
    done = subprocess.run(
        [sys.executable, str(ROOT / program), *rest],
        cwd=desk,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        timeout=LONGEST,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("words", RUNS, ids=" ".join)
def test_the_command_runs(words, desk):
    for place, made_by in FIRST.items():
        if place in " ".join(words[1:]) and not (desk / place / "run.json").exists():
            if f"--workdir={place}" in words and "train_gan" in words[0]:
                continue
            making = ("bin/train_gan", *made_by.split(), f"--workdir={place}")
            code, told = finished(shortened(making), desk)
            assert code == 0, told
    if "digits_generator" in " ".join(words) and "export" not in words[0]:
        flags = "--workdir", "runs/infogan-digits", "--out=digits_generator"
        if not (desk / "digits_generator").exists():
            assert finished(("bin/export_generator", *flags), desk)[0] == 0
    code, told = finished(shortened(words), desk)
    found_odd = words[0] == "bin/check_data" and code == 1 and "Traceback" not in told
    one_device = "--strategy=mirrored" in words and "finds one device" in told
    assert code == 0 or found_odd or one_device, told[-3000:]
