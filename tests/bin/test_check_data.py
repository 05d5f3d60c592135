"""check_data says what is odd in data, and exits with 1 where it would mislead."""

import json

from PIL import Image

from tests.data.checking.planting import photographs


def test_the_command(command, tmp_path):
    paths = photographs(tmp_path / "photos" / "train", 120)
    photographs(tmp_path / "photos" / "test", 40, seed=1)
    arguments = ["--variant=dcgan", f"--dataset={tmp_path}/photos"]
    arguments += ["--config.image_size=32", "--config.batch_size=8"]
    report, sheet = tmp_path / "report.json", tmp_path / "sheet.png"
    arguments += [f"--json={report}", f"--sheet={sheet}"]
    clean = command("check_data", *arguments)
    assert (clean.code, clean.err) == (0, "")
    assert "--config.flip=true" in clean.out, "a flag, as it is typed"
    (tmp_path / "photos" / "test" / "x.jpg").write_bytes(paths[3].read_bytes())
    leaky = command("check_data", *arguments)
    assert (leaky.code, leaky.err) == (1, "")
    assert "MISLEADS: 1 picture that is held out" in leaky.out
    (case,) = json.loads(report.read_text())["findings"][0]["cases"]
    assert case["names"] == ["test/x.jpg", "train/0003.jpg"]
    with Image.open(sheet) as picture:
        assert picture.width > 900
