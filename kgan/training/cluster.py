"""The processes that train one game together: their strategy, and what they agree on.

The chief, worker 0, does all that a run of one process does. The others take the same
steps (`kgan.training.follower`), and do what it tells them.
"""

import contextlib
import functools
import json
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from kgan.errors import UserError
from kgan.replicas import own_values
from kgan.training import strategies
from kgan.training.peers import VARIABLE, Peers, told

if TYPE_CHECKING:
    from kgan.game import Game
    from kgan.training.options import Options
    from kgan.training.record import Record

CHUNK = 2**17  # numbers of 8 bytes that are sent together
MOST_TASKS = 1024  # on one machine
TASK = re.compile(r"/job:(chief|worker)/(?:replica:\d+/)?task:(\d+)")


class Cluster:
    """The workers that train together, of which this process is one.

    Every method but `explained` is a meeting: all workers call it at the same point, and
    wait there for each other. With one worker each returns at once.

    Args:
        peers: the workers' `Peers`.

    Raises:
        UserError: some do not come, or TensorFlow was used already.
    """

    def __init__(self, peers: Peers) -> None:
        self.peers, self.count = peers, len(peers.addresses)
        self.chief = peers.index == 0
        self._stepping = self._ended = False
        self._leading = 0  # how many runs deep: stage I is led within stage II
        self._total = tf.function(self._sum, autograph=False)
        if self.count > 1:
            peers.meet()
            try:
                self.strategy = tf.distribute.MultiWorkerMirroredStrategy()
            except RuntimeError as error:
                raise UserError(
                    "strategy=workers",
                    f"TensorFlow was used before the workers met ({error})",
                    "call this before anything else of TensorFlow",
                ) from error

    def strategy_for(self, strategy: str) -> tf.distribute.Strategy:
        """Returns the strategy of the workers, or that of this one by its name."""
        return self.strategy if self.count > 1 else strategies.chosen(strategy)

    @contextlib.contextmanager
    def leading(self) -> Iterator[None]:
        """A context of the chief, at whose end the others are told how the run ended."""
        outermost = not self._leading
        if outermost:
            self._stepping = self._ended = False
        self._leading += 1
        try:
            yield
        except UserError as error:
            # In a step the others wait for another number, and see that this one is gone.
            if not self._stepping and not self._ended:
                self._ended = True
                told = [error.field, error.problem, error.remedy, error.exit_code]
                self.tell({"do": "end", "error": told})
            raise
        except tf.errors.OpError as error:
            raise self.explained(error) from error
        finally:
            self._leading -= 1
        self.tell({"do": "end", "error": None})

    @contextlib.contextmanager
    def stepping(self) -> Iterator[None]:
        """A context of the chief in which the others take steps with it."""
        self._stepping = True
        yield
        self._stepping = False  # not after an error

    def check_same(self, record: "Record", game: "Game", options: "Options") -> None:
        """Checks that all workers have the same run: each reads its rows by itself.

        Args:
            record: the run's, as this worker knows it.
            game: the compiled game, tuned.
            options: the run's `Options`.

        Raises:
            UserError: some differ from the chief; they are named.
        """
        if self.count == 1:
            return
        own = record.digests | {"steps_per_execution": game.steps_per_execution}
        own |= {
            k: int(getattr(options, k)) for k in ("sync_batch_norm", "deterministic")
        }
        try:
            found = self.listed(*own.values())
        except tf.errors.OpError as error:
            raise self.explained(error) from error
        for column, name in enumerate(own):
            odd = np.flatnonzero(found[:, column] != found[0, column])
            if odd.size:
                who = {int(k): self.peers.addresses[k] for k in odd}
                raise UserError(
                    told(who),
                    f"not the chief's {name}",
                    "give all workers the same files, and start all with the same command",
                )

    @property
    def first_replica(self) -> int:
        """The number of this process' first replica."""
        return self.peers.index * self._here if self.count > 1 else 0

    @property
    def _here(self):
        return self.strategy.num_replicas_in_sync // self.count

    def listed(self, *numbers: int) -> np.ndarray:
        """Returns the numbers that each worker gives, int64 (workers, numbers)."""
        if self.count == 1:
            return np.asarray([numbers])
        own = np.zeros((self.count, len(numbers)), np.int64)
        own[self.peers.index] = numbers
        return self._total(tf.constant(own)).numpy()

    def tell(self, order: dict[str, Any], game: "Game | None" = None) -> None:
        """Tells the others what to do, and the state of the game to do it with.

        Args:
            order: plain values, as `hear` returns them to the others.
            game: whose state they take over.
        """
        if self.count > 1:
            values = own_values(game.state) if game else []
            parts = [json.dumps(order).encode()]
            parts += [value.numpy().tobytes() for value in values]
            self.listed(*map(len, (parts[0], b"".join(parts))))
            self._sent(b"".join(parts))

    def hear(self, game: "Game") -> dict[str, Any]:
        """Waits for what the chief tells; returns its order. `game` gets its state."""
        first, size = map(int, self.listed(0, 0)[0])
        text = self._sent(bytes(size))
        at = first
        for variable in own_values(game.state) if size > first else ():
            like = variable.numpy()
            value = np.frombuffer(text, like.dtype, like.size, at).reshape(like.shape)
            variable.assign(value)
            at += like.nbytes
        return json.loads(text[:first])

    def _sent(self, text):
        """The chief's bytes, on every worker; as many have to be given by each."""
        padded = text + bytes(-len(text) % (8 * CHUNK))
        numbers = np.frombuffer(padded, np.int64).reshape(-1, CHUNK)
        found = [self._total(tf.constant(some)).numpy() for some in numbers]
        return np.concatenate(found).tobytes()[: len(text)] if found else b""

    def _sum(self, x):
        def own():
            context = tf.distribute.get_replica_context()
            first = context.replica_id_in_sync_group % self._here == 0
            return x * tf.cast(first, x.dtype)

        return self.strategy.reduce("SUM", self.strategy.run(own), axis=None)

    def explained(self, error: Exception) -> Exception:
        """Returns a UserError for an error that another worker's end caused, or `error`."""
        lost = (tf.errors.UnavailableError, tf.errors.AbortedError)
        lost += (tf.errors.CancelledError, tf.errors.InternalError)
        lost += (tf.errors.DeadlineExceededError, tf.errors.FailedPreconditionError)
        if self.count == 1 or not isinstance(error, lost):
            return error
        gone = self.peers.away() or self._named(str(error))
        if not gone:
            return error
        return UserError(
            told(gone),
            "went away",
            "the same command on all workers goes on from the last checkpoint",
            exit_code=1,
        )

    def _named(self, text):
        found = {
            int(number) + (kind == "worker" and "chief" in text) * 1
            for kind, number in TASK.findall(text)
        }
        return {k: v for k, v in self.peers.others.items() if k in found}


def of(strategy: str, named: str) -> Cluster:
    """Returns the cluster that a strategy asks for; of one worker for most.

    Args:
        strategy: "workers" for those that are named; "auto" for them if there are several.
        named: "tf_config" if $TF_CONFIG names them, "slurm" if Slurm does.

    Raises:
        UserError: "workers" without others, or they cannot be found or reached.
    """
    if strategy not in ("auto", "workers"):
        return met(Peers())
    if named == "slurm":
        os.environ[VARIABLE] = of_slurm()
    found = Peers.of_environment()
    if strategy == "workers" and len(found.addresses) == 1:
        raise UserError(
            "strategy=workers",
            f"${VARIABLE} names no other worker",
            "set it, or use `workers=2` for two processes of this machine",
        )
    return met(found)


@functools.cache
def met(peers: Peers) -> Cluster:
    """Returns the `Cluster` of some peers, always the same: they can meet only once."""
    return Cluster(peers)


def of_slurm() -> str:
    """Returns what $TF_CONFIG has to be in this task of a Slurm step.

    Raises:
        UserError: this is no task of a step.
    """
    first = 20_000 + int(os.environ.get("SLURM_JOB_ID", "0")) % 10_000 * 2
    try:
        # Slurm gives each task its own GPUs, so TensorFlow need not part them.
        resolver = tf.distribute.cluster_resolver.SlurmClusterResolver(
            port_base=first,
            gpus_per_node=MOST_TASKS,
            gpus_per_task=1,
            auto_set_gpu=False,
        )
        addresses = resolver.cluster_spec().as_dict()["worker"]
        # Not the rank: TensorFlow sorts the hosts, and Slurm need not.
        host, place = os.environ["SLURMD_NODENAME"], int(os.environ["SLURM_LOCALID"])
        task = {"type": "worker", "index": addresses.index(f"{host}:{first + place}")}
    except (RuntimeError, ValueError, KeyError) as error:
        raise UserError(
            "cluster=slurm",
            f"this is no task of a Slurm step ({error})",
            "start it with srun",
        ) from error
    return json.dumps({"cluster": {"worker": addresses}, "task": task})
