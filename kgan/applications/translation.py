"""Translation of pictures of any size, by a generator trained on one size."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf
from PIL import Image

from kgan.controls import Input
from kgan.errors import UserError
from kgan.typing import PathLike, Tensor

if TYPE_CHECKING:
    from kgan.game import Game

BATCH = 16  # tiles in one pass through G


class Way:
    """One direction of a trained translation: uint8 tiles in, uint8 tiles out.

    Args:
        function: translates a batch of tiles.
        shape: of a tile, (side, side, channels).
        model: owns the variables that `function` uses, if nothing else does.

    Attributes:
        side, channels: of a tile, (n, side, side, channels).
    """

    def __init__(
        self,
        function: Callable[[Tensor], Tensor],
        shape: tuple[int, ...],
        model: Any = None,
    ) -> None:
        self.side, _, self.channels = shape
        self._function = function
        self._model = model  # whose variables would else be gone

    def __call__(self, tiles: np.ndarray) -> np.ndarray:
        parts = [
            np.asarray(self._function(tf.constant(tiles[i : i + BATCH])))
            for i in range(0, len(tiles), BATCH)
        ]
        return np.concatenate(parts)


def way_of_game(game: "Game", back: bool, name: str) -> Way:
    """Returns the `Way` from the source to the target, or back, of a trained game.

    Args:
        game: a translation, such as a `Pix2Pix` or a `CycleGAN`.
        back: whether from the target to the source.
        name: what the user called the run, for the message.

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
    )


def way_of_export(path: PathLike, back: bool) -> Way:
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
    return Way(lambda images: signature(images=images)["images"], shape, model)


def translate(way: Way, pixels: np.ndarray, tiles: bool = False) -> np.ndarray:
    """Translates a picture; the result has the same size.

    It is brought to the scale of training, in which the shorter side is that of a
    tile, covered with tiles that overlap by half, and brought back to its own size.
    Where tiles overlap, each fades out towards its border, so no seam is left.

    Args:
        way: a `Way`.
        pixels: uint8 (H, W, 1 or 3).
        tiles: keep the picture at its own scale; one smaller than a tile is padded with
            its mirror image.

    Returns: uint8 (H, W, 1 or 3).
    """
    pixels = _with_channels(pixels, way.channels)
    height, width, _ = pixels.shape
    if tiles:
        missing = [(0, max(0, way.side - length)) for length in (height, width)]
        padded = np.pad(pixels, [*missing, (0, 0)], "symmetric")
        return _blended(way, padded)[:height, :width]
    shorter = min(height, width)
    scaled = [max(way.side, round(n * way.side / shorter)) for n in (height, width)]
    return _resized(_blended(way, _resized(pixels, *scaled)), height, width)


def _blended(way, pixels):
    height, width, _ = pixels.shape
    side = way.side
    corners = [(t, l) for t in _starts(height, side) for l in _starts(width, side)]
    made = way(np.stack([pixels[t : t + side, l : l + side] for t, l in corners]))
    ramp = np.minimum(np.arange(1, side + 1), np.arange(side, 0, -1)).astype(np.float32)
    share = np.outer(ramp, ramp)[..., None]
    total = np.zeros((height, width, made.shape[-1]), np.float32)
    shares = np.zeros((height, width, 1), np.float32)
    for (t, l), tile in zip(corners, made, strict=True):
        total[t : t + side, l : l + side] += share * tile
        shares[t : t + side, l : l + side] += share
    return np.rint(total / shares).astype(np.uint8)


def _starts(length, side):
    """Starts of tiles that cover `length` and overlap by half a side at least."""
    count = 1 + -(-2 * (length - side) // side)
    return np.linspace(0, length - side, count).round().astype(int)


def _resized(pixels, height, width):
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
