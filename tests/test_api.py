"""The doors for a Python user, and what they refuse."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import kgan
from kgan.configs import gan

PIXELS = np.zeros((40, 8, 8, 1), np.uint8)


def test_importing_kgan_is_light_and_completes():
    told = (
        "import sys, kgan; print('tensorflow' in sys.modules, 'numpy' in sys.modules);"
        "print(sorted(dir(kgan)) == sorted(kgan.__all__), 'train' in dir(kgan));"
        "import kgan.configs.infogan as m; print('tensorflow' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False", "True", "True", "False"]


def test_every_public_name_is_there():
    for name in kgan.__all__:
        assert getattr(kgan, name).__name__ in (name, f"kgan.{name}")
    with pytest.raises(AttributeError, match="attribute .trian."):
        kgan.trian  # noqa: B018 the error is what is tested


@pytest.mark.parametrize(
    ("what", "settings", "words"),
    [
        ("pix2pix", {}, "dataset: has no 'source', only real"),
        ("infogam", {}, "what=infogam: no such variant; did you mean 'infogan'"),
        ("choices", {}, "what=choices: no such variant"),
        ("gan", {"batchsize": 3}, "batchsize=3: no such field of gan; did you mean"),
        ("gan", {"batch_size": 0}, "batch_size=0"),
        ("gan", {"jit": "maybe"}, "jit=maybe"),
        ("gan", {"image_size": 16}, "image_size=16: data in memory are taken as they"),
        (gan.Config(), {"epoch": 3}, "epoch=3: no such field"),
        (7, {}, "what=7: is no variant's name"),
    ],
)
def test_wrong_calls(tmp_path, what, settings, words):
    with pytest.raises(kgan.UserError, match=words) as error:
        kgan.train(what, PIXELS, tmp_path / "run", **settings)
    assert "--" not in str(error.value) and not (tmp_path / "run").exists()


def test_nothing_is_loaded_from_nowhere(tmp_path):
    with pytest.raises(kgan.UserError, match="no run is kept there"):
        kgan.load(tmp_path)


@pytest.mark.parametrize(
    ("what", "given", "name"),
    [
        ("cyclegan", "", "digits-complete"),
        ("pix2pix", kgan.DomainSource("digits"), "digits-edges"),
        ("pix2pix", Path("."), None),  # a folder is what it is
    ],
)
def test_a_translation_learns_from_two_domains(what, given, name, monkeypatch):
    """As on the command line: by the variant's own data set and usual task."""
    prepared = []
    monkeypatch.setattr("kgan.api.prepare", lambda *given: prepared.extend(given))
    with pytest.raises(AttributeError):  # nothing was prepared that could train
        kgan.train(what, given)
    (_, domains, _, workdir, *_) = prepared
    assert isinstance(domains, kgan.DomainSource)
    assert domains.name == name or (name is None and domains.task == "")
    assert str(workdir) == f"runs/{what}-{domains.name}"


def test_other_variants_refuse_two_domains(tmp_path):
    with pytest.raises(kgan.UserError, match="dataset: two domains are for pix2pix"):
        kgan.train("gan", kgan.DomainSource("digits", task="edges"), tmp_path / "run")
