"""The weights of an oracle as SeqGAN's are published: an array a file."""

from kgan.data.sources import oracle


def saved(one):
    """The weights of an oracle by the names of their files."""
    found = {"embedding": one.weights["embedding"]}
    for gate, letters in oracle.FILES.items():
        both = zip("wub", one.weights[gate], strict=True)
        found |= {f"{kind}{letters}": array for kind, array in both}
    return found | dict(zip(("wo", "bo"), one.weights["head"], strict=True))
