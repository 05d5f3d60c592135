"""The README's own code and commands, run as they stand there."""

import re
from pathlib import Path

from kgan.experiments.papers import embed

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def block(marker):
    """The fenced block that follows `<!-- marker -->`."""
    return re.search(rf"<!-- {marker} -->\n```\w+\n(.*?)```", README, re.DOTALL)[1]


def test_example_variant_is_short_and_trains(command, tmp_path):
    code = block("variant")
    assert len(code.splitlines()) < 80
    file = tmp_path / "my_acgan.py"
    file.write_text(code)
    run = tmp_path / "run"
    result = command(
        "train_gan",
        f"--variant={file}",
        f"--workdir={run}",
        "--config.epochs=1",
        "--config.width=4",
    )
    assert result.code == 0, result.err
    header = (run / "history.csv").read_text().splitlines()[0]
    assert "D/label" in header
    assert "G/label" in header


def test_commands_name_what_exists():
    for marker in ("train", "test"):
        assert block(marker).startswith("python3 -m venv .venv && ")
    root = Path(__file__).parents[2]
    for name in set(re.findall(r"(?<![/\w])bin/(\w+)", README)):
        assert (root / "bin" / name).is_file(), name
    for picture in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert (root / picture).is_file(), picture


def test_tables_come_from_their_json():
    root = Path(__file__).parents[2]
    found = list((root / "docs" / "reproductions").glob("*.json"))
    assert found
    assert embed(root / "README.md", root / "docs" / "reproductions") == README
