"""How tests of shards compare two data sets, and a log that says nothing."""

import numpy as np


def quiet(line):
    pass


def alike(one, other):
    assert one.describe().split(",")[:-1] == other.describe().split(",")[:-1]
    assert one.fields == other.fields and one.classes == other.classes
    assert one.left_out == other.left_out and one.levels == other.levels
    for name in one.fields:
        np.testing.assert_array_equal(one[name], other[name])
    for name, several in one.alternatives.items():
        np.testing.assert_array_equal(several, other.alternatives[name])
    assert one.attributes.keys() == other.attributes.keys()
    for name, attribute in one.attributes.items():
        assert attribute.options == other.attributes[name].options
        np.testing.assert_array_equal(attribute.values, other.attributes[name].values)
