"""bin/augment_dataset: a folder that can be trained on, and that says what it is."""

import json


def test_a_folder_of_a_run(command, run_of, tmp_path):
    out = tmp_path / "more"
    flags = (
        f"--workdir={run_of('cgan')[0]}",
        f"--out={out}",
        "--n=2",
        "--counts=3=4,9=0",
    )
    result = command("augment_dataset", *flags)
    assert result.code == 0, result.err
    assert result.out.splitlines()[-1] == str(out)
    assert "3: 4 images of" in result.out
    counts = {
        one.name: len(list(one.iterdir())) for one in out.iterdir() if one.is_dir()
    }
    assert counts == {"3": 4} | dict.fromkeys("01245678", 2)
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["generated"] and manifest["dataset"] == "digits"
    assert manifest["config"]["width"] == 4 and manifest["updates"] > 0
    assert (
        min(one["distance"] for one in manifest["images"]) > manifest["left_out_within"]
    )
    checked = command("check_data", "--variant=cgan", f"--dataset={out}")
    assert "trained on: 20" in checked.out
