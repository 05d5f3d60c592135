"""What is wrong with a folder is found, and nothing else is named."""

import os
from pathlib import Path

import pytest

import kgan
from tests.data.checking.planting import photographs, plant

KINDS = ("exact copy", "near copy", "leak", "blank", "unreadable", "blurred")


def found(report):
    return {kind: [set(names) for names in report.found(kind)] for kind in KINDS}


def sorted_cases(cases):
    return {kind: sorted(map(sorted, names)) for kind, names in cases.items() if names}


def test_every_planted_fault_is_found_and_nothing_else(tmp_path):
    sound = photographs(tmp_path / "sound", 64)
    planted = plant(tmp_path / "photos", sound)
    report = kgan.check_data("dcgan", tmp_path / "photos", image_size=32, batch_size=8)
    assert sorted_cases(found(report)) == sorted_cases(planted)
    assert report.misleads
    assert report.counts["left out"] == 2


def test_sound_pictures_are_not_named(tmp_path):
    photographs(tmp_path / "photos" / "train", 150)
    photographs(tmp_path / "photos" / "test", 40, seed=1)
    report = kgan.check_data("dcgan", tmp_path / "photos", image_size=32)
    assert [one.kind for one in report.findings] == ["few"]
    assert not report.misleads


@pytest.mark.parametrize("name", ["clothing/train", "noto_emoji/images"])
def test_faults_among_real_pictures(tmp_path, name):
    data = os.environ.get("KGAN_TEST_DATA")
    if not data or not (Path(data) / name).is_dir():
        pytest.skip("needs the folder $KGAN_TEST_DATA")
    files = sorted(Path(data, name).rglob("*.[jp][pn]g"))
    # Flags and people of one drawing follow each other.
    sound = files[:: len(files) // 64][:64]
    planted = plant(tmp_path / "photos", sound)
    report = kgan.check_data("dcgan", tmp_path / "photos", image_size=32, batch_size=8)
    assert sorted_cases(found(report)) == sorted_cases(planted)
