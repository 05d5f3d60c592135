"""The one exception that a person using kgan is meant to read."""

import difflib


class UserError(Exception):
    """One line that names what was wrong, where, and what to do.

    The binaries print it without a traceback and exit with `exit_code`:
    2 for a wrong command or configuration, 1 for a run that could not go on.
    """

    def __init__(self, message, exit_code=2):
        super().__init__(message)
        self.exit_code = exit_code


def nearest(name, known):
    """Returns "; did you mean 'X'?" for the known name nearest to `name`, or ""."""
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    return f"; did you mean {found[0]!r}?" if found else ""
