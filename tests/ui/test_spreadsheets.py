"""CSV that spreadsheet programs may open."""

import pytest

from apps.ui.spreadsheets import csv_lines, harmless


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-cmd",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1",
        "\uff20x",
        " =1+1",
        "\u3000=1",
    ],
)
def test_what_would_run_as_a_formula_becomes_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["text", "", -1.5, None, "a=b"])
def test_everything_else_stays(cell: object) -> None:
    assert harmless(cell) == cell


def test_lines_are_quoted_where_they_need_it() -> None:
    lines = list(csv_lines(["name", "value"], [["a,b", 1], ["=x", 'say "yes"']]))
    assert lines == ["name,value\r\n", '"a,b",1\r\n', '\'=x,"say ""yes"""\r\n']
