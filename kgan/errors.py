"""The one exception that a person using kgan is meant to read."""

import difflib
import re
from collections.abc import Callable, Iterable


class UserError(Exception):
    """One line that names what was wrong, where, and what to do.

    The library speaks of fields; names of fields stand between backticks in `problem`
    and `remedy`, so that `kgan.cli` can write the flags that set them. The binaries
    print the line without a traceback and exit with `exit_code`.

    Args:
        field: what was wrong: a field, with its value where that helps, such as
            "penalty=r3"; or a path.
        problem: what is wrong with it.
        remedy: what to do; "" where the problem says it.
        exit_code: 2 for a wrong command or configuration, 1 for a run that could not
            go on.

    Example:
        try:
            kgan.train("infogna")
        except kgan.UserError as error:
            print(error)  # what=infogna: no such variant; did you mean 'infogan'? ...
    """

    def __init__(
        self, field: object, problem: str = "", remedy: str = "", exit_code: int = 2
    ) -> None:
        super().__init__(field, problem, remedy)
        self.field: str = printable(str(field))
        self.problem: str = problem
        self.remedy: str = remedy
        self.exit_code: int = exit_code

    def written(self, name: Callable[[str], str]) -> str:
        """The line, with each field's text as `name` writes it.

        Args:
            name: a function from "field" or "field=value" to a text.
        """

        def marked(text):
            return re.sub(r"`([^`]*)`", lambda found: name(found[1]), text)

        told = name(self.field)
        told += f": {marked(self.problem)}" if self.problem else ""
        return told + (f"; {marked(self.remedy)}" if self.remedy else "")

    def __str__(self) -> str:
        return self.written(lambda field: field)

    def _render_traceback_(self):
        """Returns the line that a notebook shows in place of a traceback."""
        return [f"UserError: {self}"]


def nearest(name: str, known: Iterable[str]) -> str:
    """Returns "; did you mean 'X'?" for the known name nearest to `name`, or ""."""
    if name.lstrip("-").isdecimal():  # a number is near to none but itself
        return ""
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    return f"; did you mean {found[0]!r}?" if found else ""


def few(texts: Iterable[str], most: int = 5) -> str:
    """Returns the first `most` of some texts as one, and "..." if there are more."""
    known = list(texts)
    return ", ".join(known[:most] + ["..."] * (len(known) > most))


def printable(name: str) -> str:
    """Returns `name` with "?" for each character that cannot be printed.

    The name of a file may hold line ends, terminal commands and broken Unicode.
    """
    return "".join(letter if letter.isprintable() else "?" for letter in name)
