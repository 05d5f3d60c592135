"""Random data for the cases, the same for every peer."""

import numpy as np
from PIL import Image

FILE_SIZE = (178, 218)  # width and height of a picture on the disk, as CelebA's


def pixels(case, count=None, seed=0):
    """Returns random images, uint8 (count, H, W, C), contiguous."""
    generator = np.random.default_rng(seed)
    return generator.integers(0, 256, (count or case.count, *case.shape), np.uint8)


def domains(case):
    """Returns random images of a translation's source, and of its target."""
    return pixels(case), pixels(case, seed=1)


def points(count):
    """Returns points of eight Gaussians on the unit circle, float32 (count, 2)."""
    generator = np.random.default_rng(0)
    angle = 2 * np.pi * generator.integers(0, 8, count) / 8
    centre = np.stack([np.cos(angle), np.sin(angle)], 1)
    return np.float32(centre + 0.01 * generator.standard_normal((count, 2)))


def write_pictures(folder, count):
    """Writes `count` JPEG files of smooth images, like photographs, to `folder`/all."""
    generator = np.random.default_rng(0)
    (folder / "all").mkdir(parents=True)
    for number in range(count):
        coarse = generator.integers(0, 256, (14, 12, 3), np.uint8)
        picture = Image.fromarray(coarse).resize(FILE_SIZE, Image.Resampling.BICUBIC)
        picture.save(folder / "all" / f"{number:06d}.jpg", quality=90)
