"""Quality against diversity of lines, over the temperatures that they are drawn with."""

import json
from pathlib import Path
from typing import Any

from kgan.experiments.papers.table import slug
from kgan.files import replacing, write_text

FILE = "temperatures.json"


def keep(folder: Path, sweep: dict[float, dict[str, float]]) -> None:
    """Writes the NLLs of a row at each temperature to its folder."""
    write_text(folder / FILE, json.dumps(sweep, indent=1))


def curves(table: Any, work: Path, real: float, path: Path) -> None:
    """Draws NLL_test over NLL_oracle (Caccia 2018), a line for each row that kept them.

    Args:
        table: a `Table`.
        work: the folder of its cells' folders.
        real: the entropy of the oracle, in nats of a symbol.
        path: of the PNG.
    """
    from matplotlib.figure import Figure

    figure = Figure((5, 4), layout="constrained")
    axis = figure.subplots()
    for number, row in enumerate(table.rows):
        found = work / f"{slug(row.name)}-0" / FILE
        if found.exists():
            sweep = [*json.loads(found.read_text()).values()]
            way = [[one[name] for one in sweep] for name in ("NLL_oracle", "NLL_test")]
            axis.plot(*way, f"C{number}.-", label=row.name)
    axis.plot(real, real, "k*", label="the oracle")
    axis.set(xlabel="NLL_oracle: unlikely lines", ylabel="NLL_test: lacking lines")
    axis.legend(fontsize=7)
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=90)
