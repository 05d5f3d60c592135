"""The notebooks run from their first cell to their last, with short settings."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "docs" / "notebooks").glob("*.ipynb"))
FIRST = "first_gan"
SHORT = {"STEPS": 40, "EPOCHS": 1, "UPDATES": 4}


def shortened(notebook):
    """Sets the numbers of the cell that is tagged as parameters to short ones."""
    (cell,) = (c for c in notebook.cells if "parameters" in c.metadata.get("tags", ()))
    names = re.findall(r"(?m)^(\w+) = ", cell.source)
    assert names, cell.source
    cell.source = "\n".join(f"{name} = {SHORT[name]}" for name in names)


@pytest.mark.parametrize(
    "path",
    [
        # The others train what other tests train: the slow run is enough for them.
        pytest.param(one, marks=[pytest.mark.slow] * (one.stem != FIRST), id=one.stem)
        for one in NOTEBOOKS
    ],
)
def test_a_notebook_runs(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    shortened(notebook)
    place = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=600, resources=place).execute()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_holds_its_output_and_ends_in_a_picture(path):
    cells = nbformat.read(path, as_version=4).cells
    outputs = [one for cell in cells for one in cell.get("outputs", ())]
    assert not [one for one in outputs if one.output_type == "error"]
    pictures = [one for one in outputs if "image/png" in one.get("data", {})]
    assert pictures and outputs[-1] == pictures[-1]
