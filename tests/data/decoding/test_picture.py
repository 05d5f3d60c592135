"""Every kind of file and of pixel, against values worked out by hand."""

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features

from kgan.data.decoding import formats, picture
from kgan.data.decoding.opening import UnusablePicture
from kgan.data.decoding.picture import Transform, read_header, read_whole
from kgan.sizes import FITS, Size


def saved(image, kind, **options):
    """Encode an image of Pillow and return it as a stream."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    stream.seek(0)
    return stream


def read_square(source, side, channels, **rest):
    """A picture as a square of that side."""
    transform = Transform(Size(side, side), channels, **rest)
    return picture.read_picture(source, transform)


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("BMP", {}), ("GIF", {}), ("WEBP", {"lossless": True}), ("JPEG", {})]
    + [("TIFF", {}), ("TIFF", {"compression": "tiff_lzw"}), ("AVIF", {"quality": 100})],
)
def test_every_format_keeps_a_plain_colour(kind, options):
    stream = saved(Image.new("RGB", (8, 8), (200, 100, 50)), kind, **options)
    pixels = read_square(stream, 8, 3)
    assert pixels.shape == (8, 8, 3) and pixels.dtype == np.uint8
    assert np.abs(pixels.astype(int) - (200, 100, 50)).max() <= 2


@pytest.mark.parametrize(
    ("mode", "colour", "kind", "expected"),
    [
        ("1", 1, "PNG", (255, 255, 255)),
        ("1", 0, "PNG", (0, 0, 0)),
        ("L", 77, "PNG", (77, 77, 77)),
        ("LA", (0, 255), "PNG", (0, 0, 0)),
        ("LA", (0, 0), "PNG", (255, 255, 255)),
        ("RGBA", (255, 0, 0, 255), "PNG", (255, 0, 0)),
        ("RGBA", (255, 0, 0, 0), "PNG", (255, 255, 255)),
        ("RGBA", (255, 0, 0, 51), "PNG", (255, 204, 204)),
        ("I;16", 65535, "PNG", (255, 255, 255)),
        ("I;16", 257 * 93, "PNG", (93, 93, 93)),
        ("I;16", 300, "PNG", (1, 1, 1)),
        ("CMYK", (0, 0, 0, 255), "JPEG", (0, 0, 0)),
        ("CMYK", (0, 0, 0, 0), "JPEG", (255, 255, 255)),
    ],
)
def test_every_mode_becomes_eight_bit_colour(mode, colour, kind, expected):
    pixels = read_square(saved(Image.new(mode, (8, 8), colour), kind), 8, 3)
    assert (pixels == np.array(expected)).all()


def test_palette_colours_and_transparent_entry():
    image = Image.new("P", (2, 2))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putdata([0, 1, 1, 0])
    opaque = read_square(saved(image, "PNG"), 2, 3)
    assert opaque[0].tolist() == [[10, 20, 30], [40, 50, 60]]
    holed = read_square(saved(image, "PNG", transparency=1), 2, 3)
    assert holed[0].tolist() == [[10, 20, 30], [255, 255, 255]]


def test_grey_to_colour_and_colour_to_luma():
    grey = read_square(saved(Image.new("L", (4, 4), 90), "PNG"), 4, 3)
    assert (grey == 90).all() and grey.shape == (4, 4, 3)
    green = read_square(saved(Image.new("RGB", (4, 4), (0, 255, 0)), "PNG"), 4, 1)
    assert green.shape == (4, 4, 1)
    assert (green == 150).all()  # 0.587 * 255


@pytest.mark.parametrize(
    ("mode", "grey"), [("1", True), ("L", True), ("LA", True), ("I;16", True)]
    + [("P", False), ("RGB", False), ("RGBA", False)],
)  # fmt: skip
def test_header_gives_size_and_kind_of_colour(mode, grey):
    header = read_header(saved(Image.new(mode, (5, 9)), "PNG"))
    assert header == (5, 9, grey, mode == "I;16", False)


def test_wide_image_keeps_its_centre_columns_untouched():
    ramp = np.tile(np.arange(9, dtype=np.uint8) * 10, (4, 1))
    pixels = read_square(saved(Image.fromarray(ramp), "PNG"), 4, 1)
    # Five columns too many: two go on the left, three on the right.
    assert pixels[..., 0].tolist() == [[20, 30, 40, 50]] * 4


QUARTERS = np.repeat([0, 80, 160, 240], 8).astype(np.uint8)


@pytest.mark.parametrize(
    ("size", "fit", "rows"),
    [
        # 32 rows of four greys, 8 columns: a wide part of them shows the middle two.
        ((4, 4), "crop", [80, 80, 160, 160]),
        ((4, 2), "crop", [80, 80, 160, 160]),
        ((8, 2), "crop", [0, 0, 80, 80, 160, 160, 240, 240]),
        ((4, 8), "crop", [80, 80, 160, 160]),
        ((4, 4), "stretch", [0, 80, 160, 240]),
        ((4, 12), "stretch", [0, 80, 160, 240]),
    ],
)
def test_a_picture_of_another_shape(size, fit, rows):
    tall = np.tile(QUARTERS[:, np.newaxis], (1, 8))
    transform = Transform(Size(*size), 1, fit)
    for kind, close in (("PNG", 24), ("JPEG", 30)):
        stream = saved(Image.fromarray(tall), kind)
        pixels = picture.read_picture(stream, transform)[..., 0].astype(int)
        assert pixels.shape == size
        assert np.abs(pixels - np.array(rows)[:, np.newaxis]).max() <= close


def test_a_padded_picture_has_bars_of_the_colour_of_its_border():
    tall = np.tile(QUARTERS[:, np.newaxis], (1, 8))
    transform = Transform(Size(4, 4), 1, "pad")
    pixels = picture.read_picture(saved(Image.fromarray(tall), "PNG"), transform)[
        ..., 0
    ]
    assert np.abs(pixels[:, 1].astype(int) - [0, 80, 160, 240]).max() <= 24
    assert (pixels[:, [0, 2, 3]] == 120).all()  # the median of the four


def test_pixels_that_need_no_scaling_are_never_blended():
    noise = np.random.default_rng(0).integers(0, 256, (9, 20, 3), np.uint8)
    stream = saved(Image.fromarray(noise), "PNG")
    for size, part in (
        ((9, 11), noise[:, 4:15]),
        ((5, 11), None),
        ((4, 20), noise[2:6]),
    ):
        made = picture.read_picture(stream, Transform(Size(*size), 3))
        if part is not None:
            np.testing.assert_array_equal(made, part)
    padded = picture.read_picture(stream, Transform(Size(12, 20), 3, "pad"))
    np.testing.assert_array_equal(padded[1:10], noise)


def test_decoded_pictures_follow_the_same_rule():
    noise = np.random.default_rng(0).integers(0, 256, (2, 24, 40, 3), np.uint8)
    for fit in FITS:
        transform = Transform(Size(16, 12), 3, fit)
        one = picture.read_picture(saved(Image.fromarray(noise[1]), "PNG"), transform)
        np.testing.assert_array_equal(picture.fitted(noise, transform)[1], one)
    same = Transform(Size(24, 40), 3)
    assert picture.fitted(noise, same) is noise


def test_a_turned_jpeg_is_decoded_finely_enough():
    """Stored 4,000 wide and 1,000 high, shown upright, and wanted wide and low."""
    wave = 127 + 100 * np.sin(np.arange(1000) * np.pi / 50)
    stored = np.tile(wave.astype(np.uint8)[:, np.newaxis], (1, 4000))
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = saved(Image.fromarray(stored), "JPEG", exif=exif)
    pixels = picture.read_picture(stream, Transform(Size(16, 128), 1))
    expected = Image.fromarray(np.rot90(stored, 3)[1938:2063]).resize((128, 16))
    assert np.abs(pixels[..., 0].astype(int) - np.asarray(expected)).mean() < 3


def test_tall_image_is_cropped_before_it_is_scaled():
    rows = np.repeat([255, 0, 0, 100, 100, 255], 4).astype(np.uint8)
    tall = np.tile(rows[:, np.newaxis], (1, 16))
    pixels = read_square(saved(Image.fromarray(tall), "PNG"), 2, 1)
    # Rows 4 to 19 remain: dark above, 100 below, and no white from the ends.
    assert pixels.max() < 120
    assert pixels[0].mean() < 20 and pixels[1].mean() > 80


def test_shrinking_is_antialiased():
    tensorboard = (np.indices((64, 64)).sum(axis=0) % 2 * 255).astype(np.uint8)
    pixels = read_square(saved(Image.fromarray(tensorboard), "PNG"), 8, 1)
    assert np.abs(pixels.astype(int) - 127).max() <= 6


def test_exif_orientation_is_honoured():
    image = Image.fromarray(np.array([[0] * 8 + [255] * 8] * 16, np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6  # Turn by 90 degrees, clockwise: the left side comes up.
    pixels = read_square(saved(image, "PNG", exif=exif), 16, 1)
    assert (pixels[:8] == 0).all() and (pixels[8:] == 255).all()


@pytest.mark.skipif(not features.check("avif"), reason="Pillow has no AVIF here")
def test_a_turned_avif_has_the_sides_that_it_shows():
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = saved(Image.new("RGB", (32, 16)), "AVIF", exif=exif)
    header = read_header(stream)
    whole, _ = read_whole(stream)
    assert header.size == Size(32, 16) == Size(*whole.shape[:2])


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_exif_that_cannot_be_read_is_no_damage(kind):
    stream = saved(Image.new("L", (8, 8), 100).convert("RGB"), kind, exif=b"no TIFF")
    assert read_header(stream).size == Size(8, 8)
    assert abs(int(read_square(stream, 8, 1).mean()) - 100) <= 1
    assert read_whole(stream)[0].shape == (8, 8, 3)


def test_first_frame_of_an_animation():
    frames = [Image.new("L", (8, 8), value) for value in (30, 200)]
    for kind in ("GIF", "PNG"):
        stream = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        assert (read_square(stream, 8, 1) == 30).all()


def test_large_jpeg_is_decoded_at_a_fraction_but_looks_the_same():
    ramp = np.tile(np.linspace(0, 255, 800).astype(np.uint8), (800, 1))
    pixels = read_square(saved(Image.fromarray(ramp), "JPEG"), 16, 1)
    expected = np.asarray(Image.fromarray(ramp).resize((16, 16), Image.Resampling.BOX))
    assert np.abs(pixels[..., 0].astype(int) - expected).max() <= 6


def announcing(width, height):
    """A small PNG whose header announces a size of its own."""

    def chunk(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunks)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [8_001, 12_000, 60_000])
def test_gigantic_image_is_refused_by_its_header(side):
    with pytest.raises(UnusablePicture, match="larger than 64 megapixels"):
        read_header(announcing(side, side))
    with pytest.raises(UnusablePicture, match="larger than 64 megapixels"):
        read_square(announcing(side, side), 8, 1)


def test_truncated_file_is_refused():
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    for kind in ("PNG", "JPEG", "BMP", "GIF"):
        data = saved(Image.fromarray(noise), kind).getvalue()
        with pytest.raises(UnusablePicture, match="truncated"):
            read_square(io.BytesIO(data[: len(data) // 2]), 8, 3)


def test_other_content_is_refused(tmp_path):
    for number, content in enumerate((b"hello", b"%!PS-Adobe-3.0 EPSF-3.0\n")):
        file = tmp_path / f"{number}.png"
        file.write_bytes(content)
        with pytest.raises(UnusablePicture, match="not an image"):
            read_header(file)
    # Pillow knows this kind, but its decoders need not see foreign files.
    with pytest.raises(UnusablePicture, match="not an image"):
        read_header(saved(Image.new("L", (8, 8)), "PPM"))
    (tmp_path / "empty.png").touch()
    with pytest.raises(UnusablePicture, match="empty"):
        read_header(tmp_path / "empty.png")


def test_heic_with_its_extra(tmp_path):
    pytest.importorskip("pillow_heif", reason="needs the extra heic")
    assert "HEIF" in formats.readable()  # which has Pillow know it
    Image.new("RGB", (9, 8), (200, 100, 50)).save(tmp_path / "a.HEIC", quality=95)
    assert read_header(tmp_path / "a.HEIC") == (9, 8, False, False, False)
    pixels = read_square(tmp_path / "a.HEIC", 8, 3)
    assert np.abs(pixels.astype(int) - (200, 100, 50)).max() <= 3


def test_heic_without_its_extra(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "readable", lambda: ("PNG", "JPEG"))
    (tmp_path / "a.HEIC").write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 50)
    with pytest.raises(
        UnusablePicture, match=r"unreadable without pip .* 'kgan.heic.'"
    ):
        read_header(tmp_path / "a.HEIC")
    assert (
        formats.unread(".heic")
        == "of suffix .heic, which needs pip install 'kgan[heic]'"
    )


@pytest.mark.parametrize("side", [4, 8, 16])
def test_photographs_that_are_decoded_at_a_fraction_look_the_same(side):
    folder = Path(os.environ.get("KGAN_TEST_DATA", "")) / "clothing" / "train"
    if not os.environ.get("KGAN_TEST_DATA") or not folder.is_dir():
        pytest.skip("$KGAN_TEST_DATA names no folder with clothing/")
    transform, errors, factors = Transform(Size(side, side), 3), [], set()
    for file in sorted(folder.rglob("*.jpg"))[::50]:
        with Image.open(file) as image:
            factors.add(picture._shrink(image, transform))
        with Image.open(file) as image:
            whole = image.convert("RGB")
        lossless = saved(whole, "BMP")
        away = picture.read_picture(file, transform).astype(int)
        errors.append(np.abs(away - picture.read_picture(lossless, transform)).mean())
    assert max(factors) > 1 and np.mean(errors) <= 1
