"""Whatever lies in a folder: each file is used or named, and nothing ends in a traceback."""

import functools
import io
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kgan.applications.plan import plan
from kgan.data import DomainSource, load, load_domains
from kgan.data.sources.listing import is_left_behind
from kgan.data.sources.splits import read_split
from kgan.errors import UserError
from tests.fuzzing import OPTIONS

FORMATS = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "JPEG": ("L", "RGB", "CMYK"),
    "WEBP": ("RGB", "RGBA"),
    "BMP": ("1", "L", "P", "RGB"),
    "GIF": ("L", "P", "RGB"),
    "TIFF": ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F", "LAB"),
    "AVIF": ("L", "RGB", "RGBA"),
}
MODES = [(kind, mode) for kind, modes in FORMATS.items() for mode in modes]


@functools.cache
def encoded(kind, mode, size, frames):
    """A picture of noise as the bytes of a file."""
    noise = np.random.default_rng(sum(size)).integers(0, 256, (*size, 4), np.uint8)
    if mode in ("I;16", "I", "F"):
        dtype = {"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]
        image = Image.fromarray((noise[..., 0] * 16.0).astype(dtype))
    elif mode == "LAB":
        image = Image.frombytes("LAB", size[::-1], noise[..., :3].tobytes())
    else:
        image = Image.fromarray(noise).convert(mode)
    more = {"save_all": True, "append_images": [image] * frames} if frames else {}
    stream = io.BytesIO()
    image.save(stream, kind, **more)
    return stream.getvalue()


@st.composite
def pictures(draw):
    kind, mode = draw(st.sampled_from(MODES))
    size = draw(st.sampled_from([(1, 1), (8, 8), (9, 8), (8, 16), (40, 30)]))
    several = kind in ("GIF", "TIFF", "WEBP") and mode not in ("I", "F", "LAB", "I;16")
    whole = encoded(kind, mode, size, draw(st.integers(0, 2 * several)))
    damage = draw(st.sampled_from(["none"] * 6 + ["cut", "flip", "tail"]))
    if damage == "cut":
        return whole[: draw(st.integers(0, len(whole) - 1))]
    if damage == "tail":
        return whole + b"more"
    data = bytearray(whole)
    for _ in range(damage == "flip" and draw(st.integers(1, 9))):
        data[draw(st.integers(0, len(data) - 1))] ^= draw(st.integers(1, 255))
    return bytes(data)


CONTENTS = st.one_of(
    pictures(),
    pictures(),
    pictures(),
    st.sampled_from([b"", b"text", b"PK\3\4", b"\0" * 99]),
)
STEMS = st.one_of(
    st.sampled_from(
        ["a", "b", "0", "2", "10", "a|b", "x.y", "é", "x\ny", "\udc80", " "]
    ),
    st.text(
        st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=9
    ),
)
SUFFIXES = st.sampled_from(
    [*(".png", ".jpg", ".JPEG", ".tif", ".gif", ".webp", ".avif", ".bmp", ".jfif") * 2]
    + ["", ".txt", ".HEIC", ".db", ".npy", ".p"]
)
FILES = st.one_of(
    st.tuples(STEMS, SUFFIXES).map("".join),
    st.tuples(STEMS, SUFFIXES).map("".join),
    st.sampled_from(["Thumbs.db", ".DS_Store", "._a.png", "desktop.ini"]),
)
FOLDERS = st.sampled_from(
    ["ape", "bee", "2", "10", "train", "test", "val", "Test", ".git", "__MACOSX", "v.1"]
)
# The folders of a tree: none, classes, splits, or whatever comes.
LAYOUTS = st.sampled_from(
    [
        st.just(()),
        st.tuples(FOLDERS),
        st.tuples(st.sampled_from(["train", "test", "val"]), FOLDERS),
        st.lists(FOLDERS, max_size=3).map(tuple),
    ]
)
TREES = LAYOUTS.flatmap(
    lambda folders: st.dictionaries(
        st.tuples(folders, FILES).map(lambda one: (*one[0], one[1])),
        CONTENTS,
        max_size=14,
    )
)


def write(root, tree):
    """Writes the files, and sound pictures next to each.

    Those whose place another one has taken are not there.
    """
    sound = encoded("PNG", "L", (8, 16), 0)
    for parts, content in tree.items():
        path = Path(root).joinpath(*parts)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            continue
        for number in range(2):
            path.with_name(f"sound {len(parts[-1])} {number}.png").write_bytes(sound)


def present(root):
    """The number of files below a folder; those of systems do not count."""
    count = 0
    for _, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not is_left_behind(name)]
        count += sum(not is_left_behind(name) for name in files)
    return count


def tried(function, *arguments, **options):
    """What a function returns, or None for one clear line."""
    try:
        return function(*arguments, **options)
    except UserError as error:
        assert len(str(error).splitlines()) == 1 and error.problem
        return None


def account(tree):
    """Every file of a folder is used, named, or counted as part of another split."""
    with tempfile.TemporaryDirectory() as root:
        write(root, tree)
        for split in ("train", "test"):
            said = []
            data = tried(load, root, split=split, image_size=8, log=said.append)
            if data is None:
                continue
            elsewhere = read_split(root, split).elsewhere
            for folder, count in elsewhere.items():
                assert "?" in folder or present(Path(root) / folder) == count
            named = len(data.left_out) + sum(elsewhere.values())
            assert len(data) + named == present(root)
            assert all(line.partition(": ")[2] for line in data.left_out)
            assert bool(data.left_out) == any("left out" in line for line in said)
        translated = tried(plan, [root], Path(root).with_name("out"))
        if translated:
            pairs, lines = translated
            whole = f"of {present(root):,} files" in "".join(lines)
            assert whole or len(pairs) == present(root)
        pairs, quiet = DomainSource(root), {"log": lambda line: None}
        tried(load_domains, pairs, paired=True, image_size=8, **quiet)


@settings(max_examples=40, **OPTIONS)
@given(tree=TREES)
def test_any_folder(tree):
    account(tree)


@pytest.mark.slow
@settings(max_examples=1000, **OPTIONS)
@given(tree=TREES)
def test_a_thousand_folders(tree):
    account(tree)
