"""The table of edits: which faces it edits, and where."""

import numpy as np
import pytest
from PIL import Image

from kgan.errors import UserError
from kgan.experiments.papers import TABLES, edits, faces, reproduce
from tests.cases import DATA

OPTIONS = ("smile", "smirk")


def face(mouth, shade):
    """A grey face whose mouth is a bright or a dark line."""
    pixels = np.full((64, 64, 3), shade, np.uint8)
    pixels[40:43, 20:30] = 200 * mouth
    return pixels


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """A folder of faces: eight to learn from, four to test, and their edits."""
    root = tmp_path / "avatars"
    for part, count in (("train", 8), ("test", 4)):
        (root / part).mkdir(parents=True)
        rows = ["file,mouth,glasses,beard,skin"]
        for number in range(count):
            mouth, shade = number % 2, 50 + 10 * number
            name = f"{part}/{number:05d}.png"
            Image.fromarray(face(mouth, shade)).save(root / name)
            others = ("none,scruff,pale", "round,none,dark")[number // 2 % 2]
            rows.append(f"{name},{OPTIONS[mouth]},{others}")
        (root / f"{part}.csv").write_text("\n".join(rows))
    (root / "edits").mkdir()
    for number in range(4):
        true = face(1, 50 + 10 * number)
        Image.fromarray(true).save(root / "edits" / f"{number:05d}-mouth-smirk.png")
    monkeypatch.setenv("KGAN_IMAGES_DIR", str(tmp_path))
    caches = (faces.data, faces.changed)
    for one in caches:
        one.cache_clear()
    yield root
    for one in caches:
        one.cache_clear()


def test_faces_that_lack_what_is_asked_for(drawn):
    found = faces.changed("mouth=smirk", False)
    assert found.region == (slice(40, 43), slice(20, 30))
    assert found.before[:, 0, 0, 0].tolist() == [50, 70]  # faces 0 and 2 smile
    np.testing.assert_array_equal(found.true[1], face(1, 70))


def test_ways_without_a_network(drawn):
    found = faces.changed("mouth=smirk", False)
    given = "mouth=smirk", found, 0, False, None, print
    assert edits.true(*given) is found.true
    assert edits.unchanged(*given) is found.before
    pasted = edits.pasted(*given)
    np.testing.assert_array_equal(pasted, found.true)  # all mouths are alike


def test_what_is_not_there(drawn):
    with pytest.raises(UserError, match=r"edits: has no picture \*-glasses-round.png"):
        faces.changed("glasses=round", False)
    for table in drawn.glob("*.csv"):
        table.write_text(table.read_text().replace("skin", "hair"))
    faces.data.cache_clear()
    with pytest.raises(UserError, match="avatars: has no column skin"):
        faces.data(False)


@pytest.mark.slow
def test_the_quick_table(tmp_path, monkeypatch):
    if not DATA:
        pytest.skip("KGAN_TEST_DATA is not set")
    monkeypatch.setenv("KGAN_IMAGES_DIR", DATA)
    text = reproduce(TABLES["edits"], tmp_path, quick=True, log=lambda line: None)
    assert text.count("| mouth=smirk: ") == 5
    sheet = tmp_path / "edits-quick-sheet.png"
    with Image.open(sheet) as picture, Image.open(tmp_path / "edits-quick.png") as made:
        assert picture.height > made.height
