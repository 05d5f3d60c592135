"""Export of a generator as a SavedModel, which works without kgan."""

import inspect
import json
import logging
from pathlib import Path

import keras
import tensorflow as tf

from kgan import controls, loggers
from kgan.errors import UserError
from kgan.export.endpoints import endpoints
from kgan.files import replacing_folder
from kgan.game import Game
from kgan.typing import PathLike

# The folder that TensorFlow leaves to the program that writes a SavedModel.
OFFERED = Path("assets.extra") / "kgan.json"


def export_generator(game: Game, path: PathLike) -> None:
    """Writes the game's samplers as a SavedModel folder.

    Its endpoints are those of `kgan.export.endpoints`; the conversion to what is stored,
    such as uint8 images, is inside, and the batch is dynamic. `tf.saved_model.load`
    suffices:

        generator = tf.saved_model.load(path)
        images = generator.sample(n=16, seed=0)["images"]

    `kgan.load(path)` returns it with the `generate` of the game. An older export stays until the new one is whole.

    Raises:
        UserError: `path` is a file, or a folder that holds something else; or the game
            makes no samples.
    """
    path = Path(path)
    offered = endpoints(game)
    if not offered:
        raise UserError(type(game).__name__, "makes no samples: nothing to export")
    ours = (path / "saved_model.pb").exists() or not path.exists()
    if not ours and (not path.is_dir() or any(path.iterdir())):
        raise UserError(path, "holds other files", "export into a new folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    archive = keras.export.ExportArchive()
    for network in game.samplers:
        archive.track(network)
    for name, (function, signature) in offered.items():
        named = [
            tf.TensorSpec(one.shape, one.dtype, name=argument)
            for argument, one in signature.items()
        ]
        archive.add_endpoint(name, _positional(function, signature), named)
    # TensorFlow's line on where it wrote assets says nothing to the user.
    quiet = loggers.quiet("tensorflow", logging.WARNING)
    with replacing_folder(path) as temporary, quiet:
        archive.write_out(str(temporary), verbose=False)
        (temporary / OFFERED).parent.mkdir()
        text = json.dumps(_offered(game), indent=2) + "\n"
        (temporary / OFFERED).write_text(text, encoding="utf-8")


def _offered(game):
    """The controls of the export and what it makes, as JSON can hold them."""
    return {
        "makes": game.real_field.kind.plural,
        "controls": controls.as_plain(game.controls()),
    }


def _positional(function, signature):
    """`function` with exactly these arguments, whose names an exported graph keeps."""

    def call(*given):
        return function(**dict(zip(signature, given, strict=True)))

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    named = [inspect.Parameter(name, kind) for name in signature]
    call.__signature__ = inspect.Signature(named)
    return call
