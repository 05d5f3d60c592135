"""Reports of scores: lines for people, and a JSON file."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from kgan.errors import UserError
from kgan.files import write_text
from kgan.metrics import Score, compare
from kgan.pictures import tile
from kgan.typing import PathLike

# Pairs of a generated image and a training image, uint8 (H, W, C).
Pairs: TypeAlias = list[tuple[np.ndarray, np.ndarray]]

MOST_LINES = 40  # of a table of classes; the JSON has all


def lines(scores: Iterable[Score]) -> list[str]:
    """Returns the scores as lines: name, value, interval, and the value of real images."""
    rows = [("", "generated", "95 %", "real")]
    for score in scores:
        interval = score.interval or ()
        rows.append(
            (
                score.name,
                _short(score.value),
                " to ".join(map(_short, interval)),
                "" if score.floor is None else _short(score.floor),
            )
        )
    return _aligned(rows)


def detail_lines(details: dict[str, Any]) -> list[str]:
    """Returns lines for what is no score; the scores of each class are a table.

    The warning is not among them: `measure` has logged it.
    """
    apart = ("classes", "floor_counts", "warning")
    plain = {name: value for name, value in details.items() if name not in apart}
    found = [f"{name}: {value}" for name, value in plain.items()]
    return found + class_lines(details.get("classes", []))


def class_lines(classes: list[dict[str, Any]]) -> list[str]:
    """Returns a table with a line for each class, of dicts with the same keys."""
    if not classes:
        return []
    rows = [tuple(classes[0])]
    rows += [tuple(_cell(value) for value in row.values()) for row in classes]
    cut = rows[: MOST_LINES + 1]
    more = [f"and {len(rows) - len(cut)} classes more"] if len(rows) > len(cut) else []
    return _aligned(cut) + more


def _aligned(rows):
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(t.ljust(w) for t, w in zip(r, widths, strict=True)).rstrip()
        for r in rows
    ]


def _cell(value):
    if value is None:
        return "-"
    return _short(value) if isinstance(value, float) else f"{value}"


def _short(value):
    return f"{value:.4g}"


def write(path: PathLike, scores: Iterable[Score], details: dict[str, Any]) -> None:
    """Writes scores and details to a JSON file."""
    plain = {"scores": [score.as_plain() for score in scores], "details": details}
    write_text(path, json.dumps(plain, indent=2) + "\n")


def read(path: PathLike) -> dict[str, Score]:
    """Returns the scores of a file that `write` made, by name.

    Raises:
        UserError: no such file, or it is damaged.
    """
    try:
        plain = json.loads(Path(path).read_text(encoding="utf-8"))
        scores = [Score.from_plain(one) for one in plain["scores"]]
    except OSError as error:
        raise UserError(path, error.strerror or "cannot be read") from error
    except (ValueError, TypeError, KeyError, UserError) as error:
        raise UserError(path, f"no scores of kgan ({error})", exit_code=1) from error
    return {score.name: score for score in scores}


def compared(scores: Iterable[Score], old: dict[str, Score]) -> list[str]:
    """Returns lines "name: old -> new" for the scores that both have.

    Raises:
        UserError: they were measured in different ways; names each difference.
    """
    both = [score for score in scores if score.name in old]
    if not both:
        raise UserError(
            "compare",
            f"there is nothing to compare: the one has "
            f"{', '.join(s.name for s in scores)}, the other {', '.join(old)}",
        )
    found = []
    for score in both:
        before = old[score.name]
        change = compare(before, score)
        found.append(
            f"{score.name}: {_short(before.value)} -> {_short(score.value)} "
            f"({change:+.4g})"
        )
    return found


def pairs_picture(pairs: Pairs) -> np.ndarray:
    """Draws pairs in columns: generated above, the nearest training image below."""
    above, below = zip(*pairs, strict=True)
    return tile(np.stack([*above, *below]), 2, len(pairs))
