"""Translation of pictures of any size, by a generator trained on one size."""

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf
from PIL import Image

from kgan.controls import Input
from kgan.data.decoding import fitting
from kgan.errors import UserError
from kgan.sizes import Size
from kgan.typing import PathLike, Tensor

if TYPE_CHECKING:
    from kgan.game import Game

BATCH = 16  # tiles in one pass through G


class Way:
    """One direction of a trained translation: uint8 tiles in, uint8 tiles out.

    Args:
        function: translates a batch of tiles, uint8 (n, H, W, C).
        shape: of a tile, (H, W, C).
        fit: of `kgan.sizes.FITS`, what became of images of another shape in training.
        model: owns the variables that `function` uses, if nothing else does.

    Attributes:
        size: of a tile, a `Size`.
        channels: of a tile.
        fit: as given.
    """

    def __init__(
        self,
        function: Callable[[Tensor], Tensor],
        shape: tuple[int, ...],
        fit: str = "crop",
        model: Any = None,
    ) -> None:
        *size, self.channels = shape
        self.size, self.fit = Size(*size), fit
        self._function = function
        self._model = model  # whose variables would else be gone

    def __call__(self, tiles: np.ndarray) -> np.ndarray:
        parts = [
            np.asarray(self._function(tf.constant(tiles[i : i + BATCH])))
            for i in range(0, len(tiles), BATCH)
        ]
        return np.concatenate(parts)


def way_of_game(game: "Game", back: bool, name: str, fit: str = "crop") -> Way:
    """Returns the `Way` from the source to the target, or back, of a trained game.

    Args:
        game: a translation, such as a `Pix2Pix` or a `CycleGAN`.
        back: whether from the target to the source.
        name: what the user called the run, for the message.
        fit: of the run's configuration.

    Raises:
        UserError: there is no way back.
    """
    ways = [control for control in game.controls() if isinstance(control, Input)]
    if back and len(ways) < 2:
        raise _no_way_back(name)
    way = ways[1 if back else 0]
    return Way(
        lambda images: game.generate_checked(0, 0, **{way.name: images}),
        way.field.shape,
        fit,
    )


def way_of_export(path: PathLike, back: bool, fit: str = "crop") -> Way:
    """Returns a `Way` of an exported SavedModel, which is a program: loading runs it.

    Raises:
        UserError: there is none, or it does not translate images.
    """
    try:
        model = tf.saved_model.load(str(path))
        serving = model.signatures["serving_default"]
    except (OSError, ValueError, KeyError, tf.errors.OpError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"saved_model={path}", f"no SavedModel ({reason})") from error
    _, inputs = serving.structured_input_signature
    if back and "to_x" not in model.signatures:
        raise _no_way_back(f"saved_model={path}")
    if list(inputs) != ["images"] or inputs["images"].dtype != tf.uint8:
        raise UserError(
            f"saved_model={path}",
            f"takes {', '.join(inputs)}; not a translation of images that kgan exported",
        )
    signature = model.signatures["to_x"] if back else serving
    shape = signature.structured_input_signature[1]["images"].shape[1:]
    return Way(lambda images: signature(images=images)["images"], shape, fit, model)


def translate(way: Way, pixels: np.ndarray, tiles: bool = False) -> np.ndarray:
    """Translates a picture; the result has the same size.

    It is brought to the scale of training, translated, and brought back to its own size.
    Where images were cropped in training, this is the scale in which it just covers a
    tile; it is covered with tiles that overlap by half, and each fades out towards its
    border, so no seam is left. Where they were padded or stretched, all of the picture
    becomes one tile, as in training.

    Args:
        way: a `Way`.
        pixels: uint8 (H, W, 1 or 3).
        tiles: keep the picture at its own scale; one smaller than a tile is padded with
            its mirror image.

    Returns: uint8 (H, W, 1 or 3).
    """
    pixels = _with_channels(pixels, way.channels)
    size = Size(*pixels.shape[:2])
    if tiles:
        missing = [max(0, side - n) for n, side in zip(size, way.size, strict=True)]
        padding = [*((0, more) for more in missing), (0, 0)]
        padded = np.pad(pixels, padding, "symmetric")
        return _blended(way, padded)[: size.height, : size.width]
    if way.fit != "crop":
        return _resized(_whole(way, pixels), size)
    factor = max(side / n for n, side in zip(size, way.size, strict=True))
    scaled = [
        max(side, round(n * factor)) for n, side in zip(size, way.size, strict=True)
    ]
    return _resized(_blended(way, _resized(pixels, scaled)), size)


def _whole(way, pixels):
    """The translation of one tile that shows all of the picture."""
    _, filled = fitting.boxes(Size(*pixels.shape[:2]), way.size, way.fit)
    tile = fitting.barred(_resized(pixels, filled.size), filled, way.size)
    return way(tile[None])[0][filled.slices]


def _blended(way, pixels):
    size, starts = Size(*pixels.shape[:2]), map(_starts, pixels.shape, way.size)
    places = [
        fitting.Box.at(top, left, way.size).slices
        for top, left in itertools.product(*starts)
    ]
    made = way(np.stack([pixels[place] for place in places]))
    share = np.outer(*map(_ramp, way.size))[..., None]
    total = np.zeros((*size, made.shape[-1]), np.float32)
    shares = np.zeros((*size, 1), np.float32)
    for place, tile in zip(places, made, strict=True):
        total[place] += share * tile
        shares[place] += share
    return np.rint(total / shares).astype(np.uint8)


def _ramp(side):
    """Weights along a side of a tile, which fade out towards its ends."""
    return np.minimum(np.arange(1, side + 1), np.arange(side, 0, -1)).astype(np.float32)


def _starts(length, side):
    """Starts of tiles that cover `length` and overlap by half a side at least."""
    count = 1 + -(-2 * (length - side) // side)
    return np.linspace(0, length - side, count).round().astype(int)


def _resized(pixels, size):
    height, width = size
    if pixels.shape[:2] == (height, width):
        return pixels
    picture = Image.fromarray(pixels.squeeze(-1) if pixels.shape[-1] == 1 else pixels)
    resized = picture.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(resized).reshape(height, width, -1)


def _with_channels(pixels, channels):
    if pixels.shape[-1] == channels:
        return pixels
    if channels == 3:
        return pixels.repeat(3, -1)
    return np.asarray(Image.fromarray(pixels).convert("L"))[..., None]


def _no_way_back(name):
    return UserError(
        "direction",
        f"{name} has no way back",
        "train cyclegan, discogan or dualgan, or train it the other way",
    )
