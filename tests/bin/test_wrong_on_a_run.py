"""Wrong commands on a finished run, and commands on a damaged one."""

import json
import shutil

import pytest

from tests.bin.refusals import assert_one_line

# The variant of a finished run, a command on it, and words of the line it ends in.
WRONG_ON_A_RUN = (
    ("gan", "train_gan --variant=cgan --workdir={run}", "variant: gan -> cgan folder"),
    (
        "gan",
        "train_gan --variant=gan --workdir={run} --config.width=5",
        "--workdir= width: 4 -> 5 folder",
    ),
    (
        "gan",
        "train_gan --variant=gan --workdir={run} --dataset=./flat --config.batch_size=8",
        "dataset: digits -> /flat folder",
    ),
    ("cgan", "check_health --workdir={run}", "no check health.csv bin/train_gan"),
    ("gan", "sample_gan --workdir={run} --truncation=0", "--truncation=0 0.001"),
    ("gan", "sample_gan --workdir={run} --truncation=nan", "--truncation=nan"),
    ("gan", "sample_gan --workdir={run} --interpolate=1", "--interpolate=1 2"),
    ("infogan", "sample_gan --workdir={run} --label=3", "'label' --help"),
    ("cgan", "sample_gan --workdir={run} --label=10", "--label=10 0 9"),
    ("cgan", "sample_gan --workdir={run} --label=-1", "--label=-1 0 9"),
    ("gan", "sample_gan --workdir={run} --category=1", "'category' --help"),
    ("infogan", "sample_gan --workdir={run} --category=10", "--category=10 0 9"),
    ("infogan", "sample_gan --workdir={run} --category=1.5", "--category=1.5 0 9"),
    (
        "infogan",
        "sample_gan --workdir={run} --continuous=1",
        "--continuous=1 2 numbers",
    ),
    ("infogan", "sample_gan --workdir={run} --continuous=0,2", "--continuous=0,2 1"),
    ("cgan", "sample_gan --workdir={run} --label=cat", "--label=cat 0 9"),
    ("gan", "sample_gan --workdir={run} --truncation=wide", "--truncation=wide number"),
    ("gan", "sample_gan --workdir={run} --out=x.jpg", "--out=x.jpg .png .npz"),
    ("gan", "sample_gan --workdir={run} --out=other", "--out=other new"),
    ("gan", "sample_gan --workdir={run} --out=file/x.png", "file"),
    ("gan", "augment_dataset --workdir={run} --out=new", "--workdir no class labels"),
    ("infogan", "augment_dataset --workdir={run} --out=new", "--workdir labels cgan"),
    ("cgan", "augment_dataset --workdir={run}", "--out folder"),
    ("cgan", "augment_dataset --workdir={run} --out=other", "--out=other new"),
    ("cgan", "augment_dataset --workdir={run} --out=file", "--out=file new"),
    (
        "cgan",
        "augment_dataset --workdir={run} --out=new --counts=cat=3",
        "--counts=cat no class 0, 1",
    ),
    (
        "cgan",
        "augment_dataset --workdir={run} --out=new --counts=3",
        "--counts=3 NAME=NUMBER",
    ),
    (
        "cgan",
        "augment_dataset --workdir={run} --out=new --confidence=2",
        "--confidence=2 below 1",
    ),
    (
        "cgan",
        "augment_dataset --workdir={run} --out=new --dataset=./flat",
        "flat classes",
    ),
    (
        "cgan",
        "defend --workdir={run} --out=new --restarts=21",
        "--restarts=21 10 labels",
    ),
    ("gan", "export_generator --workdir={run} --out=other", "other new"),
    ("gan", "export_generator --workdir={run} --out=file", "file new"),
    ("gan", "export_generator --workdir={run} --out=file/x", "file"),
)


@pytest.mark.parametrize("variant, line, words", WRONG_ON_A_RUN)
def test_wrong_command_on_a_run(command, desk, contents, run_of, variant, line, words):
    workdir, _ = run_of(variant)
    before = contents(desk), contents(workdir)
    line = line.format(run=workdir)
    assert_one_line(command(*line.split(), cwd=desk), words)
    assert (contents(desk), contents(workdir)) == before


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"variant": "gan"}'],
    ids=["empty", "cut off", "list", "nothing", "part"],
)
def test_damaged_run(command, contents, tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    before = contents(tmp_path)
    for name in ("sample_gan", "export_generator", "evaluate_gan"):
        result = command(name, f"--workdir={tmp_path}")
        assert_one_line(result, f"{tmp_path}/run.json damaged")
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    "change, words",
    [
        ({"variant": "gone.py"}, "gone.py file --variant=gone.py"),
        ({"variant": "gan_parzen"}, "gan_parzen generator --saved_model"),
        ({"config": {"colour": 1}}, "configuration unknown fields colour"),
        ({"shape": 3}, "run.json damaged"),
        ({"precision": "int7"}, "int7"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_record_of_something_else(command, contents, run_of, tmp_path, change, words):
    record = json.loads((run_of("gan")[0] / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps(record | change))
    before = contents(tmp_path)
    assert_one_line(command("sample_gan", f"--workdir={tmp_path}"), words)
    assert contents(tmp_path) == before


def test_missing_checkpoint(command, run_of, contents, tmp_path):
    shutil.copy(run_of("gan")[0] / "run.json", tmp_path)
    result = command("sample_gan", f"--workdir={tmp_path}")
    assert_one_line(result, f"--workdir={tmp_path} checkpoint train")
    assert list(contents(tmp_path)) == ["run.json"]


def test_damaged_checkpoint(command, run_of, contents, tmp_path):
    workdir = shutil.copytree(run_of("gan")[0], tmp_path / "run")
    for data in (workdir / "checkpoints").glob("*.data-*"):
        data.write_bytes(data.read_bytes()[:100])
    before = contents(workdir)
    result = command("sample_gan", f"--workdir={workdir}")
    assert_one_line(result, f"{workdir}/checkpoints")
    assert contents(workdir) == before
