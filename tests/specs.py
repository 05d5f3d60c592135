"""What games are built for in tests."""

from kgan.data import Field, Spec
from kgan.data.kinds import Attributes, Frames, Image, Label, Poses, Roll, Tokens


def images(shape, classes=(), source=None, captions=(), attributes=None):
    """The `Spec` of images, with labels, captions, attributes, or of two domains."""
    fields = {"real": Field(tuple(shape), "uint8", Image())}
    if classes:
        fields["label"] = Field((), "int32", Label())
    if captions:
        kind = Tokens.fitted(captions)
        fields["caption"] = Field((kind.encode(captions).shape[1],), "int32", kind)
    if attributes:
        kind = Attributes(attributes)
        fields["attributes"] = Field((len(kind.names),), "int32", kind)
    if source:
        fields["source"] = Field(tuple(source), "uint8", Image())
    return Spec(fields, tuple(classes))


def clips(shape):
    """The `Spec` of clips (T, H, W, C)."""
    return Spec({"real": Field(tuple(shape), "uint8", Frames())})


def rolls(steps):
    """The `Spec` of music for four voices."""
    kind = Roll((60, 52, 46, 36), 31)
    return Spec({"real": Field((steps, 4), "uint8", kind)})


def poses(frames):
    """The `Spec` of motions."""
    return Spec({"real": Field((frames, 43), "float32", Poses())})
