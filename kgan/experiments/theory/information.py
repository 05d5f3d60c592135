"""Entropy and its kin on tables of probabilities, in nats.

A table is an array of probabilities that sum to 1; of two variables, X runs
down its rows and Y along its columns. A density on a fine grid times the width
of a cell is a table as well.
"""

import numpy as np
from scipy.special import entr, rel_entr


def self_information(p):
    """Returns -log p, in nats: the information of an outcome of probability `p` > 0."""
    return -np.log(p)


def entropy(table):
    """H = -sum p log p, the mean self-information; of two variables, H(X, Y)."""
    return float(np.sum(entr(_checked(table))))


def conditional_entropy(joint):
    """H(Y|X) = H(X, Y) - H(X): what of Y is open once X is known."""
    joint = _checked(joint)
    return entropy(joint) - entropy(joint.sum(1))


def mutual_information(joint):
    """I(X; Y) = H(X) - H(X|Y) = H(Y) - H(Y|X), 0 for independent X and Y."""
    joint = _checked(joint)
    return entropy(joint.sum(1)) - conditional_entropy(joint.T)


def kl_divergence(p, q):
    """KL(p || q) = sum p log(p / q); infinite where q misses what p has."""
    p, q = _pair(p, q)
    return float(np.sum(rel_entr(p, q)))


def jensen_shannon(p, q):
    """JSD(p || q) = KL(p || m) / 2 + KL(q || m) / 2, m = (p + q) / 2; 0 to log 2."""
    p, q = _pair(p, q)
    middle = (p + q) / 2
    return (kl_divergence(p, middle) + kl_divergence(q, middle)) / 2


def implied_divergence(value):
    """JSD = (V + log 4) / 2 of a D that reaches the value V.

    From C(G) = -log 4 + 2 JSD (Goodfellow 2014, Theorem 1). A D that is not at
    its best has a lower V, so this is a lower bound.
    """
    return (value + np.log(4.0)) / 2


def _pair(p, q):
    p, q = _checked(p), _checked(q)
    if p.shape != q.shape:
        raise ValueError(f"tables of {p.shape} and {q.shape} do not compare")
    return p, q


def _checked(table):
    table = np.asarray(table, dtype=np.float64)
    if table.size == 0 or not (table >= 0).all() or abs(table.sum() - 1) > 1e-6:
        raise ValueError("a table needs probabilities >= 0 that sum to 1")
    return table
