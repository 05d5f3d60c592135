"""Sample grids while training."""

from pathlib import Path

import keras
import tensorflow as tf

from kgan.pictures import CELL, LARGE_CELL, save_gif, save_png, tile


class Previews(keras.callbacks.Callback):
    """Draws the game's showcase, from the same latents or held-out images every time.

    Grids go to WORKDIR/samples/epoch-NNNNN.png and to TensorBoard, at the end
    all of them into WORKDIR/samples/training.gif.

    Args:
        workdir: the run's folder.
        tensorboard: a `TensorBoardWriter`.
        seed: of the fixed latents.
        every: epochs from one grid to the next; the first and the last epoch
            always have one.
        say: told where the first grid lies.
        shown: held-out images for games that start from images, by name.
    """

    def __init__(self, workdir, tensorboard, seed, every=1, log=print, shown=None):
        super().__init__()
        self.folder, self.tensorboard = Path(workdir) / "samples", tensorboard
        self.seed, self.every, self.log = seed, every, log
        self.shown = shown or {}

    def on_train_begin(self, logs=None):
        self.folder.mkdir(exist_ok=True)
        show = self.model.preview_latents((self.seed, 1), **self.shown)
        self._latent, self._rows, self._columns = show
        self._draw = tf.function(self.model.preview_images)

    def on_epoch_end(self, epoch, logs=None):
        done = epoch + 1
        if done == 1 or done % self.every == 0 or done == self.params["epochs"]:
            cell = LARGE_CELL if self.shown else CELL
            drawn = self._draw(self._latent)
            picture = tile(drawn, self._rows, self._columns, cell)
            path = self.folder / f"epoch-{done:05d}.png"
            save_png(path, picture)
            with self.tensorboard.at("train", int(self.model.min_optimizer.iterations)):
                tf.summary.image("samples", picture[None])
            self.tensorboard.flush()
            if done == 1:
                self.log(f"first samples: {path}")

    def on_train_end(self, logs=None):
        grids = sorted(self.folder.glob("epoch-*.png"))
        if grids:
            save_gif(self.folder / "training.gif", grids)
