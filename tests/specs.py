"""What games are built for in tests."""

from kgan.data import Field, Spec
from kgan.data.kinds import Image, Label


def images(shape, classes=(), source=None):
    """The `Spec` of images, with labels where `classes` are named, or two domains."""
    fields = {"real": Field(tuple(shape), "uint8", Image())}
    if classes:
        fields["label"] = Field((), "int32", Label())
    if source:
        fields["source"] = Field(tuple(source), "uint8", Image())
    return Spec(fields, tuple(classes))
