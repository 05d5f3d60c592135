"""What is done with a finished run: its generator exported, its worth measured."""

import json
import re
import shutil

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import kgan
from kgan.configs import cgan


def test_export_draws_what_sample_gan_draws(command, run_of, tmp_path):
    """Twice: an older export is replaced."""
    workdir = f"--workdir={run_of('cgan')[0]}"
    for _ in range(2):
        result = command("export_generator", workdir, "--out=generator", cwd=tmp_path)
        assert result.code == 0 and "sample_label" in result.out, result.err
    command("sample_gan", workdir, "--n=5", "--seed=3", "--out=x.npz", cwd=tmp_path)
    with np.load(tmp_path / "x.npz") as drawn:
        loaded = tf.saved_model.load(str(tmp_path / "generator"))
        sampled = loaded.sample(n=5, seed=3)
        np.testing.assert_array_equal(sampled["label"], drawn["label"])
        # In the export the graph is another: a pixel may round the other way.
        np.testing.assert_allclose(sampled["images"], drawn["images"], atol=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["generator", "x.npz"]


@pytest.mark.parametrize(
    "variant, own, detail",
    [
        ("cgan", {"label_accuracy"}, set()),
        pytest.param(
            "infogan",
            {"L_I", "code_error"},
            {"category_to_class"},
            marks=pytest.mark.slow,
        ),
    ],
)
def test_evaluation(command, run_of, tmp_path, variant, own, detail):
    workdir = shutil.copytree(run_of(variant)[0], tmp_path / "run")
    result = command("evaluate_gan", f"--workdir={workdir}", "--n=200")
    assert result.code == 0, result.err
    found = json.loads((workdir / "evaluation.json").read_text())
    scores = {one["name"]: one for one in found["scores"]}
    details = found["details"]
    assert own <= set(scores) and set(scores) & {"label_accuracy", "L_I"} <= own
    measured = {"FID", "KID", "IS", "precision", "recall", "density", "coverage"}
    assert {f"{name}-digits" for name in measured} <= set(scores)
    for name in ("FID-digits", "IS-digits", "recall-digits", "parzen-pixels"):
        assert scores[name]["floor"] is not None, "the value of real images beside it"
    stamp = scores["FID-digits"]["stamp"]
    assert stamp["dataset"] == "digits" and stamp["counts"]["generated"] == 200
    assert sum(details["class_shares"]) == pytest.approx(1.0, abs=1e-3)
    assert details["classifier_accuracy"] > 0.9 and detail <= set(details)
    for name in own:
        assert f"\n{name} " in result.out
    assert ("classes" in details) == (variant == "cgan")
    assert details.get("labels", "").startswith(
        "in the data's" if "classes" in details else ""
    )
    for row in details.get("classes", []):
        assert row["generated"] == pytest.approx(200 * row["real"] / 1437, abs=15)
        assert row["FID-digits"] > 0 and 0 <= row["label_accuracy"] <= 1
        assert f"\n{row['class']} " in result.out
    with Image.open(workdir / "evaluation-closest.png") as picture:
        assert picture.size == (10 * 42 + 2, 2 * 42 + 2)
    assert (workdir / "evaluation-asked.png").exists() == (variant == "cgan")


@pytest.mark.slow
def test_an_exported_generator_is_compared(command, run_of, tmp_path):
    """Of a SavedModel alone; with the run it came from, if measured alike."""
    workdir = shutil.copytree(run_of("gan")[0], tmp_path / "run")
    assert command("evaluate_gan", f"--workdir={workdir}", "--n=200").code == 0
    exported = (f"--saved_model={workdir / 'generator'}", "--dataset=digits")
    against = f"--compare={workdir / 'evaluation.json'}"
    result = command("evaluate_gan", *exported, against, "--n=200")
    assert result.code == 0, result.err
    changes = [line for line in result.out.splitlines() if " -> " in line]
    assert changes[0].startswith("FID-digits: ")
    refused = command("evaluate_gan", *exported, against, "--n=100")
    assert refused.code == 2 and refused.err.count("\n") == 1
    assert "FID-digits cannot be compared: counts.generated: 200 -> 100" in refused.err


def test_data_that_have_changed_since_the_run(command, run_of, tmp_path):
    workdir = shutil.copytree(run_of("gan")[0], tmp_path / "run")
    record = json.loads((workdir / "run.json").read_text())
    digest, record["data"]["digest"] = record["data"]["digest"], "0" * 32
    (workdir / "run.json").write_text(json.dumps(record))
    measure = ("evaluate_gan", f"--workdir={workdir}", "--n=20")
    line = f"digest: {'0' * 32} -> {digest}"
    told = command(*measure)
    assert f"the data have changed since the run: {line}\n" in told.out, told.err
    details = json.loads((workdir / "evaluation.json").read_text())["details"]
    assert details["data_changes"] == [line]


def test_the_best_generator_is_kept(command, tiny, tmp_path):
    flags = (*tiny("gan", tmp_path / "run", epochs=3), "--evaluate_every=2")
    result = command("train_gan", *flags)
    assert result.code == 0, result.err
    told = re.findall(r"epoch (\d): FID-digits ([\d.]+), the best so far", result.out)
    assert told[0][0] == "2"
    tensorboard = EventAccumulator(
        str(tmp_path / "run" / "tensorboard" / "train")
    ).Reload()
    values = [
        float(tf.make_ndarray(event.tensor_proto))
        for event in tensorboard.Tensors("evaluation/FID-digits")
    ]
    assert len(values) == 2, "the second epoch and the last"
    assert min(values) == pytest.approx(float(told[-1][1]), rel=1e-3)
    loaded = tf.saved_model.load(str(tmp_path / "run" / "best"))
    assert loaded.sample(n=2, seed=0)["images"].shape == (2, 8, 8, 1)


@pytest.mark.slow
def test_an_export_is_asked_for_combinations(command, tmp_path):
    data = kgan.data.load(
        "tinted_digits", condition=("class", "tint"), log=lambda _: None
    )
    game = cgan.build(cgan.Config(width=4), data.spec)
    kgan.export_generator(game, tmp_path / "generator")
    measure = ("--saved_model=generator", "--dataset=tinted_digits", "--n=50")
    told = command("evaluate_gan", *measure, "--condition=class,tint", cwd=tmp_path)
    assert told.code == 0 and "\nagreement-joint-unseen " in told.out, told.err
    refused = command("evaluate_gan", *measure, "--condition=hue", cwd=tmp_path)
    assert refused.code == 2 and "--condition=hue: " in refused.err
