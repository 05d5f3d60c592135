"""A callback that draws the preview of a game while it trains."""

from typing import Any

import keras
import tensorflow as tf

from kgan.callbacks.tensorboard import TensorBoardWriter
from kgan.data.dataset import Dataset
from kgan.data.kinds.kind import titles_of
from kgan.files import write_text
from kgan.pictures import save_animation, save_gif, save_png
from kgan.sounds import RATE, save_wav
from kgan.typing import Log


class Previews(keras.callbacks.Callback):
    """Draws the game's preview, from the same latents or held-out data every time.

    Pictures go to WORKDIR/samples/epoch-NNNNN.png and to TensorBoard, at the end all of
    them into WORKDIR/samples/training.gif. What moves, such as clips, is also left as
    WORKDIR/samples/epoch-NNNNN.gif, and what sounds as .wav and in TensorBoard. Text goes
    to epoch-NNNNN.txt, to TensorBoard, and its first lines to the log. A game or a kind
    of data that has nothing to show
    leaves none.

    Args:
        tensorboard: the `TensorBoardWriter` of the run's folder.
        data: a `kgan.data.Dataset`, whose held-out part is shown or compared with.
        seed: of the fixed latents.
        every: epochs from one picture to the next; the first and the last epoch
            always have one.
        log: told where the first picture lies.
    """

    SHOWN = 6  # held-out examples that a game starts from

    def __init__(
        self,
        tensorboard: TensorBoardWriter,
        data: Dataset,
        seed: int = 0,
        every: int = 1,
        log: Log = print,
    ) -> None:
        super().__init__()
        self.folder, self.tensorboard = tensorboard.workdir / "samples", tensorboard
        self.data, self.seed, self.every, self.log = data, seed, every, log

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        game, held_out = self.model, self.data.held_out
        shown = held_out.take(self.SHOWN) if held_out else {}
        inputs = game.as_inputs(shown) if shown else {}
        self._draw = tf.function(
            lambda: game.preview(inputs, (self.seed, 1)), autograph=False
        )

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        done = epoch + 1
        if done != 1 and done % self.every and done != self.params["epochs"]:
            return
        grids = {name: values.numpy() for name, values in self._draw().items()}
        drawn = {k: v.reshape(-1, *v.shape[2:]) for k, v in grids.items()}
        titles = titles_of(self.data.fields, drawn)
        for name, values in drawn.items():
            real = self.data.held_out[name] if self.data.held_out else None
            kind, columns = self.data.fields[name].kind, grids[name].shape[1]
            picture = kind.picture(values, columns, real, titles)
            if picture is not None:
                self._keep(picture, done)
            frames = kind.animation(values, columns)
            if frames is not None:
                save_animation(self.folder / f"epoch-{done:05d}.gif", frames)
            sound = kind.sound(values)
            if sound is not None:
                self._play(sound, done)
            text = kind.text(values)
            if text:
                self._keep_text(text, done)

    def _keep_text(self, text, done):
        self.folder.mkdir(exist_ok=True)
        write_text(self.folder / f"epoch-{done:05d}.txt", text)
        lines = text.splitlines()
        with self.tensorboard.at("train", self.model.descents):
            # Four blanks: TensorBoard reads Markdown.
            tf.summary.text("samples", "\n".join(f"    {line}" for line in lines))
        self.tensorboard.flush()
        self.log(f"samples of epoch {done}: {' | '.join(lines[: self.SHOWN])}")

    def _keep(self, picture, done):
        self.folder.mkdir(exist_ok=True)
        path = self.folder / f"epoch-{done:05d}.png"
        save_png(path, picture)
        with self.tensorboard.at("train", self.model.descents):
            tf.summary.image("samples", picture[None])
        self.tensorboard.flush()
        if done == 1:
            self.log(f"first samples: {path}")

    def _play(self, sound, done):
        save_wav(self.folder / f"epoch-{done:05d}.wav", sound)
        with self.tensorboard.at("train", self.model.descents):
            tf.summary.audio("samples", sound[None, :, None], RATE)
        self.tensorboard.flush()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        pictures = sorted(self.folder.glob("epoch-*.png"))
        if pictures:
            save_gif(self.folder / "training.gif", pictures)
