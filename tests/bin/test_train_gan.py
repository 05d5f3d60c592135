"""bin/train_gan from the command to everything that it promises to leave."""

import csv
import json
import math
import re
import shutil

import pytest
import tensorflow as tf
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

VARIANTS = ("gan", "dcgan", "cgan", "infogan")
PLAYERS = [
    f"{side}/{what}"
    for side in "DG"
    for what in ("loss", "adversarial", "gradient_norm")
]
PLAYERS += ["D/accuracy_real", "D/accuracy_fake"]
READINGS = ["D(x)", "D(G(z))", "V(D,G)"]
CODE = [f"{side}/{head}" for side in "DG" for head in ("category_0", "continuous")]


def rows_of(workdir):
    with open(workdir / "history.csv", newline="") as file:
        return list(csv.DictReader(file))


def events(folder):
    accumulator = EventAccumulator(str(folder))
    accumulator.Reload()
    return accumulator


@pytest.mark.parametrize("variant", VARIANTS)
def test_leaves_a_whole_run(run_of, variant):
    workdir, (code, out, err) = run_of(variant)
    assert code == 0, err
    assert "digits: 1,437 images" in out and str(workdir) in out
    assert re.fullmatch(r"(epoch [12]/2: .*images/s\n){2}", err), "nothing else"
    record = json.loads((workdir / "run.json").read_text())
    assert record["variant"] == variant and record["format"] == 3
    assert record["fields"]["real"]["shape"] == [8, 8, 1]
    assert record["config"]["epochs"] == 2 and record["data"]["number"] == 1437
    rows = rows_of(workdir)
    assert [row["epoch"] for row in rows] == ["1", "2"]
    further = [*CODE, "L_I"] if variant == "infogan" else []
    for row in rows:
        assert set(row) == {"epoch", *PLAYERS, *READINGS, *further}
        assert all(math.isfinite(float(value)) for value in row.values())
    side = {"gan": 8, "dcgan": 8, "cgan": 10, "infogan": 10}[variant]
    for name in ("epoch-00001.png", "epoch-00002.png"):
        with Image.open(workdir / "samples" / name) as picture:
            # Digits of 40 pixels with gaps of 2.
            assert picture.size == (side * 42 + 2,) * 2 and picture.mode == "L"
    with Image.open(workdir / "samples" / "training.gif") as animation:
        assert animation.n_frames == 2
    assert (workdir / "generator" / "saved_model.pb").exists()
    hidden = [path.name for path in workdir.rglob(".*")]
    assert hidden == [".lock"], "a temporary file was left"


def test_tensorboard_shows_what_is_promised(run_of):
    workdir, _ = run_of("infogan")
    tensorboard = events(workdir / "tensorboard" / "train")
    scalars = [*PLAYERS, *CODE, *(f"game/{name}" for name in (*READINGS, "L_I"))]
    scalars += ["learning_rate/D", "learning_rate/G", "speed/examples_per_second"]
    found = tensorboard.Tags()["tensors"]
    assert {*scalars, "samples", "config"} <= set(found)
    assert "_hparams_/session_start_info" in tensorboard.PluginTagToContent("hparams")
    for tag in scalars:
        values = [tf.make_ndarray(e.tensor_proto) for e in tensorboard.Tensors(tag)]
        assert values and all(math.isfinite(value) for value in values), tag
    assert len(tensorboard.Tensors("samples")) == 2
    text = tf.make_ndarray(tensorboard.Tensors("config")[0].tensor_proto)
    assert "batch_size" in str(text)


def test_tensorboard_draws_the_equilibrium_beside_the_value(run_of):
    workdir, _ = run_of("gan")
    (first, *_) = events(workdir / "tensorboard" / "equilibrium").Tensors("game/V(D,G)")
    assert tf.make_ndarray(first.tensor_proto) == pytest.approx(-math.log(4))
    train = events(workdir / "tensorboard" / "train").Tensors("game/V(D,G)")
    assert first.step == train[0].step, "the same chart, the same axis"


def test_further_and_again(command, run_of, begun, tiny, tmp_path):
    """Two epochs in two commands are two epochs in one; a third has nothing to do."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    further = command("train_gan", *tiny("gan", tmp_path, epochs=2))
    assert further.code == 0, further.err
    assert "after epoch 1 of 2" in further.out and further.err.count("\n") == 1
    assert rows_of(tmp_path) == rows_of(run_of("gan")[0])
    with Image.open(tmp_path / "samples" / "training.gif") as animation:
        assert animation.n_frames == 2
    history = (tmp_path / "history.csv").read_text()
    again = command("train_gan", *tiny("gan", tmp_path, epochs=2))
    assert again.code == 0 and again.err == "", "it trained"
    assert "all 2 epochs are done" in again.out
    assert (tmp_path / "history.csv").read_text() == history


def test_dry_run_shows_and_writes_nothing(command, tmp_path):
    flags = ("--variant=gan", "--config.width=4", "--dry_run")
    code, out, err = command("train_gan", *flags, cwd=tmp_path)
    assert code == 0 and err == ""
    # 8,000 descents at 14 a pass.
    assert '"epochs": 358' in out and '"batch_size": 100' in out
    for network, count in (("generator", "1,676"), ("discriminator", "1,217")):
        assert f"{network}: {count} parameters" in out
    assert re.search(r"memory: about \d+ MB", out)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("variant, dataset", [("gan", "flat"), ("cgan", "classes")])
def test_folder_of_images(command, desk, tiny, tmp_path, variant, dataset):
    flags = (*tiny(variant, tmp_path, epochs=1), f"--dataset=./{dataset}")
    result = command("train_gan", *flags, "--config.batch_size=8", cwd=desk)
    assert result.code == 0, result.err
    record = json.loads((tmp_path / "run.json").read_text())
    assert record["classes"] == {"flat": [], "classes": ["cat", "dog"]}[dataset]
    assert len(rows_of(tmp_path)) == 1


def test_variant_of_the_users_own(command, tiny, tmp_path):
    """Another loss in a dozen lines; later commands run that file if told to."""
    (tmp_path / "mine.py").write_text(
        "from dataclasses import dataclass\n"
        "from kgan.configs import choices, gan\n"
        "from kgan.models import GAN\n"
        "@dataclass(frozen=True)\n"
        "class Config(gan.Config):\n"
        "    share: float = 0.5\n"
        "class Mine(GAN):\n"
        "    def __init__(self, *args, share, **options):\n"
        "        super().__init__(*args, **options)\n"
        "        self.share = share\n"
        "        self.tracked += ('G/flat',)\n"
        "    def min_terms(self, played):\n"
        "        flat = self.share * played.fake[:, 0, 0, 0] ** 2\n"
        "        return super().min_terms(played) | {'flat': flat}\n"
        "def build(config, spec):\n"
        "    game = Mine(choices.generator(config, spec),\n"
        "                choices.discriminator(config, spec),\n"
        "                share=config.share, **choices.rules(config))\n"
        "    game.compile(**choices.optimizers(config))\n"
        "    return game\n"
    )
    flags = (*tiny("mine.py", "run", epochs=1), "--config.share=0.25")
    result = command("train_gan", *flags, cwd=tmp_path)
    assert result.code == 0, result.err
    assert float(rows_of(tmp_path / "run")[0]["G/flat"]) > 0.0
    again = ("sample_gan", "--workdir=run")
    assert command(*again, "--variant=mine.py", cwd=tmp_path).code == 0
    refused = command(*again, cwd=tmp_path)
    assert refused.code == 2 and refused.err.count("\n") == 1
    assert "a program, mine.py; if you trust that file, say --variant" in refused.err


def test_the_real_executable_is_quiet(real_command, tiny, tmp_path):
    """Not a line of TensorFlow, XLA or absl, on either stream."""
    code, out, err = real_command("train_gan", *tiny("gan", tmp_path / "run", 1))
    assert code == 0, err
    assert re.fullmatch(r"epoch 1/1: .*images/s\n", err)
    starts = ("digits:", "classes:", "gan:", "workdir:", "first")
    starts += ("animation:", "generator:")
    for line, start in zip(out.splitlines(), starts, strict=True):
        assert line.startswith(start)
