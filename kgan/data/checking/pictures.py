"""Findings about single pictures and pairs of them: copies, leaks, blank and blurred ones."""

import functools
from collections.abc import Sequence

import numpy as np

from kgan.data.checking.copies import alike
from kgan.data.checking.looks import BLANK, BLURRED, detail, spread
from kgan.data.checking.parts import SIDE, Part
from kgan.data.checking.report import Case, Finding

MANY = 0.1  # of the pictures: so many that are odd mislead
SAME, NEAR = "the same", "nearly the same"
TEXTS = {  # of one, and of several
    "leak": (
        "picture that is held out is trained on as well: scores flatter",
        "pictures that are held out are trained on as well: scores flatter",
    ),
    "exact copy": (
        "copy of another picture, the same file",
        "copies of other pictures, the same files",
    ),
    "near copy": (
        "copy of another picture, saved differently",
        "copies of other pictures, saved differently",
    ),
    "two classes": (
        "copy is in another class than its original",
        "copies are in another class than their originals",
    ),
    "blank": ("picture shows one colour", "pictures show one colour"),
    "blurred": ("picture is blurred", "pictures are blurred"),
    "unreadable": ("picture cannot be read", "pictures cannot be read"),
    "unreadable class": (
        "class has no picture that can be read",
        "classes have no picture that can be read",
    ),
    "other file": (
        "file is no picture that kgan reads",
        "files are no pictures that kgan reads",
    ),
}
MISLEAD = ("leak", "unreadable class")  # be there only one
HARMLESS = ("blurred", "other file")  # be there ever so many


def find(trained: Sequence[Part], others: Sequence[Part]) -> list[Finding]:
    """Returns the findings about pictures and files.

    Args:
        trained: the parts that are trained on.
        others: the parts that are held out.
    """
    cases: dict[str, list[Case]] = {kind: [] for kind in TEXTS}
    blank, left_out = [], set()
    every = [*trained, *others]
    for part in every:
        nothing = spread(part.small) <= BLANK
        blank.append(nothing)
        _add(cases["blank"], part, nothing)
        # Small ones are enlarged here, which is a blur.
        large = np.array([min(size) >= SIDE for size in part.sizes], bool)
        blurred = (detail(part.small) < BLURRED) & ~nothing & large
        _add(cases["blurred"], part, blurred)
        # What lies outside of all parts is left out of each.
        new = {k: why for k, why in part.left_out.items() if k not in left_out}
        left_out |= new.keys()
        for name, why in new.items():
            kind = "unreadable" if name in part.unusable else "other file"
            cases[kind].append(Case((name,), why))
        cases["unreadable class"] += [Case((name,), part.name) for name in part.lost]
    for side in sorted({part.domain for part in trained}):
        mine = [k for k, part in enumerate(every) if part.domain == side]
        these = [every[k] for k in mine]
        count = sum(k < len(trained) for k in mine)
        _copies(these, count, np.concatenate([blank[k] for k in mine]), cases)
    return _findings(cases, sum(map(len, trained)))


def _findings(cases, trained):
    """A `Finding` for each kind that has cases."""
    return [
        Finding(
            kind,
            f"{len(found):,} {TEXTS[kind][len(found) > 1]}",
            kind in MISLEAD or (kind not in HARMLESS and len(found) > MANY * trained),
            tuple(found),
        )
        for kind, found in cases.items()
        if found
    ]


def _add(cases, part, odd):
    for row in np.flatnonzero(odd):
        cases.append(Case((part.names[row],), "", (functools.partial(part.show, row),)))


def _copies(parts, count, blank, cases):
    """Adds the cases of pictures that are copies, of which `count` parts are trained on."""
    owners = [(part, row) for part in parts for row in range(len(part))]
    trained = sum(map(len, parts[:count]))
    small = _stacked([part.small for part in parts])
    rows = np.flatnonzero(~blank)
    groups = alike(small[rows])
    order = np.argsort(groups, kind="stable")
    ends = np.flatnonzero(np.diff(groups[order])) + 1
    for members in np.split(rows[order], ends):
        if len(members) < 2:
            continue
        mine = [owners[row] for row in members if row < trained]
        held = [owners[row] for row in members if row >= trained]
        _among(mine, cases)
        same = {_bytes(one): one for one in reversed(mine)} if held else {}
        for other in held if mine else ():
            like = same.get(_bytes(other), mine[0])
            cases["leak"].append(_pair(other, like))


def _stacked(pixels):
    """All pictures, in colour if some are."""
    channels = max(one.shape[-1] for one in pixels)
    shape = SIDE, SIDE, channels
    return np.concatenate([np.broadcast_to(one, (len(one), *shape)) for one in pixels])


def _among(members, cases):
    """Adds the cases of one group of copies that are trained on."""
    seen = {}
    for one in members:
        content = _bytes(one)
        if seen:
            like = seen.get(content, members[0])
            kind = "exact copy" if content in seen else "near copy"
            cases[kind].append(_pair(one, like))
            classes = [part.classes and part.classes[row] for part, row in (one, like)]
            if classes[0] != classes[1]:
                cases["two classes"].append(_pair(one, like))
        seen.setdefault(content, one)


def _pair(one, like):
    names = tuple(part.names[row] for part, row in (one, like))
    shows = tuple(functools.partial(part.show, row) for part, row in (one, like))
    return Case(names, SAME if _bytes(one) == _bytes(like) else NEAR, shows)


def _bytes(one):
    part, row = one
    return part.digest(row)
