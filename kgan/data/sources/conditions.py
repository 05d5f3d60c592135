"""Attributes of examples as data: combined to classes, or as a field of their own."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from kgan.data.attributes import Attribute, chosen, combination_names, combinations
from kgan.data.dataset import Dataset, Field
from kgan.data.kinds import Attributes, Label
from kgan.data.sources.classes import numbered_as
from kgan.errors import UserError, few
from kgan.typing import Log

CLASS = "class"  # the attribute that is the data's own class
MOST_CLASSES = 10_000
SHOWN = 20  # combinations that one line names


def conditioned(
    data: Dataset, names: Sequence[str], log: Log = lambda line: None
) -> Dataset:
    """Returns the data with labels that are combinations of attributes.

    Every combination is a class, also one that no example has.

    Args:
        data: a data set with attributes. Its own classes are the attribute "class", if
            it has none of that name.
        names: of the attributes; () changes nothing.
        log: called with a line that names the combinations without an example.

    Raises:
        UserError: there is no such attribute, one is named twice, or there are too many
            combinations.
    """
    if not names:
        return data
    known = _known(data)
    found = chosen(known, names, "condition")
    asked = f"condition={','.join(names)}"
    sizes = [len(one.options) for one in found.values()]
    if np.prod(sizes, dtype=float) > MOST_CLASSES:
        raise UserError(
            asked,
            f"has more than {MOST_CLASSES:,} combinations",
            "name fewer attributes",
        )
    labels = combinations(found).astype(np.int32)
    classes = combination_names(found)
    counts = np.bincount(labels, minlength=len(classes))
    lacking = [name for name, n in zip(classes, counts, strict=True) if not n]
    told = f"{len(classes):,} combinations of {', '.join(names)}"
    rest = f"; {len(lacking):,} without an example: {few(lacking, SHOWN)}"
    log(f"condition: {told}{rest if lacking else ''}")
    group = data.groups[0] | {"label": labels}
    return dataclasses.replace(
        data,
        groups=(group,),
        fields=data.fields | {"label": Field((), "int32", Label(sizes))},
        classes=classes,
        attributes=known,
    )


def attributed(data: Dataset, names: Sequence[str] = ()) -> Dataset:
    """Returns the data with a field "attributes", in its held-out part as well.

    Args:
        data: a data set with attributes. Its own classes are the attribute "class", if
            it has none of that name.
        names: of the attributes; () for all but "class".

    Raises:
        UserError: there are none, or no such attribute, or one is named twice.
    """
    names = tuple(names) or tuple(data.attributes)
    if not names:
        raise UserError(
            data.name,
            "has no attributes",
            "put a captions.csv with a column for each next to the images, or use "
            "`dataset=coloured_digits`",
        )
    found = chosen(_known(data), names, "attributes")
    kind = Attributes({name: one.options for name, one in found.items()})
    values = np.stack([one.values for one in found.values()], 1).astype(np.int32)
    kind.check("attributes", values)
    held_out = data.held_out and attributed(data.held_out, names)
    return dataclasses.replace(
        data,
        groups=(data.groups[0] | {"attributes": values},),
        fields=data.fields | {"attributes": Field.of(values, kind)},
        held_out=held_out,
    )


def numbered_like(data: Dataset, trained: Dataset, condition: Sequence[str]) -> Dataset:
    """Returns data with the numbers that a training gave to classes and attributes.

    Args:
        data: held-out examples.
        trained: what is trained on.
        condition: the attributes whose combinations are its classes; () for none.

    Raises:
        UserError: they have a class, or an option, that `trained` has not.
    """
    if condition and CLASS in trained.attributes:
        data = numbered_as(data, trained.attributes[CLASS].options)
    data = numbered_as(conditioned(data, tuple(condition)), trained.classes)
    if "attributes" in trained:
        kind: Any = trained.fields["attributes"].kind
        data = attributed(data, kind.names)
    return data


def strange_attributes(
    data: Dataset, trained: Dataset, condition: Sequence[str]
) -> list[str]:
    """Returns the attributes that a training needs, and held-out data do not have.

    Args:
        data: held-out examples, read as those of `trained`: an attribute is left out
            where many have an option that the training lacks.
        trained: what is trained on.
        condition: the attributes whose combinations are its classes; () for none.
    """
    kind: Any = trained.fields["attributes"].kind if "attributes" in trained else None
    needed = {*condition, *(kind.names if kind else ())}
    return sorted(needed - {*data.attributes, CLASS})


def _known(data):
    """All attributes of the data, its classes among them."""
    known = dict(data.attributes)
    if "label" in data and CLASS not in known:
        known[CLASS] = Attribute(data.classes, np.asarray(data["label"]))
    return known
