"""Translates pictures: bin/translate_image --workdir=runs/... in.png out.png."""

import glob
from pathlib import Path
from typing import TYPE_CHECKING

from absl import flags

from kgan.cli import app, runs

if TYPE_CHECKING:
    import numpy as np

    from kgan.applications.translation import Way

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    runs.define_run()
    flags.DEFINE_string(
        "saved_model", None, "An exported generator, in place of a run."
    )
    flags.DEFINE_enum(
        "direction",
        None,
        ["AtoB", "BtoA"],
        "Which way; by default as the run was trained. A is a saved model's source.",
    )
    flags.DEFINE_bool(
        "tiles",
        False,
        "Leave pictures at their own scale, instead of that of the training.",
    )
    flags.DEFINE_bool("overwrite", False, "Replace pictures that are there already.")


def translate(words: list[str]) -> None:
    """Translates pictures; the last of `words` says where the results go."""
    from kgan.applications import translation as translating
    from kgan.data.decoding import picture
    from kgan.errors import UserError

    if len(words) < 2:
        raise UserError(
            "say what to translate and where to",
            "in.png out.png, or files, folders and patterns, and a folder for the results",
        )
    pairs = planned(words[:-1], Path(words[-1]).expanduser())
    way = trained()
    failures = []
    for source, out in pairs:
        try:
            pixels, alpha = picture.read_whole(source)
        except picture.UnusablePicture as error:
            failures.append(f"{source}: {error}")
            continue
        out.parent.mkdir(parents=True, exist_ok=True)
        write(out, translating.translate(way, pixels, FLAGS.tiles), alpha)
        print(out)
    if failures:
        done = f"; the other {len(pairs) - len(failures)} are done" * (len(pairs) > 1)
        raise UserError(f"{', '.join(failures[:5])}{done}", exit_code=1)


def planned(inputs: list[str], out: Path) -> list[tuple[Path, Path]]:
    """Returns pairs of a file to read and one to write."""
    from kgan.data.decoding.picture import SUFFIXES
    from kgan.errors import UserError

    files = []
    for name in inputs:
        path = Path(name).expanduser()
        if path.is_dir():
            found = sorted(f for f in path.iterdir() if f.suffix.lower() in SUFFIXES)
        else:
            found = [path] if path.exists() else map(Path, sorted(glob.glob(str(path))))
        found = list(found)
        if not found:
            raise UserError(name, "no such picture, nor a folder with any")
        files += found
    if len(files) == 1 and out.suffix and not Path(inputs[0]).is_dir():
        pairs = [(files[0], out)]
        if out.suffix.lower() != ".png":
            raise UserError(out, "results are PNG", "name it .png")
    else:
        if out.suffix or out.is_file():
            raise UserError(out, "several pictures need a folder")
        pairs = [(file, out / f"{file.stem}.png") for file in files]
    outs = [made for _, made in pairs]
    twice = [made for made in outs if outs.count(made) > 1]
    there = [made for made in outs if made.exists() and not FLAGS.overwrite]
    if twice:
        raise UserError(twice[0], "two of the pictures would become this one")
    if there:
        raise UserError(there[0], "is there already", "`overwrite` replaces it")
    return pairs


def trained() -> "Way":
    """Returns the `Way` that the flags ask for."""
    from kgan.applications import translation as translating
    from kgan.errors import UserError

    if (FLAGS.workdir is None) == (FLAGS.saved_model is None):
        raise UserError(
            "--workdir or --saved_model", "say which generator, one of them"
        )
    if FLAGS.saved_model:
        path = Path(FLAGS.saved_model).expanduser()
        return translating.way_of_export(path, FLAGS.direction == "BtoA")
    game, record = runs.restored(FLAGS, from_noise=False)
    if not record.asked:
        raise UserError(
            f"workdir={FLAGS.workdir}",
            f"{record.variant} draws from noise",
            "use bin/sample_gan",
        )
    back = FLAGS.direction not in (None, record.asked["direction"])
    return translating.way_of_game(game, back, f"`workdir={FLAGS.workdir}`")


def write(path: Path, pixels: "np.ndarray", alpha: "np.ndarray | None") -> None:
    """Writes a picture, with its transparency."""
    import numpy as np

    from kgan.pictures import save_png

    if alpha is not None:
        colour = pixels.repeat(3 // pixels.shape[-1], -1)
        pixels = np.concatenate([colour, alpha[..., None]], -1)
    save_png(path, pixels)


def main() -> None:
    """Runs the command."""
    app.run(translate, FLAGS, define_flags, words=True)
