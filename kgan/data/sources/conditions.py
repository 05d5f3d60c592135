"""Classes that are combinations of attributes, such as "t-shirt/blue"."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from kgan.data.attributes import Attribute, chosen, combination_names, combinations
from kgan.data.dataset import Dataset, Field
from kgan.data.kinds import Label
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
    known = dict(data.attributes)
    if "label" in data and CLASS not in known:
        known[CLASS] = Attribute(data.classes, np.asarray(data["label"]))
    found = chosen(known, names)
    asked = f"condition={','.join(names)}"
    if len(found) < len(names):
        raise UserError(asked, "names an attribute twice")
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
