"""What a translation reads, and where it writes."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgan.applications.plan import look, plan
from kgan.errors import UserError


@pytest.fixture
def there(tmp_path, monkeypatch):
    """Pictures in two folders, and other things."""
    for name in ("a.png", "in/b.jpg", "in/deep/c.tif", "in/d.gif", "in/notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for name in ("in/._b.jpg", "in/Thumbs.db", "in/.DS_Store"):
        (tmp_path / name).touch()
    (tmp_path / "res_v1.5").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("inputs", "out", "made"),
    [
        ("a.png", "b.png", "b.png"),
        ("a.png", "new", "new/a.png"),
        ("a.png", "new_v1.5", "new_v1.5/a.png"),
        ("a.png", "res_v1.5", "res_v1.5/a.png"),
        ("*.png", "res_v1.5", "res_v1.5/a.png"),
        ("in", "res_v1.5", "res_v1.5/b.png res_v1.5/d.png res_v1.5/deep/c.png"),
        ("in", "new_v1.5", "new_v1.5/b.png new_v1.5/d.png new_v1.5/deep/c.png"),
        ("i*", "new", "new/b.png new/d.png new/deep/c.png"),
        ("a.png in/d.gif", "new", "new/a.png new/d.png"),
    ],
)
def test_where_results_go(there, inputs, out, made):
    pairs, lines = plan(inputs.split(), Path(out))
    assert " ".join(str(path) for _, path in pairs) == made
    told = ["in: left out 1 of 4 files: 1 of suffix .txt (notes.txt)"]
    assert lines == (told if inputs in ("in", "i*") else [])


@pytest.mark.parametrize(
    ("inputs", "out", "words"),
    [
        ("nothing.png", "new", "^nothing.png: no such picture"),
        ("res_v1.5", "new", "^res_v1.5: no such picture, nor a folder with any"),
        ("a.png", "b.jpg", "^b.jpg: results are PNG; name it .png"),
        (
            "a.png",
            "file",
            "^file: is a file; give a folder, or a name that ends in .png",
        ),
        ("a.png in/d.gif", "b.png", "^b.png: several pictures need a folder"),
        ("in", "b.png", "^b.png: several pictures need a folder"),
        ("in", "file", "^file: several pictures need a folder"),
        ("a.png", "a.png", "^a.png: is there already; overwrite replaces it"),
        ("a.png a.png", "new", "^new/a.png: two of the pictures would become this one"),
    ],
)
def test_what_cannot_be(there, inputs, out, words):
    with pytest.raises(UserError, match=words):
        plan(inputs.split(), Path(out))


def test_results_may_replace_files(there):
    assert plan(["a.png"], Path("a.png"), overwrite=True).pairs


def test_pictures_of_many_bits_are_read_as_those_of_the_training(tmp_path):
    said = []
    for number, top in enumerate((1000, 4000)):
        pixels = np.full((8, 8), top, np.uint16)
        pixels[0] = 0
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    frames = [Image.new("L", (8, 8), value) for value in (0, 99)]
    frames[0].save(tmp_path / "2.gif", save_all=True, append_images=frames[1:])
    files = sorted(tmp_path.iterdir())
    assert look(files, (0, 4095), said.append) == (0, 4095)
    assert said[0].startswith("1 files hold several pictures, as animations do; the")
    assert look(files, (), said.append) == (0, 4000)
    assert "2 of 3 images have more than 8 bits: their values, 0 to 4,000" in said[-1]
