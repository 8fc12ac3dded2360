import json

import pytest

from tests.bench.__main__ import main
from tests.bench.figures import Figure, percentile


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1), (0.5, 2), (0.51, 3), (0.75, 3), (0.76, 4), (0.99, 4), (1.0, 4)]
)
def test_percentile_is_a_value_that_was_measured(share: float, expected: float) -> None:
    assert percentile([4, 1, 3, 2], share) == expected


def test_a_promise_about_a_ratio_is_not_about_the_value() -> None:
    slow = Figure("b", "w", 30, "ms", raw=20, target=2, judged="ratio")
    assert (slow.ratio, slow.met) == (1.5, True)
    assert Figure("b", "w", 50, "ms", raw=20, target=2, judged="ratio").met is False
    assert Figure("b", "w", 50, "/s", target=40, promise="at_least").met is True
    assert Figure("b", "w", 50, "/s").met is None


def test_the_cheap_benches_print_their_figures(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--quick", "--json", "rank", "candidates", "dispatch", "fold", "search"])
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["bench"] for line in printed} == {"rank", "candidates", "dispatch", "fold", "search"}
    assert all(line["value"] > 0 and line["raw"] > 0 and line["target"] for line in printed)


def test_the_benches_of_the_centre_print_their_figures(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--quick", "--json", "push", "catch-up"])
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["bench"] for line in printed] == ["push", "catch-up", "catch-up"]
    assert all(line["value"] > 0 and line["target"] for line in printed)
