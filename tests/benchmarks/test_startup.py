import json

import pytest

from benchmarks import runner, startup
from kgan.errors import UserError

ENDS = {"import": 5.0, "data": 5.5, "build": 7.0, "callbacks": 7.5, "compile": 11.0}


def test_parts_are_from_one_end_to_the_next():
    found = startup.parts(ENDS)
    assert found == {
        "import": 5.0,
        "data": 0.5,
        "build": 1.5,
        "callbacks": 0.5,
        "compile": 3.5,
    }


def test_each_start_is_kept(tmp_path):
    folders = []

    def start(workdir):
        folders.append(workdir)
        slower = 1.0 + len(folders)
        return {n: slower * t for n, t in startup.parts(ENDS).items()}

    path = tmp_path / "out.json"
    about = {"machine": "an abacus"}
    kept = startup.run(rounds=3, path=path, about=about, start=start, log=print)
    assert json.loads(path.read_text()) == kept
    assert len(set(folders)) == 3
    told = startup.text(kept).splitlines()
    assert "15.00 s (10.00–20.00)" in told[0]  # import
    assert "33.00 s (22.00–44.00)" in told[5] and told[6] == "an abacus"


def test_a_start_that_fails_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(runner.sys, "executable", "false")
    with pytest.raises(UserError, match="bin/train_gan: failed: no word"):
        startup.start(tmp_path)


@pytest.mark.slow
def test_starts_the_real_one(tmp_path):
    found = startup.start(tmp_path / "run")
    assert list(found) == list(startup.PARTS)
    assert all(time > 0.0 for time in found.values())
