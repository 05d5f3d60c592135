"""A picture of what was asked for and what was drawn."""

import numpy as np

from kgan.data import Dataset, evenly
from kgan.evaluation.agreement import draw
from kgan.evaluation.captions import CaptionSource, of_data, texts
from kgan.evaluation.reference import Reference
from kgan.evaluation.sources import Source

SHOWN = 24
COLUMNS = 6


def asked_picture(
    source: Source, reference: Reference, seed: int = 0
) -> np.ndarray | None:
    """Returns samples with the held-out captions, or classes, that they were asked for.

    There are `SHOWN` of them, or as many as there are classes, evenly chosen.

    Args:
        source: of the images.
        reference: the real images; without held-out ones, the captions are those of
            training.
        seed: of the samples.

    Returns:
        A picture, uint8 (h, w, 3), with each text below its sample; None if nothing can
        be asked for.
    """
    data = reference.held_out or reference.train
    source = of_data(source, data)
    if isinstance(source, CaptionSource):
        rows = np.flatnonzero(source.knows(texts(data)))
        titles = texts
    elif "label" in data and source.numbers(data.classes) is not None:
        _, rows = np.unique(data["label"], return_index=True)
        titles = _classes
    else:
        return None
    if not len(rows):
        return None
    shown = data.part(evenly(rows, min(SHOWN, len(rows))))
    kind = reference.train.fields["real"].kind
    images = draw(source, shown, seed)
    columns = min(COLUMNS, len(shown))
    return kind.picture(images, columns, titles=titles(shown))


def _classes(data: Dataset) -> list[str]:
    """The name of the class of each example."""
    return [str(data.classes[label]) for label in data["label"]]
