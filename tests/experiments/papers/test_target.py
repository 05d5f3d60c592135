"""What a table aims at, by hand."""

import pytest

from kgan.experiments.papers import TABLES, Cell, Target


def cells(**values):
    return [
        Cell(row, seed, {"a": value}, 1.0, "", "")
        for row, given in values.items()
        for seed, value in enumerate(given)
    ]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (Target("one", "a", ">=", 3.0), "one, a >= 3: 3.0, reached"),
        (Target("one", "a", ">", 3.0), "one, a > 3: 3.0, **missed**"),
        (Target("one", "a", "<=", 2.0, best=True), "one, best a <= 2: 2.0, reached"),
        (
            Target("one", "a", ">=", 4.5, best=True),
            "one, best a >= 4.5: 4.0, **missed**",
        ),
        (
            Target("one", "a", "<", 2.0, minus="two"),
            "one, a beyond that of two < 2: 2.0, **missed**",
        ),
        (
            Target("one", "a", "<=", 0.7, per="two"),
            "one, a, as a share of that of two, <= 0.7: 3.00, **missed**",
        ),
        (
            Target("two", "a", "<=", 0.5, per="one", floor=0.5),
            "two, a above 0.5, as a share of that of one, <= 0.5: 0.20, reached",
        ),
        (Target("three", "a", "<", 2.0), ""),
        (Target("one", "a", "<", 2.0, minus="three"), ""),
    ],
)
def test_targets_by_hand(target, told):
    # Means 3 and 1.
    assert target.told(cells(one=[2.0, 4.0], two=[1.0]), "{:.1f}".format) == told


def test_targets_are_of_rows_and_columns_that_their_tables_have():
    for table in TABLES.values():
        names = {row.name for row in table.rows}
        for target in table.targets:
            other = target.minus or target.per or target.row
            assert {target.row, other} <= names
            assert target.column in table.columns
