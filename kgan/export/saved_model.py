"""What leaves a run: a generator that needs nothing of kgan."""

from pathlib import Path

import keras
import tensorflow as tf

from kgan.errors import UserError
from kgan.files import replacing_folder


def export_generator(game, path):
    """Writes the game's samplers as a SavedModel folder.

    Its endpoints are what `game.endpoints()` names; the post-processing to
    uint8 is inside, the batch is dynamic. `tf.saved_model.load` suffices:

        generator = tf.saved_model.load(path)
        images = generator.sample(n=16, seed=0)["images"]

    An older export stays until the new one is whole.

    Raises:
        UserError: `path` is a file, or a folder that holds something else.
    """
    path = Path(path)
    ours = (path / "saved_model.pb").exists() or not path.exists()
    if not ours and (not path.is_dir() or any(path.iterdir())):
        raise UserError(f"{path}: holds other files; export into a new folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    archive = keras.export.ExportArchive()
    for network in game.samplers:
        archive.track(network)
    for name, (function, signature) in game.endpoints().items():
        named = [
            tf.TensorSpec(one.shape, one.dtype, name=argument)
            for argument, one in signature.items()
        ]
        archive.add_endpoint(name, function, input_signature=named)
    with replacing_folder(path) as temporary:
        archive.write_out(str(temporary), verbose=False)
