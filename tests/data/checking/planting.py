"""A folder with planted faults, of pictures that are sound."""

import itertools
import shutil

import numpy as np
from PIL import Image


def photographs(folder, count, seed=0):
    """Writes pictures with coarse and fine detail; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    random, paths = np.random.default_rng(seed), []
    for number in range(count):
        coarse = random.integers(0, 256, (9, 12, 3), np.uint8)
        pixels = np.asarray(Image.fromarray(coarse).resize((120, 90)), np.float32)
        pixels = (pixels + random.normal(0, 12, pixels.shape)).clip(0, 255)
        path = folder / f"{number:04}.jpg"
        Image.fromarray(pixels.astype(np.uint8)).save(path, quality=90)
        paths.append(path)
    return paths


def plant(root, sound):
    """Copies sound pictures to root/train and root/test, and faults among them.

    Returns:
        kind of a finding -> a list of the names of each case, as sets.
    """
    train, test = root / "train", root / "test"
    for folder in (train, test):
        folder.mkdir(parents=True)
    held = len(sound) // 4
    for path in sound:
        shutil.copy(path, (test if path in sound[:held] else train) / path.name)
    originals = iter(sound[held:])
    planted = {
        "exact copy": [_copy(one, train, "x") for one in _some(originals, 20)],
        "near copy": _nearly(_some(originals, 5), train),
        "leak": [_copy(one, test, "y") for one in _some(originals, 2)],
    }
    planted["leak"] += _nearly(_some(originals, 1), test)
    planted["blank"] = [_blank(train, number) for number in range(4)]
    planted["unreadable"] = [_truncated(one, train) for one in _some(originals, 2)]
    return planted


def _some(originals, count):
    return list(itertools.islice(originals, count))


def _copy(path, folder, prefix):
    shutil.copy(path, folder / f"{prefix}{path.name}")
    return {f"train/{path.name}", f"{folder.name}/{prefix}{path.name}"}


def _nearly(paths, folder):
    """Saves them with more loss, in another format, or in another size."""
    names = []
    for number, path in enumerate(paths):
        image = Image.open(path).convert("RGB")
        name = f"z{number}-{path.stem}"
        if number % 3 == 0:
            image.save(folder / f"{name}.jpg", quality=50)
        elif number % 3 == 1:
            size = [round(0.9 * side) for side in image.size]
            image.resize(size).save(folder / f"{name}.jpg", quality=85)
        else:
            image.save(folder / f"{name}.webp", quality=80)
        suffix = "jpg" if number % 3 < 2 else "webp"
        names.append({f"train/{path.name}", f"{folder.name}/{name}.{suffix}"})
    return names


def _blank(folder, number):
    pixels = np.full((64, 80, 3), 80 * number, np.uint8)
    noise = np.random.default_rng(number).integers(0, 5, pixels.shape)
    Image.fromarray((pixels + noise).astype(np.uint8)).save(folder / f"b{number}.png")
    return {f"train/b{number}.png"}


def _truncated(path, folder):
    content = path.read_bytes()
    (folder / f"t{path.name}").write_bytes(content[: len(content) // 2])
    return {f"train/t{path.name}"}
