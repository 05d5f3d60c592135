"""The kind of attributes: names, options, and what is none of them."""

import numpy as np
import pytest

from kgan.data import Field
from kgan.data.kinds import Attributes
from kgan.errors import UserError

KIND = Attributes({"mouth": ("smile", "smirk"), "glasses": ("none", "round", "dark")})


def test_names_and_options_come_back_from_a_record():
    field = Field((2,), "int32", KIND)
    again = Field.from_plain(field.plain())
    assert again == field
    assert again.kind.names == ("mouth", "glasses") and again.kind.sizes == (2, 3)
    assert Attributes().plain() == {}


@pytest.mark.parametrize("row", [[0, 0], [1, 2]])
def test_options_that_there_are(row):
    KIND.check("attributes", np.array([row], np.int32))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ([0, 0, 0], "attributes: has 3 numbers in a row for 2 names"),
        ([0, 3], "attributes: a number is no option of mouth, glasses"),
        ([-1, 0], "attributes: a number is no option of mouth, glasses"),
    ],
)
def test_what_is_no_option(row, words):
    with pytest.raises(UserError, match=words):
        KIND.check("attributes", np.array([row], np.int32))
