"""The kind of class labels."""

from kgan.data.kinds.kind import Kind


class Label(Kind):
    """Class labels, stored as int32 (): an index into the names of the classes."""

    name = "label"
    plural = "labels"
    dtypes = ("int32",)
    rank = 0
