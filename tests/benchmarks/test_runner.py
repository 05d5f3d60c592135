import json

import pytest

from benchmarks import runner
from benchmarks.cases import CASES
from benchmarks.peers import PEERS
from kgan.errors import UserError

ABOUT = {"machine": "an abacus", "threads": 2, "seconds": 1.0}


class Workers:
    """Stands for the processes: notes who was started."""

    def __init__(self, parameters=(1, 2)):
        self.started, self.parameters = [], parameters

    def __call__(self, case, peer, seconds):
        self.started.append((case.name, peer.name))
        count = [1, 2] if peer.name == "kgan" else list(self.parameters)
        return {"seconds": 0.1, "parameters": count, "shape": [2]}


def run(path, workers, cases=("ring",), peers=("keras", "torch"), pairs=2):
    return runner.run(
        [CASES[name] for name in cases],
        [PEERS[name] for name in peers],
        pairs=pairs,
        seconds=1.0,
        path=path,
        start=workers,
        about=ABOUT,
        log=lambda line: None,
    )


def test_kgan_and_a_peer_take_turns(tmp_path):
    workers = Workers()
    kept, failed = run(tmp_path / "out.json", workers)
    assert not failed
    names = [name for _, name in workers.started]
    assert names == 2 * ["kgan", "keras", "kgan", "torch"]
    assert runner.read(tmp_path / "out.json") == kept
    assert kept["about"] == ABOUT


def test_goes_on_where_it_was(tmp_path):
    run(tmp_path / "out.json", Workers(), pairs=1)
    workers = Workers()
    kept, _ = run(tmp_path / "out.json", workers, pairs=2)
    assert len(workers.started) == 4 and len(kept["pairs"]) == 4


def test_results_of_an_older_version_are_completed(tmp_path):
    path, workers = tmp_path / "out.json", Workers()
    run(path, workers, pairs=1)
    runner.write(path, runner.read(path) | {"about": {"machine": "an abacus"}})
    with pytest.raises(UserError, match="out.json: does not say its seconds, threads"):
        runner.results(path)
    kept, _ = run(path, workers, pairs=1)
    assert len(workers.started) == 4 and runner.results(path) == kept


def test_leaves_out_whom_a_case_is_not_for(tmp_path):
    workers = Workers()
    peers = "torch-channels-last", "kgan-bare", "torch-compiled"
    run(tmp_path / "out.json", workers, ("ring", "input-disk"), peers, pairs=1)
    others = [one for one in workers.started if one[1] != "kgan"]
    assert others == [("ring", "kgan-bare"), ("ring", "torch-compiled")]


def test_refuses_other_networks_and_goes_on_with_the_next_peer(tmp_path):
    workers = Workers(parameters=(1, 3))
    kept, failed = run(tmp_path / "out.json", workers)
    assert not kept["pairs"] and len(failed) == 2
    assert "ring: keras has parameters [1, 3]" in failed[0]
    assert "not the same networks" in failed[0]
    assert len(workers.started) == 4  # and no second round of either


def test_refuses_a_file_of_something_else(tmp_path):
    for text in ("no json", json.dumps({"pairs": [{"case": "ring"}]})):
        (tmp_path / "out.json").write_text(text)
        with pytest.raises(UserError, match="no results of benchmarks/run"):
            runner.read(tmp_path / "out.json")


def test_an_unknown_name_is_told():
    with pytest.raises(UserError, match="--case=rings: unknown.*ring"):
        runner.choose("rings", "keras")


def test_a_peer_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr(type(PEERS["torch"]), "installed", False)
    with pytest.raises(UserError, match="torch is not installed"):
        runner.choose("ring", "torch")


def test_all_are_those_that_are_there(monkeypatch):
    there = property(lambda peer: peer.framework != "torch")
    monkeypatch.setattr(type(PEERS["torch"]), "installed", there)
    said = []
    cases, peers = runner.choose("all", "all", said.append)
    assert [peer.name for peer in peers] == ["kgan-bare", "kgan-xla", "keras"]
    assert len(cases) == len(CASES) and "torch-compiled" in said[0]
    _, peers = runner.choose("ring", "kgan-bfloat16", said.append)
    assert peers == [PEERS["kgan-bfloat16"]] and len(said) == 1


def test_a_worker_that_fails_is_told(monkeypatch):
    monkeypatch.setattr(runner.sys, "executable", "false")
    with pytest.raises(UserError, match="ring, torch: failed: no word"):
        runner.start_worker(CASES["ring"], PEERS["torch"], 0.1)
