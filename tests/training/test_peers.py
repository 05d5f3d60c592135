"""Which workers there are, and that one which does not come is named."""

import json
import threading
import time

import pytest

from kgan.cli.launch import free_ports
from kgan.errors import UserError
from kgan.training.peers import Peers


def named(monkeypatch, task, **cluster):
    """The peers of a $TF_CONFIG."""
    found = json.dumps({"cluster": cluster, "task": task})
    monkeypatch.setenv("TF_CONFIG", found)
    return Peers.of_environment()


def test_nobody_is_named(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    assert Peers.of_environment() == Peers() and Peers().others == {}


def test_workers(monkeypatch):
    found = named(monkeypatch, {"type": "worker", "index": 1}, worker=["a:1", "b:2"])
    assert found == Peers(("a:1", "b:2"), 1) and found.others == {0: "a:1"}


def test_a_chief_comes_before_the_workers(monkeypatch):
    task = {"type": "worker", "index": 0}
    found = named(monkeypatch, task, worker=["b:2"], chief=["a:1"])
    assert found == Peers(("a:1", "b:2"), 1)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 1}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "chief", "index": 0}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": -1}}',
        '{"cluster": {"worker": ["a"]}, "task": {"type": "worker", "index": 0}}',
        '{"cluster": {"worker": ["a:70000"]}, "task": {"type": "worker", "index": 0}}',
        '{"cluster": {"worker": "a:1"}, "task": {"type": "worker", "index": 0}}',
    ],
)
def test_what_cannot_be_read(monkeypatch, text):
    monkeypatch.setenv("TF_CONFIG", text)
    with pytest.raises(UserError, match=r"TF_CONFIG: cannot be read .*it is such as"):
        Peers.of_environment()


def test_what_is_no_worker(monkeypatch):
    task = {"type": "worker", "index": 0}
    with pytest.raises(UserError, match="TF_CONFIG: names ps; there are only"):
        named(monkeypatch, task, worker=["a:1"], ps=["b:2"])


def test_all_meet():
    addresses = tuple(f"127.0.0.1:{port}" for port in free_ports(3))
    came, every = [], threading.Barrier(3)

    def come(index):
        time.sleep(0.1 * index)
        Peers(addresses, index).meet(20)
        came.append(index)
        with Peers(addresses, index)._answering():  # as TensorFlow's server then does
            every.wait(30)

    threads = [threading.Thread(target=come, args=(k,)) for k in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(came) == [0, 1, 2]


def test_who_does_not_come_is_named():
    addresses = tuple(f"127.0.0.1:{port}" for port in free_ports(3))
    here, away = Peers(addresses, 0), Peers(addresses, 2)
    with here._answering(), pytest.raises(UserError) as refused:
        away.meet(0.3)
    assert str(refused.value).startswith(
        f"worker 1 ({addresses[1]}): did not come within 0 seconds; start all workers"
    )
    assert refused.value.exit_code == 1
    assert away.away() == {0: addresses[0], 1: addresses[1]}


def test_a_port_that_is_taken():
    addresses = tuple(f"127.0.0.1:{port}" for port in free_ports(2))
    with Peers(addresses, 0)._answering(), pytest.raises(UserError, match="listened"):
        Peers(addresses, 0).meet(0.1)
