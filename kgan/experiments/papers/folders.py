"""Folders of data that tables need and that no package brings."""

import os
from pathlib import Path

from kgan.errors import UserError

PUBLISHED = {
    "facades": "pairs of a photograph and its labels, side by side, in train and test: "
    "https://efrosgans.eecs.berkeley.edu/pix2pix/datasets/facades.tar.gz",
    "usps": "digits as images in train/0 to train/9 and test/0 to test/9; as numbers in "
    "https://web.stanford.edu/~hastie/ElemStatLearn/datasets/zip.train.gz and zip.test.gz",
    "noto_emoji": "images in colour, 1,000 or more, as those of png/128 in "
    "https://github.com/googlefonts/noto-emoji",
    "avatars": "faces of DiceBear in train and test, their attributes in train.csv and test.csv "
    "(file, mouth, glasses, beard, skin), and the test faces 0 to 299 drawn again with one "
    "attribute changed, edits/00000-mouth-smirk.png: https://www.dicebear.com",
    "motion": "motions as JSON files of 44 numbers a frame: data/motions in "
    "https://github.com/xbpeng/DeepMimic",
    "chorales": "chorales in sixteenths as chorales.json, {train: pieces, test: pieces}, a "
    "piece a list of steps of four MIDI pitches; as Jsb16thSeparated.json in "
    "https://github.com/czhuang/JSB-Chorales-dataset; or a folder of MIDI files",
    "seqgan_oracle": "the weights of SeqGAN's oracle, embedding.npz, wi.npz, ui.npz, bi.npz and "
    "so on: synthetic_data_experiments/oracle_params in "
    "https://github.com/pclucas14/GansFallingShort",
    "names": "first names, one a line, in names.txt: https://github.com/karpathy/makemore",
}


class Lacking(UserError):
    """The error of a table whose folder of images, or whose package, is missing."""


def find(name, table):
    """The absolute path of the folder `name`, of which the table `table` is made.

    It lies in the folder that $KGAN_IMAGES_DIR names.

    Raises:
        Lacking: it does not.
    """
    place = os.environ.get("KGAN_IMAGES_DIR")
    path = Path(place or ".").expanduser().absolute() / name
    if place and path.is_dir():
        return path
    where = f"{place} has none" if place else "not given"
    raise Lacking(
        f"table={table}",
        f"needs a folder {name!r} in `images_dir` ({where})",
        PUBLISHED[name],
    )
