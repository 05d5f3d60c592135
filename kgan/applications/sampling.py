"""Samples from a trained generator, as one asks for them on the command line."""

import numpy as np
import tensorflow as tf

from kgan.errors import UserError
from kgan.files import replacing, replacing_folder
from kgan.pictures import save_png, tile
from kgan.randomness import split

AT_ONCE = 500  # images in one pass through G


def choose(game, latent, label=None, code=None):
    """`latent` with the label or the code that the user asked for.

    Args:
        label: one integer, for a conditional game.
        code: numbers, for an InfoGAN: a category for each categorical code, then
            a value for each continuous one; codes left out stay as drawn.

    Raises:
        UserError: the game has no such thing, or it is out of range.
    """
    if label is not None:
        latent = _with_label(game, latent, label)
    if code is not None:
        latent = _with_code(game, latent, code)
    return latent


def between(first, second, steps):
    """Points on the great circle from `first` to `second`, (n, d) each.

    Gaussian vectors lie near a sphere, and so do these points; a straight line
    would pass through its middle, which G has never seen (White 2016).

    Returns: (n * steps, d), the steps of one pair side by side.
    """
    share = tf.linspace(0.0, 1.0, steps)[None, :, None]
    a, b = first[:, None], second[:, None]
    unit_a, unit_b = tf.math.l2_normalize(a, -1), tf.math.l2_normalize(b, -1)
    cosine = tf.reduce_sum(unit_a * unit_b, -1, keepdims=True)
    angle = tf.acos(tf.clip_by_value(cosine, -1.0 + 1e-6, 1.0 - 1e-6))
    points = tf.sin((1.0 - share) * angle) * a + tf.sin(share * angle) * b
    return tf.reshape(points / tf.sin(angle), (-1, first.shape[-1]))


def interpolate(game, pairs, steps, seed):
    """Latents of `pairs` rows; each goes from one sample to another in `steps`.

    All of z moves, a code at its end too; a label stays that of the row's first.
    """
    one, two = split(seed, 2)
    first, second = game.latents(pairs, one), game.latents(pairs, two)
    z = between(first["z"], second["z"], steps)
    rest = {name: tf.repeat(value, steps, 0) for name, value in first.items()}
    return rest | {"z": z}


def draw(game, latent):
    """uint8 images (n, H, W, C), as a NumPy array, some hundreds at a time."""
    n = len(latent["z"])
    parts = [
        game.images({k: v[i : i + AT_ONCE] for k, v in latent.items()})
        for i in range(0, n, AT_ONCE)
    ]
    return np.concatenate(parts)


def write(game, latent, columns, path):
    """Draws, and writes by the suffix of `path`; returns what was written.

    .png: one grid with `columns` columns. .npz: "images", uint8, and what they
    were drawn from. No suffix: a folder with a PNG for each.
    """
    images = draw(game, latent)
    if path.suffix not in (".png", ".npz", ""):
        raise UserError(f"--out={path}: a .png, a .npz or a folder without suffix")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".npz":
        with replacing(path) as temporary:
            np.savez_compressed(
                temporary,
                images=images,
                **{k: np.asarray(v) for k, v in latent.items()},
            )
    elif path.suffix == ".png":
        save_png(path, tile(images, -(-len(images) // columns), columns))
    else:
        if path.exists() and not _only_samples(path):
            raise UserError(f"--out={path}: holds other files; choose a new folder")
        with replacing_folder(path) as temporary:
            for i, image in enumerate(images):
                save_png(temporary / f"{i:05d}.png", image)
    return path


def _only_samples(folder):
    return folder.is_dir() and all(
        file.suffix == ".png" and file.stem.isdigit() for file in folder.iterdir()
    )


def _with_label(game, latent, label):
    if "label" not in latent:
        raise UserError(
            f"--label={label}: this generator knows no labels; train --variant=cgan"
        )
    if not 0 <= label < game.classes:
        raise UserError(f"--label={label}: there are labels 0 to {game.classes - 1}")
    return latent | {"label": tf.fill(latent["label"].shape, label)}


def _with_code(game, latent, code):
    if not hasattr(game, "decode"):
        raise UserError("--code: this generator has no code; train --variant=infogan")
    noise, categories, continuous = game.decode(latent["z"])
    sizes = game.categories
    given = code[: len(sizes)]
    if len(code) > len(sizes) + game.continuous:
        raise UserError(
            f"--code={','.join(map(str, code))}: the code has {len(sizes)} categories "
            f"and {game.continuous} continuous values"
        )
    for value, size in zip(given, sizes, strict=False):
        if value not in range(size):
            raise UserError(f"--code={value:g}: a category from 0 to {size - 1}")
    n = len(noise)
    found = [tf.argmax(hot, -1, tf.int32) for hot in categories]
    found[: len(given)] = [tf.fill((n,), int(value)) for value in given]
    values = tf.constant(code[len(sizes) :], tf.float32, (len(code[len(sizes) :]),))
    fixed = tf.tile(values[None], (n, 1))
    rest = continuous[:, len(values) :]
    return {"z": game.encode(noise, found, tf.concat([fixed, rest], -1))}
