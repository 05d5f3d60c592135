"""Numbers that were worked out by hand."""

import pytest

from benchmarks import report


def measured(seconds, **more):
    return {
        "seconds": seconds,
        "units": 10,
        "startup": 3.0,
        "images_per_second": 100 / seconds,
        "peak": 50.0,
        "busy": 0.01,
        "versions": {"torch": "2"},
        **more,
    }


def pair(peer, turn, ours, other):
    return {
        "case": "mlp-100",
        "peer": peer,
        "round": turn,
        "kgan": measured(ours, operations=1e9),
        "other": measured(other),
    }


KEPT = {
    "about": {"machine": "an abacus", "threads": 2, "seconds": 10.0},
    "pairs": [
        pair("torch", 0, 0.1, 0.2),
        pair("torch", 1, 0.2, 0.3),
        pair("torch", 2, 0.1, 0.1),
        pair("keras", 0, 0.1, 0.4),
        pair("kgan-bare", 0, 0.1, 0.05),
    ],
}


def test_ratio_is_the_median_of_pairs_with_its_spread():
    line = report.lines(KEPT, "mlp-100")[3]
    assert line.peer == "torch"
    assert (line.seconds, line.startup) == (0.2, 3.0)
    assert line.ratio == report.Ratio(pytest.approx(1.5), 1.0, 2.0)
    assert str(line.ratio) == "1.50 (1.00–2.00)"


def test_share_is_of_each_ones_own_peak():
    ours = report.lines(KEPT, "mlp-100")[0]
    assert ours.share == pytest.approx(1e9 / 0.1 / 50e9)


def test_best_is_the_fastest_rival():
    assert report.best(report.lines(KEPT, "mlp-100")).peer == "torch"


def test_own_cost_is_what_the_bare_step_does_not_take():
    assert report.own_cost(KEPT, "mlp-100").middle == pytest.approx(0.5)
    assert report.own_cost({"pairs": KEPT["pairs"][:3]}, "mlp-100") is None


def test_markdown_has_a_row_for_each_case():
    table = report.markdown(KEPT).splitlines()
    assert table[0].startswith("| case | kgan | best peer | over the best | keras |")
    cells = [cell.strip() for cell in table[2].split("|")[1:-1]]
    assert cells[0] == "dense GAN, 28x28x1, batch 100"
    assert cells[2:5] == ["torch", "**1.50 (1.00–2.00)**", "4.00"]
    assert cells[-2:] == ["20 %, 10 %", "50 %"]
    assert "Medians of 5 pairs" in table[4] and "an abacus; torch 2" in table[4]


def test_text_tells_all():
    told = report.text(KEPT)
    assert "best peer: torch; kgan's speed x 1.50 (1.00–2.00)" in told
    assert "kgan's own cost: 50 % (50 % to 50 %)" in told


def test_a_busy_machine_is_told():
    assert "Others" not in report.text(KEPT)
    pairs = [*KEPT["pairs"], pair("torch", 3, 0.1, 0.2)]
    pairs[-1]["other"]["busy"] = 0.5
    assert "Others used up to 50 % of it." in report.text(KEPT | {"pairs": pairs})


def test_a_case_without_networks_has_no_share():
    bare = pair("torch", 0, 0.1, 0.2) | {"case": "input-disk"}
    del bare["kgan"]["operations"]
    kept = KEPT | {"pairs": [bare]}
    assert report.lines(kept, "input-disk")[0].share is None
    assert "x 2.00 (2.00–2.00)" in report.text(kept)
    cells = report.markdown(kept).splitlines()[2].split("|")
    assert cells[-3].strip() == ""
    assert cells[1:3] == [
        " 2,048 JPEGs of 178x218 to batches of 64x64x3 ",
        " 500 images/s a core ",
    ]
