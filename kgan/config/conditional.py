"""The fields of the variants that draw the class that is asked for."""

from dataclasses import dataclass

from kgan.fields import names_in, option, weight


@dataclass(frozen=True)
class Conditional:
    """Adds to `kgan.config.Common` what the classes are, and whether D reads them.

    A configuration derives from it and from `kgan.config.Config`, in this order.
    """

    condition: str = option(
        "",
        "the attributes whose combinations are the classes, such as class,colour: columns "
        "of the table of a folder, and class for its class folders; none is the classes "
        "alone",
    )

    label_weight: float = weight(
        0.0,
        "weight of the class that D reads off a picture: off real ones in D's loss, off "
        "G's in that of G (AC-GAN, Odena 2017); 0 reads none",
    )

    @property
    def class_attributes(self) -> tuple[str, ...]:
        """The attributes whose combinations are the classes; () for the data's own."""
        return names_in(self.condition)
