"""The field of the variants that draw the class that is asked for."""

from dataclasses import dataclass

from kgan.fields import option


@dataclass(frozen=True)
class Conditional:
    """Adds to `kgan.config.Common` what the classes are.

    A configuration derives from it and from `kgan.config.Config`, in this order.
    """

    condition: str = option(
        "",
        "the attributes whose combinations are the classes, such as class,colour: columns "
        "of the table of a folder, and class for its class folders; none is the classes "
        "alone",
    )

    @property
    def class_attributes(self) -> tuple[str, ...]:
        """The attributes whose combinations are the classes; () for the data's own."""
        return tuple(one.strip() for one in self.condition.split(",") if one.strip())
