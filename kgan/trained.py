"""The functions for Python users of a trained run, such as `kgan.invert`."""

from typing import Any

import numpy as np

from kgan import variants
from kgan.applications import augmentation, defence, editing, finding
from kgan.applications import inversion as inverting
from kgan.applications.defence import Defended
from kgan.applications.directions import Directions
from kgan.applications.encoding import load_encoder
from kgan.applications.inversion import Inversion, check, check_game
from kgan.training.inputs import load_again
from kgan.training.restore import restore
from kgan.typing import PathLike


def augment_dataset(
    workdir: PathLike, out: PathLike, n: int = 10, **settings: Any
) -> dict[str, Any]:
    """Writes a folder of labelled generated images, which can be trained on.

    The folder has a subfolder for each class, and `manifest.json`, which says that all
    of it is generated. Images that are copies of training images are left out.

    Args:
        workdir: of a run whose game draws classes, such as one of the variant "cgan".
        out: the folder, which must not be there yet, or be empty.
        n: images of each class.
        settings: of `kgan.applications.augmentation.augment_run`: `counts`, `memorised`,
            `confidence`, `dataset`, `seed`, `cache`, `log`.

    Returns:
        What the manifest holds.

    Raises:
        UserError: the run draws no classes, something is in `out`, or too few images
            are new. Nothing is written.

    Example:
        kgan.train("cgan", workdir="runs/cgan-digits", epochs=50)
        kgan.augment_dataset("runs/cgan-digits", "more", n=5, memorised=0)
    """
    game, record = restore(workdir, variants.load)
    return augmentation.augment_run(game, record, out, n, **settings)


def invert(
    workdir: PathLike, images: Any, method: str | None = None, **settings: Any
) -> Inversion:
    """Finds the latents, and the labels or codes, of pictures that G makes most like.

    Args:
        workdir: of a run whose game makes images from noise.
        images: uint8 (n, H, W, C), of the shape that the run makes.
        method: "optimise" descends the error; "encoder" takes what the encoder of the
            run reads off, which `bin/invert_image --train_encoder` makes; "both" starts
            the descent there. By default "both" where the run has an encoder.
        settings: of `kgan.applications.inversion.invert`: `steps`, `restarts`, `seed`.

    Returns:
        The `kgan.applications.inversion.Inversion`: `latent`, `images`, `psnr` and
        `controls`.

    Raises:
        UserError: images of another shape, or a run that cannot be inverted.

    Example:
        digits = np.zeros((2, 8, 8, 1), "uint8")
        found = kgan.invert("runs/infogan-digits", digits, steps=2)
        found.psnr, found.controls["category"]  # two numbers each
    """
    game, _ = restore(workdir, variants.load)
    check_game(game)
    encoder = load_encoder(game, workdir) if method != "optimise" else None
    method = method or ("both" if encoder else "optimise")
    return inverting.invert(game, np.asarray(images), method, encoder, **settings)


def find_directions(
    workdir: PathLike, method: str = "sefa", **settings: Any
) -> Directions:
    """Finds directions of z along which what G draws changes in one respect.

    Args:
        workdir: of a run whose game makes images from noise.
        method: "svm" finds one for each option of attributes of the run's data; "sefa"
            those that move G's first layer most; "pca" those in which its first
            activations vary most.
        settings: of `kgan.applications.finding.find`: `attributes`, `count`,
            `samples`, `dataset`, `seed`, `cache`, `log`.

    Returns:
        The `kgan.applications.directions.Directions`; nothing is written.

    Raises:
        UserError: the run cannot be edited, or its data have no such attribute.

    Example:
        found = kgan.find_directions("runs/infogan-digits", count=3)
        found["sefa-1"].shape  # (74,), of length 1
    """
    game, record = restore(workdir, variants.load)
    return finding.find(game, record, method, **settings)


def edit(
    workdir: PathLike,
    images: Any,
    attribute: str,
    directions: Directions | None = None,
    **settings: Any,
) -> np.ndarray:
    """Changes pictures in one respect.

    A run that changes attributes, such as one of the variant "attgan", does it itself. For
    others the code of a picture is found, and moved along a direction.

    Args:
        workdir: of the run.
        images: uint8 (n, H, W, C), of the shape that the run makes.
        attribute: such as "mouth=smirk"; for a run that draws from noise the name of a
            direction.
        directions: what `kgan.find_directions` found for this run; by default those that
            bin/find_directions left in its workdir.
        settings: for a run that draws from noise, of `kgan.applications.editing.edit`:
            `strength`, `keep`, `anew`, `steps`, `seed`.

    Returns:
        uint8 (n, H, W, C).

    Raises:
        UserError: images of another shape, or an unknown attribute or direction.

    Example:
        found = kgan.find_directions("runs/infogan-digits", count=3)
        digits = np.zeros((2, 8, 8, 1), "uint8")
        edited = kgan.edit("runs/infogan-digits", digits, "sefa-1", found, steps=2)
    """
    game, _ = restore(workdir, variants.load)
    editor = editing.editor_of(game, workdir, directions)
    return editor(np.asarray(images), attribute, **settings)[0]


def defend(
    workdir: PathLike,
    images: Any,
    classifier: Any = None,
    *,
    pixels: tuple[float, float] = (0.0, 1.0),
    restarts: int = 10,
    steps: int = 200,
    seed: int = 0,
) -> Defended:
    """Purifies pictures with the generator of a run, and asks a classifier for them.

    That is Defense-GAN: what the generator cannot make, such as a perturbation, is lost.
    An attacker who knows it gets past it; docs/howto/defence.md has the numbers.

    Args:
        workdir: of a run whose game makes images from noise.
        images: uint8 (n, H, W, C), of the shape that the run makes.
        classifier: a Keras network that gives logits; the folder of a SavedModel, which
            is a program; or None for one that learns the data of the run.
        pixels: the two values that the classifier takes for black and white.
        restarts: the codes that are tried for each picture.
        steps: of the descent from each.
        seed: of these codes.

    Returns:
        The `kgan.applications.defence.Defended`: `images`, `before`, `after`, `errors`.

    Raises:
        UserError: images of another shape, or a classifier of other images.

    Example:
        digits = np.zeros((2, 8, 8, 1), "uint8")
        classifier = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10)])
        found = kgan.defend("runs/infogan-digits", digits, classifier, restarts=1, steps=2)
        found.images, found.after  # uint8 (2, 8, 8, 1), and two classes
    """
    game, record = restore(workdir, variants.load)
    check(game, np.asarray(images))
    data = load_again(record, log=lambda line: None) if classifier is None else None
    shape = game.real_field.shape
    known = len(record.classes)
    logits = defence.resolved(classifier, shape, data, classes=known, pixels=pixels)
    projection = defence.Projection(game, restarts, steps, len(images))
    return defence.defend(game, np.asarray(images), logits, projection, seed)
