"""The choice of two domains, as a user makes it."""

import dataclasses
import pathlib

from kgan.data.sources.places import is_folder
from kgan.errors import UserError

USUAL_TASK = {True: "edges", False: "complete"}  # with pairs, and without


@dataclasses.dataclass(frozen=True)
class DomainSource:
    """The choice of two domains, A and B, by names and folders.

    Attributes:
        dataset: a data set that holds both: images "A|B" side by side, folders trainA
            and trainB, a TFDS set cycle_gan/NAME, or any images from which `task` makes
            A.
        source, target: a data set for A and one for B, in place of `dataset`.
        task: of `kgan.data.sources.tasks.TASKS`, or "" for what the data set is.
        direction: "AtoB" or "BtoA".

    Example:
        where = kgan.DomainSource(dataset="digits", task="edges")
        where.name  # "digits-edges"
    """

    dataset: str = ""
    source: str = ""
    target: str = ""
    task: str = ""
    direction: str = "AtoB"

    @property
    def name(self) -> str:
        """The name of the two domains together."""
        if self.source:
            return f"{_stem(self.source)}-{_stem(self.target)}"
        return (
            f"{_stem(self.dataset)}-{self.task}" if self.task else _stem(self.dataset)
        )

    def checked(self, paired: bool) -> "DomainSource":
        """Checks the choice, and returns it with its task filled in.

        Raises:
            UserError: the fields contradict each other, or some are missing.
        """
        if bool(self.source) != bool(self.target):
            given = "source" if self.source else "target"
            raise UserError(given, "`source` and `target` go together")
        if self.source and self.task:
            raise UserError(
                f"task={self.task}", "makes a source itself", "use it with `dataset`"
            )
        if self.source and paired:
            for name in ("source", "target"):
                if not is_folder(getattr(self, name)):
                    raise UserError(
                        f"{name}={getattr(self, name)}",
                        "pairs come from two folders of files with equal names, or from "
                        "`dataset`",
                    )
        plain = self.source or self.task or is_folder(self.dataset)
        if plain or (not paired and self.dataset.startswith("cycle_gan/")):
            return self
        return dataclasses.replace(self, task=USUAL_TASK[paired])


def _stem(name):
    return pathlib.Path(name).expanduser().resolve().name if is_folder(name) else name
