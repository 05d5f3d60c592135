"""The folder that shards are made of, once for each file."""

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """A folder with classes, a test part, captions, attributes and a broken file."""
    root, rng = tmp_path_factory.mktemp("photos"), np.random.default_rng(0)
    lines = ["file,caption,colour"]
    for split, count in (("train", 45), ("test", 33)):
        for number in range(count):
            path = root / split / "ab"[number % 2] / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels = rng.integers(0, 255, (8, 8, 3), np.uint8)
            Image.fromarray(pixels).save(path)
            words = ("a red hat", "a blue one")
            name = path.relative_to(root)
            lines += [f"{name},{words[number % 2]},{words[number % 2].split()[1]}"]
            lines += [f"{name},another,{words[number % 2].split()[1]}"] * (number == 3)
    (root / "train" / "b" / "1.png").write_bytes(b"no picture")
    (root / "captions.csv").write_text("\n".join(lines))
    return root
