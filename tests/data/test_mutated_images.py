"""A thousand damaged pictures: none ends the loading, and each refusal is named."""

import io
import random
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image

from kgan.data import load

COUNT = 1000
SIDE = 16


def encoded(chance, mode, kind, **options):
    """A whole picture of noise in one of the modes and formats."""
    side = chance.choice([1, 3, SIDE, 40])
    noise = np.random.default_rng(chance.getrandbits(32))
    rgba = noise.integers(0, 256, (side, side, 4), np.uint8)
    if mode == "I;16":
        image = Image.fromarray(rgba[..., :2].copy().view("<u2")[..., 0])
    else:
        image = Image.fromarray(rgba).convert(mode)
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def a_whole(chance):
    """One that any viewer opens: every mode that its format can hold."""
    kinds = {
        "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
        "JPEG": ("L", "RGB", "CMYK"),
        "WEBP": ("RGB", "RGBA"),
        "BMP": ("1", "L", "P", "RGB"),
        "GIF": ("L", "P", "RGB"),
    }
    kind = chance.choice(list(kinds))
    return encoded(chance, chance.choice(kinds[kind]), kind)


def animated(chance):
    frames = [Image.new("RGB", (9, 9), (n * 50, 0, 0)) for n in range(4)]
    stream = io.BytesIO()
    kind = chance.choice(["GIF", "PNG", "WEBP"])
    frames[0].save(stream, kind, save_all=True, append_images=frames[1:], duration=50)
    return stream.getvalue()


def truncated(chance):
    whole = a_whole(chance)
    return whole[: chance.randrange(len(whole))]


def flipped(chance):
    data = bytearray(a_whole(chance))
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def spliced(chance):
    one, other = a_whole(chance), a_whole(chance)
    return one[: chance.randrange(len(one))] + other[chance.randrange(len(other)) :]


def bomb(chance):
    """A small file that claims, and would fill, gigabytes."""
    side = chance.choice([12_000, 60_000, 2**31 - 1])

    def chunk(name, content):
        body = name + content
        return (
            struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, chance.choice([0, 2, 6]), 0, 0, 0)
    pixels = zlib.compress(bytes(200_000))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", pixels),
            chunk(b"IEND", b""),
        )
    )


def text_bomb(chance):
    """Compressed text beside the pixels that unfolds to 100 MB."""
    whole = encoded(chance, "RGB", "PNG")
    content = b"Comment\0\0" + zlib.compress(bytes(100_000_000), 1)
    body = b"zTXt" + content
    extra = struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
    return whole[:33] + extra + whole[33:]


def nonsense(chance):
    return chance.choice(
        [b"", b"\0" * 100, b"GIF89a", b"%PDF-1.7", chance.randbytes(99)]
    )


# What is made, how often, and whether the picture must be usable (None: may be).
KINDS = (
    (a_whole, 300, True),
    (animated, 60, True),
    (truncated, 220, None),
    (flipped, 240, None),
    (spliced, 90, None),
    (bomb, 30, False),
    (text_bomb, 2, None),
    (nonsense, 58, False),
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """(names by kind, the loaded images, seconds) of a folder that holds them all."""
    folder, chance, names = tmp_path_factory.mktemp("mutated"), random.Random(0), {}
    for kind, count, _ in KINDS:
        for number in range(count):
            suffix = chance.choice([".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"])
            name = f"{kind.__name__}-{number}{suffix}"
            (folder / name).write_bytes(kind(chance))
            names.setdefault(kind, []).append(name)
    for number in range(COUNT):  # most pictures of a real folder are whole
        (folder / f"z{number}.bmp").write_bytes(encoded(chance, "L", "BMP"))
    began = time.monotonic()
    images = load(folder, image_size=SIDE, channels=3, log=lambda line: None)
    return names, images, time.monotonic() - began


def test_a_thousand_are_used_or_named(loaded):
    names, images, seconds = loaded
    assert sum(map(len, names.values())) == COUNT
    refused = dict(line.split(": ", 1) for line in images.left_out)
    assert len(refused) == len(images.left_out), "each is named once"
    assert len(images) + len(refused) == 2 * COUNT
    assert all(reason.strip() for reason in refused.values())
    assert images["real"].shape[1:] == (SIDE, SIDE, 3)
    assert seconds < 60, "something hung"


@pytest.mark.parametrize("kind, usable", [(kind, usable) for kind, _, usable in KINDS])
def test_what_is_whole_is_used_and_what_is_nonsense_is_not(loaded, kind, usable):
    names, images, _ = loaded
    refused = {line.split(": ", 1)[0] for line in images.left_out}
    left_out = len(refused & set(names[kind]))
    if usable is None:
        # Some damage is past noticing, and some is not.
        assert left_out or kind is text_bomb
    else:
        assert left_out == (0 if usable else len(names[kind]))


def test_bombs_are_refused_by_their_header(loaded):
    names, images, _ = loaded
    reasons = dict(line.split(": ", 1) for line in images.left_out)
    assert {reasons[name] for name in names[bomb]} == {"larger than 64 megapixels"}
