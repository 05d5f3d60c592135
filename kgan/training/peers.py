"""The addresses of the processes that train together, and who of them can be reached."""

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple, Self

from kgan.errors import UserError

VARIABLE = "TF_CONFIG"
PATIENCE = 60.0  # seconds in which all have to come
CALL = 2.0  # seconds that one attempt may take


class Peers(NamedTuple):
    """The processes that train together, the workers.

    Attributes:
        addresses: HOST:PORT of each, the chief first.
        index: which of them this process is.
    """

    addresses: tuple[str, ...] = ("",)
    index: int = 0

    @classmethod
    def of_environment(cls) -> Self:
        """Returns those that $TF_CONFIG names; this process alone where it is not set.

        Raises:
            UserError: it cannot be read, or names what is no worker.
        """
        text = os.environ.get(VARIABLE)
        if not text:
            return cls()
        try:
            found = json.loads(text)
            named, task = found["cluster"], found["task"]
            kinds = {kind: _checked(named[kind]) for kind in named}
            kind, index = str(task["type"]), int(task["index"])
            chiefs = kinds.get("chief", ())
            if not 0 <= index < len(kinds[kind]):
                raise IndexError(f"no {kind} {index}")
            here = index + len(chiefs) * (kind == "worker")
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise UserError(
                VARIABLE,
                f"cannot be read ({type(error).__name__}: {error})",
                'it is such as {"cluster": {"worker": ["HOST:PORT", "HOST:PORT"]}, '
                '"task": {"type": "worker", "index": 0}}',
            ) from error
        if set(kinds) - {"chief", "worker"}:
            odd = ", ".join(sorted(set(kinds) - {"chief", "worker"}))
            raise UserError(VARIABLE, f"names {odd}", "there are only chief and worker")
        return cls(chiefs + kinds.get("worker", ()), here)

    @property
    def others(self) -> dict[int, str]:
        """The number and the address of each other process."""
        every = dict(enumerate(self.addresses))
        return {k: v for k, v in every.items() if k != self.index}

    def away(self) -> dict[int, str]:
        """Returns the number and the address of each other that does not answer."""
        return {k: v for k, v in self.others.items() if not _answers(v)}

    def meet(self, patience: float = PATIENCE) -> None:
        """Waits until all the others can be reached.

        Args:
            patience: seconds.

        Raises:
            UserError: some did not come; all of them are named.
        """
        end = time.monotonic() + patience
        with self._answering():
            missing = self.away()
            while missing and time.monotonic() < end:
                time.sleep(0.1)
                missing = {k: v for k, v in missing.items() if not _answers(v)}
        if missing:
            who = told(missing)
            raise UserError(
                who,
                f"did not come within {patience:.0f} seconds",
                "start all workers with the same command, and see that they can reach "
                "each other",
                exit_code=1,
            )

    @contextlib.contextmanager
    def _answering(self) -> Iterator[None]:
        """A context in which the others can reach this process."""
        port = int(self.addresses[self.index].rpartition(":")[2])
        with socket.socket() as here:
            here.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                here.bind(("", port))
            except OSError as error:
                raise UserError(
                    self.addresses[self.index],
                    f"cannot be listened to ({error.strerror})",
                    f"name another port in ${VARIABLE}",
                    exit_code=1,
                ) from error
            here.listen()
            thread = threading.Thread(target=_greet, args=(here,), daemon=True)
            thread.start()
            yield
            here.shutdown(socket.SHUT_RDWR)
            thread.join(CALL)


def _checked(addresses):
    """The addresses of a list, each HOST:PORT."""
    if not isinstance(addresses, list):
        raise TypeError(f"{addresses!r} is no list")
    for address in map(str, addresses):
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 2**16:
            raise ValueError(f"{address} is no HOST:PORT")
    return tuple(map(str, addresses))


def told(workers: dict[int, str]) -> str:
    """Returns workers in words, such as "worker 1 (host:2222)"."""
    return ", ".join(f"worker {k} ({v})" for k, v in sorted(workers.items()))


def _greet(here):
    """Takes every call until the socket is shut."""
    with contextlib.suppress(OSError):
        while True:
            other, _ = here.accept()
            with other, contextlib.suppress(OSError):
                other.settimeout(CALL)
                # The caller closes first, so that the port is free at once.
                other.recv(1)


def _answers(address):
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), CALL).close()
    except OSError:
        return False
    return True
