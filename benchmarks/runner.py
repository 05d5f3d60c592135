"""Runs kgan and a peer in turns, each time in a new process, and records every run."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.cases import CASES
from benchmarks.peers import OURS, PEERS, check_installed
from kgan.errors import UserError, nearest

CHECKOUT = Path(__file__).resolve().parents[1]


def chosen(name, known, flag):
    """Returns the objects of `known` that are named: one, several by commas, or "all".

    Raises:
        UserError: `known` has no such name.
    """
    if name == "all":
        return list(known.values())
    names = name.split(",")
    for one in names:
        if one not in known:
            raise UserError(
                f"--{flag}={one}: unknown{nearest(one, known)}; "
                f"there are {', '.join(known)}, or all"
            )
    return [known[one] for one in names]


def choose(cases, peers, log=print):
    """Returns the cases and the peers that are named; for "all", the installed peers.

    Raises:
        UserError: an unknown name, or a named peer that is not installed.
    """
    found = [peer for peer in chosen(peers, PEERS, "peer") if peer.name != OURS]
    if peers == "all":
        found = [peer for peer in found if not peer.named_only]
    else:
        for peer in found:
            check_installed(peer)
    missing = [peer.name for peer in found if not peer.installed]
    if missing:
        log(f"left out, as PyTorch is not installed: {', '.join(missing)}")
    return chosen(cases, CASES, "case"), [peer for peer in found if peer.installed]


def run(cases, peers, *, pairs, seconds, path, start, about, log=print):
    """Measures `pairs` of kgan and each peer in each case, and writes `path` after each.

    What `path` holds already is kept, and not measured again. Each round measures every
    peer once, so that a run that is interrupted has results of every peer. If a pair
    fails, that is logged, and the peer is left out of that case.

    Args:
        cases: `Case`s.
        peers: `Peer`s.
        pairs: how many pairs are measured.
        seconds: length of a measurement.
        path: the JSON file of the results.
        start: (case, peer, seconds) -> a dict of results; runs the worker.
        about: a dict that describes the machine.
        log: called with a line for each pair.

    Returns:
        (what the JSON holds: {"about", "pairs": [{"case", "peer", "round", "kgan",
        "other"}]}, a line for each peer that failed in a case).
    """
    kept = read(path) if path.exists() else {"pairs": []}
    kept["about"] = about
    if kept["pairs"]:
        write(path, kept)  # of another version, its `about` can hold less
    done = {(pair["case"], pair["peer"], pair["round"]) for pair in kept["pairs"]}
    failed = {}
    for case in cases:
        for turn in range(pairs):
            for peer in peers:
                name = case.name, peer.name
                if not peer.takes(case) or (*name, turn) in done or name in failed:
                    continue
                names = {"case": case.name, "peer": peer.name, "round": turn}
                try:
                    pair = _pair(case, peer, seconds, start)
                except UserError as error:
                    failed[name] = str(error)
                    log(failed[name])
                    continue
                kept["pairs"].append(names | pair)
                write(path, kept)
                log(_line(names, pair))
    return kept, list(failed.values())


def _pair(case, peer, seconds, start):
    ours, other = start(case, PEERS[OURS], seconds), start(case, peer, seconds)
    for name in ("parameters", "shape"):
        if ours.get(name) != other.get(name):
            raise UserError(
                f"{case.name}: {peer.name} has {name} {other.get(name)}, kgan "
                f"{ours.get(name)}: not the same networks",
                exit_code=1,
            )
    return {"kgan": ours, "other": other}


def _line(names, pair):
    ours, other = pair["kgan"]["seconds"], pair["other"]["seconds"]
    return (
        f"{names['case']}, round {names['round'] + 1}: kgan {ours * 1e3:,.2f} ms, "
        f"{names['peer']} {other * 1e3:,.2f} ms ({other / ours:.2f}x)"
    )


def start_worker(case, peer, seconds):
    """Runs `benchmarks.worker` in a new process, and returns what it measured.

    Raises:
        UserError: the process failed; the message is the last line that it wrote.
    """
    asked = {"case": asdict(case), "peer": peer.name, "seconds": seconds}
    of = f"{case.name}, {peer.name}"
    return answer("benchmarks.worker", json.dumps(asked), of=of)


def answer(module, *arguments, of):
    """Runs a module in a new process, and returns the last line it prints, from JSON.

    Args:
        module: its name, as `python -m` takes it.
        arguments: of its command line.
        of: what is measured, for the message.

    Raises:
        UserError: the process failed; the message is the last line that it wrote.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip() or "no word").splitlines()[-1]
        raise UserError(f"{of}: failed: {said}", exit_code=1)
    return json.loads(done.stdout.strip().splitlines()[-1])


FIELDS = {"case", "peer", "round", "kgan", "other"}  # of a pair


def read(path, kind="pairs", fields=FIELDS, command="benchmarks/run"):
    """Reads what an earlier run has written.

    Args:
        path: the JSON file.
        kind: the key of its list of measurements.
        fields: the keys that each measurement has.
        command: that wrote the file, for the message.

    Raises:
        UserError: the file is damaged, or holds something else.
    """
    try:
        kept = json.loads(Path(path).read_text(encoding="utf-8"))
        if any(set(one) != fields for one in kept[kind]):
            raise ValueError(f"not the fields of its {kind}")
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise UserError(f"{path}: no results of {command} ({error})") from error
    return kept


ABOUT = {"machine", "threads", "seconds"}  # what `about` tells of the pairs


def results(path):
    """Returns what `run` has written, if it says under which conditions.

    Raises:
        UserError: as `read`, or the file is of a version that recorded less.
    """
    kept = read(path)
    lacking = ABOUT - kept.get("about", {}).keys()
    if lacking:
        raise UserError(
            f"{path}: does not say its {', '.join(sorted(lacking))}: run the command "
            "that measured it once more, which adds that",
            exit_code=1,
        )
    return kept


def write(path, kept):
    """Writes results to a JSON file."""
    from kgan.files import write_text

    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps(kept, indent=1) + "\n")
