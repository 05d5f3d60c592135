"""What games are built for in tests."""

from kgan.data import Field, Spec
from kgan.data.kinds import Image, Label, Tokens


def images(shape, classes=(), source=None, captions=()):
    """The `Spec` of images, with labels, captions, or of two domains."""
    fields = {"real": Field(tuple(shape), "uint8", Image())}
    if classes:
        fields["label"] = Field((), "int32", Label())
    if captions:
        kind = Tokens.fitted(captions)
        fields["caption"] = Field((kind.encode(captions).shape[1],), "int32", kind)
    if source:
        fields["source"] = Field(tuple(source), "uint8", Image())
    return Spec(fields, tuple(classes))
