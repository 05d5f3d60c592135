"""The peers that kgan is compared with, by their names on the command line."""

import importlib
import importlib.util
from dataclasses import dataclass, field

from kgan.errors import UserError

PASSES = ("sampling", "distance", "disk", "cached")


@dataclass(frozen=True)
class Peer:
    """One way to do a case.

    Attributes:
        name: on the command line.
        title: what it is.
        framework: of `kgan`, `keras`, `torch`: begins the names of its modules here.
        options: what `training` and `passes` of that framework are told.
        kinds: the kinds of cases it has an own way for.
        convolutional: only in cases with convolutions does it differ from another.
        rival: whether kgan is compared to it; the others show where kgan's time goes.
        named_only: whether "all" leaves it out.
    """

    name: str
    title: str
    framework: str
    options: dict = field(default_factory=dict)
    kinds: tuple = ("training", "translation", *PASSES)
    convolutional: bool = False
    rival: bool = True
    named_only: bool = False

    def takes(self, case):
        """Whether this peer has its own way to do `case`."""
        return case.kind in self.kinds and (
            case.convolutional or not self.convolutional
        )

    def module(self, kind):
        """Returns the module whose `measure(case, clock, ...)` does a kind of case."""
        part = "passes" if kind in PASSES else kind
        return importlib.import_module(f"{__name__}.{self.framework}_{part}")

    @property
    def installed(self):
        return importlib.util.find_spec(self.framework) is not None


TRAINING = ("training", "translation")
COMPUTING = (*TRAINING, "sampling", "distance")
OURS = "kgan"
ALL = (
    Peer(OURS, "kgan as its users run it", "kgan", rival=False),
    Peer(
        "kgan-bare",
        "kgan's compiled step alone: no input, no means, no callbacks",
        "kgan",
        {"bare": True},
        TRAINING,
        rival=False,
    ),
    Peer(
        "kgan-xla", "kgan with --jit=on", "kgan", {"jit": "on"}, TRAINING, rival=False
    ),
    Peer(
        "keras",
        "a keras.Model with its own train_step, and fit",
        "keras",
        kinds=("training", *PASSES),
    ),
    Peer("torch", "PyTorch, eager", "torch"),
    Peer(
        "torch-channels-last",
        "PyTorch, eager, with channels last in memory",
        "torch",
        {"channels_last": True},
        COMPUTING,
        convolutional=True,
    ),
    Peer("torch-compiled", "torch.compile", "torch", {"compiled": True}, COMPUTING),
    # In bfloat16: no rivals of kgan in float32, but of kgan-bfloat16.
    Peer(
        "kgan-bfloat16",
        "kgan with --precision=mixed_bfloat16",
        "kgan",
        {"precision": "mixed_bfloat16"},
        ("training",),
        rival=False,
        named_only=True,
    ),
    Peer(
        "torch-bfloat16",
        "PyTorch, eager, channels last, bfloat16 by its autocast",
        "torch",
        {"channels_last": True, "autocast": True},
        ("training",),
        rival=False,
        named_only=True,
    ),
    Peer(
        "torch-compiled-bfloat16",
        "torch.compile, channels last, bfloat16 by its autocast",
        "torch",
        {"channels_last": True, "autocast": True, "compiled": True},
        ("training",),
        rival=False,
        named_only=True,
    ),
)
PEERS = {peer.name: peer for peer in ALL}


def check_installed(peer):
    """Raises UserError if the peer's framework is not installed."""
    if not peer.installed:
        raise UserError(
            f"--peer={peer.name}: {peer.framework} is not installed; "
            "pip install torch==2.13.0, or leave this peer out"
        )
