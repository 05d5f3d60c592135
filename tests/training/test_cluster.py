"""The workers of a run as one of them sees them; `test_strategies` lets two train."""

import dataclasses
import json
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from kgan.cli.launch import free_ports
from kgan.configs import gan
from kgan.errors import UserError
from kgan.training import cluster
from kgan.training.cluster import Cluster
from kgan.training.options import Options
from kgan.training.peers import Peers
from kgan.training.run import Variant, prepare

SLURM = {
    "SLURM_JOB_ID": "7",
    "SLURM_PROCID": "0",
    "SLURM_STEP_NUM_TASKS": "3",
    "SLURM_STEP_NODELIST": "n[9-10]",
    "SLURM_STEP_TASKS_PER_NODE": "2,1",
    "SLURMD_NODENAME": "n9",
    "SLURM_LOCALID": "1",
}


def test_one_worker_agrees_with_itself():
    one = Cluster(Peers())
    assert one.chief and one.first_replica == 0
    assert one.listed(15, 1).tolist() == [[15, 1]]
    one.tell({"do": "end"})
    error = tf.errors.UnavailableError(None, None, "")
    assert one.explained(error) is error


def test_workers_need_others(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    assert cluster.of("auto", "tf_config") is cluster.of("one", "tf_config")
    with pytest.raises(
        UserError, match=r"strategy=workers: \$TF_CONFIG names no other"
    ):
        cluster.of("workers", "tf_config")


def test_slurm_says_who_the_workers_are(monkeypatch):
    """TensorFlow sorts the hosts, n10 before n9, and Slurm counts n9's tasks first."""
    for name, value in SLURM.items():
        monkeypatch.setenv(name, value)
    found = json.loads(cluster.of_slurm())
    addresses = ["n10:20014", "n9:20014", "n9:20015"]
    assert found["cluster"] == {"worker": addresses}
    assert found["task"] == {"type": "worker", "index": 2}


def test_no_step_of_slurm(monkeypatch):
    for name in SLURM:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(UserError, match="cluster=slurm: this is no task.*srun"):
        cluster.of_slurm()


@pytest.fixture
def chief():
    """The chief of two workers, that never met; the other one's port is closed."""
    one = Cluster(Peers())
    addresses = tuple(f"127.0.0.1:{port}" for port in free_ports(2))
    one.peers, one.count = Peers(addresses, 0), 2
    return one


def test_who_went_away_is_named(chief):
    other = chief.peers.addresses[1]
    found = chief.explained(tf.errors.UnavailableError(None, None, "Socket closed"))
    assert str(found).startswith(f"worker 1 ({other}): went away; the same command")
    assert found.exit_code == 1


def test_who_does_not_answer_is_named_by_what_tensorflow_says(chief):
    """A machine that stands still takes calls all the same."""
    said = "unhealthy: /job:worker/replica:0/task:1"
    with Peers(chief.peers.addresses, 1)._answering():
        found = chief.explained(tf.errors.UnavailableError(None, None, said))
        assert str(found).startswith("worker 1 (")
        error = tf.errors.InternalError(None, None, "of this process alone")
        assert chief.explained(error) is error


def test_another_error_is_left_as_it_is(chief):
    error = tf.errors.InvalidArgumentError(None, None, "a shape")
    assert chief.explained(error) is error


def test_the_others_hear_of_an_error_only_where_they_wait(monkeypatch):
    told = []

    class Lead(Cluster):
        def tell(self, order, game=None):
            told.append(order)

    error = UserError("disk", "is full", "", 1)
    with pytest.raises(UserError), Lead(Peers()).leading():
        raise error
    assert told == [{"do": "end", "error": ["disk", "is full", "", 1]}]
    lead = Lead(Peers())
    with pytest.raises(UserError), lead.leading(), lead.stepping():
        raise error
    assert len(told) == 1, "in a step they wait for something else"
    with lead.leading():
        pass
    assert told[1:] == [{"do": "end", "error": None}]


def test_the_others_hear_how_each_run_of_a_process_ends():
    told = []

    class Lead(Cluster):
        def tell(self, order, game=None):
            told.append(order["error"] and order["error"][0])

    lead = Lead(Peers())
    for name in ("first", "second"):
        with pytest.raises(UserError), lead.leading(), lead.leading():
            raise UserError(name, "of a stage within a run")
    with pytest.raises(UserError), lead.leading(), lead.stepping():
        raise UserError("third", "in a step")
    with pytest.raises(UserError), lead.leading():
        raise UserError("fourth", "")
    assert told == ["first", "second", "fourth"]


class Two(Cluster):
    """The chief, and a worker whose numbers are those of `other`."""

    def __init__(self, other):
        super().__init__(Peers())
        self.peers, self.count, self.other = Peers(("a:1", "b:2"), 0), 2, other

    def listed(self, *numbers):
        return np.asarray([numbers, list(self.other)])


def test_workers_have_the_same_run(prepared):
    record = prepared.record
    own = [*record.digests.values(), 3, 1, 0]
    tuned = SimpleNamespace(steps_per_execution=3)
    Two(own).check_same(record, tuned, Options())
    names = "configuration", "data", "steps_per_execution", "sync_batch_norm"
    for column, name in enumerate(names):
        odd = [value + (k == column) for k, value in enumerate(own)]
        with pytest.raises(UserError, match=f"worker 1 .b:2.: not the chief's {name};"):
            Two(odd).check_same(record, tuned, Options())


def test_what_workers_compare(prepared):
    record = prepared.record
    other = dataclasses.replace(record, config=record.config | {"seed": 1})
    assert record.digests["configuration"] != other.digests["configuration"]
    assert record.digests["data"] == other.digests["data"]
    other = dataclasses.replace(record, data=record.data | {"number": 1})
    assert record.digests["configuration"] == other.digests["configuration"]
    assert record.digests["data"] != other.digests["data"]
    moved = dataclasses.replace(record, dataset="elsewhere", data_dir="there")
    assert moved.digests == record.digests


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A `Trainer` that has not trained."""
    config = gan.Config(width=4, epochs=1)
    variant, options = Variant.of("gan", gan), Options(log=lambda line: None)
    return prepare(variant, "digits", config, tmp_path_factory.mktemp("run"), options)
