"""A reader of pictures: a classifier of the attributes that a run's data have."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kgan.data.attributes import chosen
from kgan.errors import UserError
from kgan.metrics import fit_attributes
from kgan.metrics.classifier import SIDES
from kgan.metrics.network import UPDATES
from kgan.sizes import Size
from kgan.training.inputs import load_again
from kgan.typing import Log, PathLike

if TYPE_CHECKING:
    from kgan.data import Dataset
    from kgan.training.record import Record


def reader_of_run(
    record: "Record",
    attributes: Sequence[str],
    dataset: str | None = None,
    *,
    cache: PathLike | None = None,
    updates: int = UPDATES,
    log: Log = print,
) -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    """Trains a reader of attributes on the data of a run, for `kgan.applications.finding`.

    Args:
        record: of the run.
        attributes: columns of the table of its folder, or "class".
        dataset: the images that the run learned from, if they lie elsewhere now.
        cache: folder for trained classifiers, or None.
        updates: of the classifier, at the least.
        log: called with a line about the data.

    Returns:
        A function: images, uint8 (n, H, W, C) -> {"mouth=smirk": the logarithm of its
        probability, (n,)}.

    Raises:
        UserError: the data have no such attribute, or have sides that no classifier
            takes.
    """
    try:
        data = load_again(record, dataset, condition=tuple(attributes[:1]), log=log)
        chosen(data.attributes, attributes)
    except UserError as error:
        if not error.field.startswith("condition="):
            raise
        field = error.field.replace("condition=", "attributes=")
        raise UserError(field, error.problem, error.remedy) from error
    return reader_of(data, attributes, cache=cache, updates=updates, log=log)


def reader_of(
    data: "Dataset",
    attributes: Sequence[str],
    *,
    cache: PathLike | None = None,
    updates: int = UPDATES,
    log: Log = print,
) -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    """Trains a reader of attributes of some data: as `reader_of_run`, with the data."""
    sides = data.fields["real"].shape[:2]
    if not all(side in SIDES for side in sides):
        raise UserError("method=svm", f"no classifier takes images of {Size(*sides)}")
    found = list(chosen(data.attributes, attributes, "attributes").values())
    model = fit_attributes(
        data["real"],
        np.stack([one.values for one in found], 1),
        [len(one.options) for one in found],
        cache=cache,
        updates=updates,
        log=log,
    )

    def reader(images):
        return {
            f"{name}={option}": scores[:, number]
            for name, one, scores in zip(
                attributes, found, model.log_probabilities(images), strict=True
            )
            for number, option in enumerate(one.options)
        }

    return reader
