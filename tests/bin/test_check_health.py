"""check_health says after the fact what train_gan said while it trained."""

import csv
import shutil

STRONG = "discriminator too strong"


def test_says_what_training_said(command, run_of, tmp_path):
    workdir = shutil.copytree(run_of("gan")[0], tmp_path / "run")
    with open(workdir / "health.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == [*range(4, 29, 4)]
    # As if D had been right all of the time at the last three checks.
    sharp = dict.fromkeys(("D/accuracy_real", "D/accuracy_fake", "D(x)"), 1.0)
    for row in rows[-3:]:
        row.update(sharp | {"D(G(z))": 0.0})
    with open(workdir / "health.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    told = command("check_health", f"--workdir={workdir}").out.splitlines()
    numbers = "D/accuracy_real 1, D/accuracy_fake 1, D(x) 1, D(G(z)) 0"
    assert told == [
        f"epoch 2, step 28: {STRONG} ({numbers}); try --config.penalty=r1",
        f"health: {STRONG} since epoch 2, step 28 (7 checks)",
    ]


def test_a_healthy_run_is_quiet(command, run_of):
    workdir, trained = run_of("infogan")
    (line,) = [s for s in trained.out.splitlines() if s.startswith("health: ")]
    assert line == "health: healthy (2 checks)"
    assert command("check_health", f"--workdir={workdir}").out == f"{line}\n"


def test_a_damaged_table(command, run_of, tmp_path):
    (tmp_path / "run.json").write_text((run_of("gan")[0] / "run.json").read_text())
    for text in ("epoch,step\n1\n", "a,b\n1,2\n", "epoch,step\n1,many\n"):
        (tmp_path / "health.csv").write_text(text)
        result = command("check_health", f"--workdir={tmp_path}")
        assert result.code == 1 and "Traceback" not in result.err
        assert "health.csv: damaged" in result.err and result.err.count("\n") == 1
