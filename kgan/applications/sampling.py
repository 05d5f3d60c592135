"""Sampling from a trained generator: in batches, along a path, into files."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from kgan.data.kinds.kind import titles_of
from kgan.errors import UserError
from kgan.files import replacing, replacing_folder, write_text
from kgan.pictures import save_png
from kgan.randomness import split
from kgan.typing import Seed, Tensor, Tensors

if TYPE_CHECKING:
    from kgan.models import GAN, StackGAN

BATCH = 500  # samples in one pass through G
OURS = ".kgan-samples"  # lies in a folder of samples, which others may replace


def between(first: Tensor, second: Tensor, steps: int) -> Tensor:
    """Returns points on the great circle from `first` to `second`, (n, d) each.

    Gaussian vectors lie near a sphere, and so do these points; a straight line
    would pass through its middle, which G has never seen (White 2016).

    Returns: (n * steps, d), the steps of one pair after each other.
    """
    share = tf.linspace(0.0, 1.0, steps)[None, :, None]
    a, b = first[:, None], second[:, None]
    unit_a, unit_b = tf.math.l2_normalize(a, -1), tf.math.l2_normalize(b, -1)
    cosine = tf.reduce_sum(unit_a * unit_b, -1, keepdims=True)
    angle = tf.acos(tf.clip_by_value(cosine, -1.0 + 1e-6, 1.0 - 1e-6))
    points = tf.sin((1.0 - share) * angle) * a + tf.sin(share * angle) * b
    return tf.reshape(points / tf.sin(angle), (-1, first.shape[-1]))


def interpolate(
    game: "GAN", pairs: int, steps: int, seed: Seed, **controls: Any
) -> Tensors:
    """Returns latents of `pairs` rows; each goes from one sample to another in `steps`.

    All of z changes, also a code at its end unless `controls` fix it. The label of a row
    is that of its first sample.

    Raises:
        UserError: z is no vector.
    """
    if len(game.generator.input["z"].shape) > 2:
        raise UserError(
            "interpolate", "this generator draws from other noise at each position"
        )
    one, two = split(seed, 2)
    first, second = (game.latents(pairs, key, **controls) for key in (one, two))
    z = between(first["z"], second["z"], steps)
    rest = {name: tf.repeat(value, steps, 0) for name, value in first.items()}
    return rest | {"z": z}


def draw(game: "GAN", latent: Tensors) -> np.ndarray:
    """Generates samples as they are stored, a NumPy array (n, ...), in batches."""
    return np.concatenate([samples for samples, _ in batches(game, latent)])


def batches(game: "GAN", latent: Tensors) -> Iterator[tuple[np.ndarray, Tensors]]:
    """Yields (samples as they are stored, their latents), some hundreds at a time."""
    for start in range(0, len(latent["z"]), BATCH):
        part = {name: value[start : start + BATCH] for name, value in latent.items()}
        yield np.asarray(game.samples(part)), part


def between_texts(
    game: "StackGAN",
    n: int,
    steps: int,
    seed: Seed,
    first: dict[str, Any],
    second: dict[str, Any],
) -> tuple[np.ndarray, Tensors]:
    """Generates rows of samples on the way from one caption to another.

    Args:
        game: a game of pictures and captions.
        n: samples, in rows of `steps`; one row at least.
        steps: samples of a row.
        seed: of z, which is the same along a row.
        first: the controls at the beginning of a row, with a "caption".
        second: the "caption" at its end.

    Returns:
        The samples as they are stored, row by row, and the captions at both ends.
    """
    rows = max(1, n // steps)
    one = game.latents(rows, seed, **first)
    two = game.latents(rows, seed, **(first | second))
    start, end = one["caption"][:1], two["caption"][:1]
    made = np.asarray(game.between(start, end, steps, one["z"]))
    near = tf.where(tf.range(steps)[:, None] < -(-steps // 2), start, end)
    return made, {"caption": tf.tile(near, (rows, 1))}


def write(
    game: "GAN", latent: Tensors, columns: int, path: Path, titles: Sequence[str] = ()
) -> Path:
    """Generates samples and writes them: `write_samples` of the samples of `latent`."""
    return write_samples(game, draw(game, latent), latent, columns, path, titles)


def write_samples(
    game: "GAN",
    samples: np.ndarray,
    latent: Tensors,
    columns: int,
    path: Path,
    titles: Sequence[str] = (),
) -> Path:
    """Writes samples; the suffix of `path` chooses the format.

    .png: one picture with `columns` columns; .txt, of text: a line each. .npz: the samples
    under the plural of their kind, such as "images", and their latents. No suffix, or an
    empty folder that is there: a folder with a file for each. It replaces earlier samples.

    Args:
        game: whose samples they are.
        samples: as they are stored, (n, ...).
        latent: what they were drawn from.
        columns: of a picture.
        path: to write.
        titles: what stands below each in a picture; without any, what `latent` says.

    Returns: the path that was written.
    """
    kind = game.real_field.kind
    suffix = "" if path.is_dir() else path.suffix
    if suffix not in (kind.together, ".npz", ""):
        told = f"a {kind.together}, a .npz or a folder without suffix"
        raise UserError(f"out={path}", told)
    path.parent.mkdir(parents=True, exist_ok=True)
    if suffix == ".npz":
        drawn_from = latent | game.control_values(latent)
        held = {name: _array(value) for name, value in drawn_from.items()}
        arrays: Any = {kind.plural: samples} | held
        with replacing(path) as temporary:
            np.savez_compressed(temporary, **arrays)
    elif kind.text(samples[:1]) and suffix:
        write_text(path, kind.text(samples))
    elif suffix:
        titles = list(titles) or titles_of(game.fields, latent)
        _write_picture(kind, samples, columns, path, titles)
    else:
        if path.exists() and not _may_be_replaced(path, kind):
            raise UserError(f"out={path}", "holds other files", "choose a new folder")
        with replacing_folder(path) as temporary:
            (temporary / OURS).touch()
            for number, sample in enumerate(samples):
                kind.write(temporary / f"{number:05d}{kind.suffix}", sample)
    return path


def _array(values):
    """Values as an array that NumPy stores without a program in it."""
    array = np.asarray(values)
    return np.char.decode(array.astype("S")) if array.dtype == object else array


def _write_picture(kind, samples, columns, path, titles):
    picture = kind.picture(samples, columns, titles=titles)
    if picture is None:
        raise UserError(
            f"out={path}", f"{kind.plural} have no picture", "write a .npz or a folder"
        )
    save_png(path, picture)


def _may_be_replaced(folder, kind):
    """Whether a folder is empty, or holds samples that were written here and no more."""
    if not folder.is_dir():
        return False
    there = {file for file in folder.iterdir() if file.name != OURS}
    suffixes = kind.suffixes or (kind.suffix,)
    numbered = all(one.suffix in suffixes and one.stem.isdigit() for one in there)
    return not there or ((folder / OURS).exists() and numbered)
