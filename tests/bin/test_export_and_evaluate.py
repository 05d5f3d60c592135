"""What is done with a finished run: its generator exported, its worth measured."""

import json
import shutil

import numpy as np
import pytest
import tensorflow as tf


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
    "variant, own",
    [
        ("cgan", {"label_accuracy"}),
        ("infogan", {"L_I", "code_error", "category_to_class"}),
    ],
)
def test_evaluation(command, run_of, tmp_path, variant, own):
    workdir = shutil.copytree(run_of(variant)[0], tmp_path / "run")
    result = command("evaluate_gan", f"--workdir={workdir}", "--n=200")
    assert result.code == 0, result.err
    scores = json.loads((workdir / "evaluation.json").read_text())
    assert own <= set(scores) and set(scores) & {"label_accuracy", "L_I"} <= own
    assert scores["dataset"] == "digits" and scores["samples"] == 200
    assert sum(scores["class_shares"]) == pytest.approx(1.0, abs=1e-3)
    assert 0 <= scores["classes_with_3_percent"] <= 10
    assert scores["classifier_accuracy"] > 0.9
    for name in own:
        assert f"{name}: " in result.out
