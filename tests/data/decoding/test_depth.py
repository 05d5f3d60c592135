"""Pictures with more than 8 bits a channel keep them, in every file that holds them."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from kgan.data.decoding import picture
from kgan.data.decoding.opening import UnusablePicture
from kgan.data.decoding.picture import Transform
from kgan.sizes import Size

SIDE, TWELVE_BITS = 20, (0, 4095)


def png(values, transparent=()):
    """A PNG of 16 bits, of values (H, W, C): C is 1 grey, 2 with alpha, 3, or 4."""
    height, width, channels = values.shape

    def chunk(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    chunks = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0))
    if transparent:
        chunks += chunk(b"tRNS", struct.pack(f">{len(transparent)}H", *transparent))
    chunks += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunks)


def tiff(values, order, alpha=False):
    """An uncompressed TIFF of 16-bit colours in the order of bytes "<" or ">"."""
    height, width, channels = values.shape
    data = values.astype(f"{order}u2").tobytes()
    where = 8 + len(data)
    bits = where + 2 + 12 * (10 + alpha) + 4
    tags = [
        *((256, 3, 1, width), (257, 3, 1, height), (258, 3, channels, bits)),
        *((259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 8), (277, 3, 1, channels)),
        *((278, 4, 1, height), (279, 4, 1, len(data)), (284, 3, 1, 1)),
        *(((338, 3, 1, 2),) if alpha else ()),
    ]
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", where)
    entries = b"".join(
        struct.pack(f"{order}HHI", tag, kind, count)
        + struct.pack(f"{order}{'HH' if kind == 3 and count == 1 else 'I'}", *number)
        for tag, kind, count, value in tags
        for number in [(value, 0) if kind == 3 and count == 1 else (value,)]
    )
    ifd = struct.pack(f"{order}H", len(tags)) + entries + struct.pack(f"{order}I", 0)
    return io.BytesIO(
        head + data + ifd + struct.pack(f"{order}{channels}H", *[16] * channels)
    )


def noise(channels, top=4096):
    shape = (SIDE, SIDE, channels)
    return np.random.default_rng(channels).integers(0, top, shape).astype(np.uint16)


def expected(values, levels=TWELVE_BITS):
    scaled = (values.astype(float) - levels[0]) * 255 / (levels[1] - levels[0])
    return np.floor(scaled + 0.5).clip(0, 255)


def square(stream, channels, levels=TWELVE_BITS):
    return picture.read_picture(
        stream, Transform(Size(SIDE, SIDE), channels, levels=levels)
    )


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_colours_of_twelve_bits(kind, order):
    values = noise(3)
    stream = png(values) if kind == "png" else tiff(values, order)
    header = picture.read_header(stream)
    assert header.deep and not header.grey
    assert picture.read_span(stream) == (values.min(), values.max())
    np.testing.assert_array_equal(square(stream, 3), expected(values))


@pytest.mark.parametrize(
    ("mode", "dtype", "compression"),
    [
        ("I;16", np.uint16, None),
        ("I;16", np.uint16, "tiff_lzw"),
        ("I", np.int32, None),
        ("F", np.float32, "tiff_deflate"),
    ],
)
def test_grey_numbers_of_every_type_in_tiff(mode, dtype, compression):
    values, stream = noise(1), io.BytesIO()
    image = Image.fromarray(values[..., 0].astype(dtype))
    assert image.mode == mode
    image.save(stream, "TIFF", compression=compression)
    header = picture.read_header(stream)
    assert header.deep and header.grey
    assert picture.read_span(stream) == (values.min(), values.max())
    np.testing.assert_array_equal(square(stream, 1), expected(values))


@pytest.mark.parametrize("levels", [None, (0, 65535)])
def test_white_is_zero_where_the_file_says_so(levels):
    """As of 8 bits, where Pillow does it."""
    values = np.array([[0, 257 * 93, 65535, 65535]] * 4, np.uint16)
    stream = io.BytesIO()
    Image.fromarray(values).save(stream, "TIFF", tiffinfo={262: 0})
    pixels = picture.read_picture(stream, Transform(Size(4, 4), 1, levels=levels))
    assert pixels[0, :, 0].tolist() == [255, 162, 0, 0]


def test_sixteen_bits_without_levels_are_all_of_them():
    values = np.array([[0, 300, 257 * 93, 65535]] * 4, np.uint16)[..., None]
    pixels = picture.read_picture(png(values), Transform(Size(4, 4), 1))
    assert pixels[0, :, 0].tolist() == [0, 1, 93, 255]


def test_values_outside_of_the_levels_are_clipped():
    values = np.array([[0, 1000, 2000, 9000]] * 4, np.uint16)[..., None]
    transform = Transform(Size(4, 4), 1, levels=(1000, 3000))
    pixels = picture.read_picture(png(values), transform)
    assert pixels[0, :, 0].tolist() == [0, 0, 128, 255]


def test_grey_with_alpha_is_grey():
    values = noise(2)
    values[..., 1] = 65535
    values[0, :5, 1] = 0
    assert picture.read_header(png(values)).grey
    pixels = square(png(values), 1)[..., 0]
    assert (pixels[0, :5] == 255).all(), "what is transparent is white"
    np.testing.assert_array_equal(pixels[1:], expected(values[1:, :, 0]))


@pytest.mark.parametrize(
    "stream", [png, lambda v: tiff(v, "<", True)], ids=["png", "tiff"]
)
def test_colours_with_alpha(stream):
    values = noise(4)
    values[..., 3] = 65535
    values[3:5, :, 3] = 0
    values[3, :, :3] = 50_000  # of what is not seen
    assert picture.read_span(stream(values))[1] < 4096
    pixels = square(stream(values), 3)
    assert (pixels[3:5] == 255).all()
    np.testing.assert_array_equal(pixels[5:], expected(values[5:, :, :3]))
    _, alpha = picture.read_whole(stream(values), TWELVE_BITS)
    assert (alpha == np.where(values[..., 3] > 0, 255, 0)).all()


@pytest.mark.parametrize("channels", [1, 3])
def test_a_value_that_means_transparent_is_white(channels):
    values = noise(channels)
    values[2] = 7777
    stream = png(values, (7777,) * channels)
    pixels = square(stream, 3)
    assert (pixels[2] == 255).all() and (pixels[3:] != 255).any()
    assert picture.read_span(stream)[1] < 4096


def test_what_is_no_number_is_black_and_not_part_of_the_range():
    values, stream = noise(1)[..., 0].astype(np.float32), io.BytesIO()
    values[0, :3] = np.nan, np.inf, -np.inf
    Image.fromarray(values).save(stream, "TIFF")
    assert picture.read_span(stream) == (values[1:].min(), values[1:].max())
    assert square(stream, 1)[0, :3, 0].tolist() == [0, 255, 0]


def test_a_turned_picture_is_turned():
    values = np.zeros((16, 16, 1), np.uint16)
    values[:, :8] = 4095
    image, stream, exif = Image.fromarray(values[..., 0]), io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    image.save(stream, "PNG", exif=exif)
    pixels = picture.read_picture(
        stream, Transform(Size(16, 16), 1, levels=TWELVE_BITS)
    )
    assert (pixels[:8] == 255).all() and (pixels[8:] == 0).all()


def test_a_cut_off_picture_is_refused():
    data = png(noise(3, 65536)).getvalue()
    with pytest.raises(UnusablePicture, match="truncated"):
        square(io.BytesIO(data[: len(data) // 2]), 3)
