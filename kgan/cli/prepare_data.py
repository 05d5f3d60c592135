"""Writes a data set into shards: bin/prepare_data --dataset=photos --out=photos-shards.

Shards are files from which a training reads what each step needs: data need not fit into
memory. Then bin/train_gan --dataset=photos-shards trains with the same bits as from photos.
The same command goes on where it was interrupted, and checks and mends what is whole.
"""

from absl import flags

from kgan.cli import app
from kgan.cli.flags import define_path, marked, named

FLAGS = flags.FLAGS


def define_flags() -> None:
    """Defines the flags."""
    flags.DEFINE_string(
        "dataset", None, "A folder of images, or the name of a TFDS image data set."
    )
    define_path(
        "out", None, "The folder to write; nothing but such shards may be in it."
    )
    flags.DEFINE_string(
        "split",
        "train",
        "Which part of it to learn from; its test part is written too.",
    )
    define_path(
        "data_dir",
        None,
        "Folder of prepared TFDS data sets; $TFDS_DATA_DIR by default.",
    )
    flags.DEFINE_bool("download", False, "Let TFDS fetch a data set that is not there.")
    _define_form()


def _define_form():
    flags.DEFINE_string(
        "image_size",
        "0",
        "Of all images, such as 64 or 128x96; 0 is the data's own. A training cannot "
        "change it.",
    )
    flags.DEFINE_enum(
        "fit",
        "crop",
        ["crop", "pad", "stretch"],
        "What becomes of images of another shape: crop cuts out the largest centred part "
        "of the shape asked for, pad adds bars, stretch distorts.",
    )
    flags.DEFINE_integer(
        "channels", 0, "1 grey, 3 colour; 0 is the data's own.", lower_bound=0
    )
    flags.DEFINE_list(
        "range",
        [],
        "The two values that become black and white, such as 0,4095, in images with more "
        "than 8 bits; none is the least and the largest of all.",
    )
    flags.DEFINE_bool(
        "captions",
        False,
        "Write the captions and attributes of the folder's table as well; images without "
        "a caption are left out.",
    )
    flags.DEFINE_bool("attributes", False, "The same for attributes alone.")
    flags.DEFINE_enum(
        "encoding",
        "raw",
        ["raw", "png"],
        "raw is pixels; png takes less room and more time to read. Both give the same "
        "pixels.",
    )


def prepare() -> None:
    """Writes the shards, and prints their folder."""
    from kgan.data import prepare
    from kgan.errors import UserError

    for name, what in {"dataset": "what to write", "out": "where to write"}.items():
        if not FLAGS[name].value:
            raise UserError(name, f"say {what}")
    print(
        prepare(
            FLAGS.dataset,
            FLAGS.out,
            split=FLAGS.split,
            image_size=FLAGS.image_size,
            fit=FLAGS.fit,
            channels=FLAGS.channels,
            levels=_levels(FLAGS.range),
            captions=FLAGS.captions,
            attributes=FLAGS.attributes,
            encoding=FLAGS.encoding,
            data_dir=FLAGS.data_dir,
            download=FLAGS.download,
            log=lambda line: print(marked(line, named(FLAGS))),
        )
    )


def _levels(texts):
    """The two numbers of --range, () for none."""
    from kgan.errors import UserError

    try:
        low, high = map(float, texts) if texts else (0.0, 1.0)
        if not low < high:
            raise ValueError(texts)
    except ValueError:
        raise UserError(
            f"range={','.join(texts)}", "must be two numbers, the smaller one first"
        ) from None
    return (low, high) if texts else ()


def main() -> None:
    """Runs the command."""
    app.run(prepare, FLAGS, define_flags)
