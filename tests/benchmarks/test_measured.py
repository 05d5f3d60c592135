"""kgan's own cases, small, from their data to the last tick of the clock."""

import dataclasses

import pytest

from benchmarks.cases import CASES
from benchmarks.clock import Clock
from benchmarks.peers import PEERS

SMALL = {
    "mlp-100": {"width": 4, "batch": 4, "count": 80},
    "ring": {"width": 4},
    "pix2pix": {"width": 4, "shape": (32, 32, 3), "count": 8},
    "cyclegan": {"width": 4, "shape": (32, 32, 3), "count": 8, "pool": 2},
    "sampling": {"width": 4, "count": 20},
    "fid": {"count": 50},
    "input-disk": {"count": 64},
    "input-epochs": {"count": 64, "epochs": 2},
    "input-cached": {"count": 128},
}
LONG = ("mlp-100", "ring", "pix2pix", "cyclegan")  # which the slow run measures


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[pytest.mark.slow] * (n in LONG)) for n in SMALL],
)
def test_a_case(name):
    """As kgan's users run it, and its step alone."""
    case = dataclasses.replace(CASES[name], **SMALL[name])
    peers = [PEERS[one] for one in ("kgan", "kgan-bare") if PEERS[one].takes(case)]
    assert len(peers) == 1 + case.trains
    for peer in peers:
        clock = Clock(0.01, warm=1)
        told = peer.module(case.kind).measure(case, clock, **peer.options)
        assert clock.units and clock.elapsed >= 0.01
        assert bool(told) == (case.network != "none")
