"""The classifier's cache: what it saves, and what it survives."""

import shutil

import numpy as np
import pytest

from kgan.metrics import fit_classifier


def test_second_fit_comes_from_the_cache_and_predicts_the_same(
    fitted, digits, no_training
):
    said = []
    again = fit_classifier(**fitted.options, log=said.append)
    assert said == [fitted.said[0] + ", from the cache"]
    assert (again.accuracy, again.digest) == (
        fitted.classifier.accuracy,
        fitted.classifier.digest,
    )
    np.testing.assert_array_equal(
        again.probabilities(digits["test_pixels"]),
        fitted.classifier.probabilities(digits["test_pixels"]),
    )


def test_cached_accuracy_is_not_used_for_other_test_images(
    fitted, digits, tmp_path, no_training
):
    wrong = fitted.options | {"test_labels": (digits["test_labels"] + 1) % 10}
    # A copy of the cache, because the new accuracy is kept in place of the old.
    wrong["cache"] = shutil.copytree(fitted.folder, tmp_path / "copy")
    said = []
    assert fit_classifier(**wrong, log=said.append).accuracy < 0.1
    assert said[0].endswith("from the cache")


def test_cache_names_its_files_and_leaves_no_scratch(fitted):
    stem = f"classifier-{fitted.classifier.digest}"
    names = sorted(path.name for path in fitted.folder.iterdir())
    assert names == [f"{stem}.json", f"{stem}.weights.h5"]


def test_digest_depends_on_seed_and_data_and_nothing_else(digits, instant_training):
    def digest(**changes):
        return fit_classifier(**(digits | changes), log=lambda line: None).digest

    first = digest()
    assert digest() == first
    assert digest(seed=1) != first
    assert digest(labels=digits["labels"][::-1]) != first
    assert digest(pixels=digits["pixels"][::-1]) != first


@pytest.mark.parametrize(
    ("suffix", "damage"),
    [
        (".weights.h5", "garbage"),
        (".weights.h5", "cut"),
        (".weights.h5", "flip"),
        (".json", "garbage"),
        (".json", "cut"),
        (".json", "foreign"),
    ],
)
def test_damaged_cache_is_said_and_replaced(
    digits, tmp_path, suffix, damage, instant_training
):
    def fit():
        said = []
        fit_classifier(**digits, cache=tmp_path, log=said.append)
        return said

    fit()
    (path,) = tmp_path.glob(f"*{suffix}")
    content = path.read_bytes()
    middle = len(content) // 2
    flipped = bytes([content[middle] ^ 1])
    path.write_bytes(
        {
            "garbage": b"neither weights nor JSON",
            "foreign": b"[1, 2]",
            "cut": content[:middle],
            "flip": content[:middle] + flipped + content[middle + 1 :],
        }[damage]
    )
    said = fit()
    assert "training anew" in said[0]
    assert "from the cache" not in said[-1]
    assert "from the cache" in fit()[-1]


def test_cache_that_cannot_be_written_costs_nothing(digits, tmp_path, instant_training):
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    said = []
    fit_classifier(**digits, cache=occupied, log=said.append)
    assert "not kept" in said[0]
    assert said[1].startswith("classifier: ")
