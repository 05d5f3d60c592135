"""Gradient play on V = x y, min over x, max over y: linear maps and their rates.

The field is v(w) = J w, J = [[0, 1], [-1, 0]], w = (x, y): x descends along y,
y ascends along x. J has the eigenvalues i and -i, so every rule that is a
polynomial in J turns w and scales it by |eigenvalue|; (0, 0) is the only
equilibrium.
"""

import numpy as np

GAMMA = 0.3  # of consensus optimisation
J = np.array([[0.0, 1.0], [-1.0, 0.0]])
I = np.eye(2)


def simultaneous(h):
    """Returns the map w' = w - h v(w)."""
    return I - h * J


def alternating(h):
    """Returns the map y' = y + h x, then x' = x - h y'.

    It is D's step and then G's, as `Game` plays.
    """
    return np.array([[1 - h * h, -h], [h, 1.0]])


def extragradient(h):
    """Returns the map w' = w - h v(w - h v(w)) (Korpelevich 1976).

    It takes the slope one whole step ahead.
    """
    return I - h * J @ (I - h * J)


def consensus(h, gamma=GAMMA):
    """Returns the map w' = w - h (v(w) + grad gamma/2 |v(w)|^2) (Mescheder 2017).

    In this game |v|^2 = |w|^2.
    """
    return I - h * (J + gamma * I)


def optimistic(h):
    """Returns the map w' = w - 2 h v(w) + h v(w_before) (Daskalakis 2018).

    It acts on (w, w_before): 4x4.
    """
    return np.block([[I - 2 * h * J, h * J], [I, 0 * I]])


RULES = {
    "simultaneous": simultaneous,
    "alternating": alternating,
    "extragradient": extragradient,
    "consensus": consensus,
    "optimistic": optimistic,
}


def rate(name, h):
    """What a step multiplies the radius by in the long run, in closed form.

    simultaneous: |1 - h i| = sqrt(1 + h^2) > 1. alternating: 1, as the map has
    determinant 1 and, for h < 2, complex eigenvalues. extragradient:
    |1 - h i - h^2|. consensus: |1 - h gamma - h i|. optimistic: its eigenvalues
    solve m^2 = m (1 - 2 h i) + h i, so for h <= 1/2 the larger is
    m = (1 - 2 h i + sqrt(1 - 4 h^2)) / 2, with
    |m|^2 = (1 + sqrt(1 - 4 h^2)) / 2.
    """
    closed = {
        "simultaneous": lambda: np.sqrt(1 + h**2),
        "alternating": lambda: 1.0,
        "extragradient": lambda: np.sqrt((1 - h**2) ** 2 + h**2),
        "consensus": lambda: np.sqrt((1 - h * GAMMA) ** 2 + h**2),
        "optimistic": lambda: np.sqrt((1 + np.sqrt(1 - 4 * h**2)) / 2),
    }
    return float(closed[name]())


def orbit(name, h, steps, start=(1.0, 1.0)):
    """Returns (x, y) at the start and after every step, (steps + 1, 2)."""
    step = RULES[name](h)
    state = np.resize(start, len(step))  # the optimistic rule starts at rest
    states = [state]
    for _ in range(steps):
        states.append(step @ states[-1])
    return np.array(states)[:, :2]


def energy(points, h):
    """Returns x^2 + y^2 + h x y, which `alternating` keeps; `points` (..., 2) to (...).

    Its level sets are ellipses for h < 2, with the half axes
    sqrt(E / (1 + h/2)) and sqrt(E / (1 - h/2)) along the diagonals.
    """
    x, y = np.moveaxis(np.asarray(points, dtype=np.float64), -1, 0)
    return x**2 + y**2 + h * x * y


def half_axes(h, start=(1.0, 1.0)):
    """Returns the (shorter, longer) half axis of the ellipse through `start`."""
    kept = energy(start, h)
    return np.sqrt(kept / (1 + h / 2)), np.sqrt(kept / (1 - h / 2))


def radius(points):
    """Returns sqrt(x^2 + y^2) of `points` (..., 2)."""
    return np.linalg.norm(points, axis=-1)
