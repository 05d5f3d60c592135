"""Starts the workers of a run on this machine, each a process of its own."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from absl import flags as absl_flags

from kgan.errors import UserError
from kgan.training.peers import VARIABLE, Peers

# Seconds in which the others end once one worker was killed, and once one has ended
# with an error: they may still be saving then.
AFTER_A_KILL, AFTER_AN_END = 30.0, 90.0
GPUS = "CUDA_VISIBLE_DEVICES"


def wanted(flags: absl_flags.FlagValues) -> bool:
    """Returns whether this process only starts the workers, and is none itself.

    Raises:
        UserError: the flags, or they and $TF_CONFIG, do not go together.
    """
    if not flags.workers:
        return False
    asked = f"workers={flags.workers}"
    if flags.strategy not in ("auto", "workers") or flags.cluster != "tf_config":
        other = "cluster" if flags.cluster != "tf_config" else "strategy"
        raise UserError(
            asked, f"does not go with `{other}={flags[other].value}`", "say one of them"
        )
    if not os.environ.get(VARIABLE):
        return True
    known = len(Peers.of_environment().addresses)
    if known != flags.workers:
        raise UserError(asked, f"${VARIABLE} names {known}", "leave it out")
    return False


class Workers(NamedTuple):
    """The processes that are started together.

    Attributes:
        count: how many.
        folder: of the run, where their logs are written.
        restarts: how often all are started again after one was killed.
    """

    count: int
    folder: Path
    restarts: int

    def train(self) -> int:
        """Starts the command of this process as all workers; returns the exit code."""
        gpus = _gpus(self.count)
        arguments = list(sys.argv)
        for again in range(self.restarts + 1):
            attempt = _Attempt(self, gpus)
            codes = asyncio.run(attempt.made(arguments))
            killed = {k: -code for k, code in enumerate(codes) if code < 0}
            killed = {k: v for k, v in killed.items() if k not in attempt.ended_here}
            who = ", ".join(
                f"worker {k} was killed by {signal.Signals(v).name}"
                for k, v in killed.items()
            )
            if not killed or attempt.asked or again == self.restarts:
                break
            _say(f"{who}; starts all again, {again + 1} of {self.restarts}")
            arguments = going_on(arguments)
        if killed and not attempt.asked:
            _say(f"{who}; the same command goes on from the last checkpoint")
        failed = [code for code in codes if code]
        return failed[0] if failed and failed[0] > 0 else int(bool(failed))


def going_on(arguments: list[str]) -> list[str]:
    """Returns a command line without `--fresh`, in each way in which absl takes it."""
    ways = "-fresh", "--fresh"
    return [one for one in arguments if one.partition("=")[0] not in ways]


class _Attempt:
    """One start of all workers, until the last of them has ended."""

    def __init__(self, workers, gpus):
        self.workers, self.gpus = workers, gpus
        self.asked = False  # by a signal, to end
        self.ended_here = set()  # workers that did not end by themselves

    async def made(self, arguments):
        """Returns the exit codes, the chief's first."""
        addresses = [f"127.0.0.1:{port}" for port in free_ports(self.workers.count)]
        self.processes = [
            await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                env=os.environ | self._environment(addresses, k),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C comes through this process alone
            )
            for k in range(len(addresses))
        ]
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._pass_on, number)
        ends = [asyncio.create_task(self._end(k)) for k in range(len(addresses))]
        try:
            for first in asyncio.as_completed(ends):
                if code := await first:
                    break
            patience = AFTER_A_KILL if code < 0 else AFTER_AN_END
            _, late = await asyncio.wait(ends, timeout=patience)
            self.ended_here = {k for k, end in enumerate(ends) if end in late}
        finally:
            for process in self.processes:
                if process.returncode is None:
                    process.kill()
        return await asyncio.gather(*ends)

    def _environment(self, addresses, k):
        task = {"type": "worker", "index": k}
        own = {VARIABLE: json.dumps({"cluster": {"worker": addresses}, "task": task})}
        if self.gpus:
            each = len(self.gpus) // self.workers.count
            own[GPUS] = ",".join(self.gpus[k * each : (k + 1) * each])
        return own

    def _pass_on(self, number):
        self.asked = True
        for process in self.processes:
            if process.returncode is None:
                process.send_signal(number)

    async def _end(self, k):
        """Waits for the end of a worker, and keeps what it says; returns its code."""
        process = self.processes[k]
        self._keep(k, b"")  # a log of a worker that says nothing is there as well
        streams = (process.stdout, sys.stdout), (process.stderr, sys.stderr)
        await asyncio.gather(
            *(
                self._relay(k, source, own if k == 0 else None)
                for source, own in streams
            )
        )
        return await process.wait()

    async def _relay(self, k, source, own):
        while some := await source.read(65536):
            self._keep(k, some)
            if own:
                own.buffer.write(some)
                own.flush()

    def _keep(self, k, some):
        folder = self.workers.folder
        try:
            # Opened anew each time: --fresh moves the folder away meanwhile.
            folder.mkdir(parents=True, exist_ok=True)
            with open(folder / f"worker-{k}.log", "ab") as log:
                log.write(some)
        except OSError as error:
            raise UserError(
                f"workdir={folder}",
                f"cannot be written ({error.strerror})",
                exit_code=1,
            ) from error


def free_ports(count: int) -> list[int]:
    """Returns ports of this machine that nobody listens to now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _gpus(count: int) -> list[Any]:
    """The GPUs that the workers share evenly; [] without any."""
    given = os.environ.get(GPUS)
    if given is not None:
        found = [one for one in given.split(",") if one.strip() not in ("", "-1")]
    elif shutil.which("nvidia-smi"):
        listed = subprocess.run(
            ["nvidia-smi", "--list-gpus"], capture_output=True, text=True, check=False
        )
        lines = [one for one in listed.stdout.splitlines() if one.startswith("GPU ")]
        found = list(map(str, range(len(lines))))
    else:
        found = []
    if len(found) % count:
        raise UserError(
            f"workers={count}",
            f"cannot share {len(found)} GPUs evenly",
            f"hide some of them by ${GPUS}; none at all is {GPUS}=-1",
        )
    return found


def _say(line):
    print(f"{Path(sys.argv[0]).name}: {line}", file=sys.stderr, flush=True)
