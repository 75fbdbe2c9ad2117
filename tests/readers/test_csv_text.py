"""What bytes of CSV say of themselves, held against the csv module."""

import csv

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.readers.csv_text import count_separators, last_row_end
from tests.support.properties import property_settings

TEXTS = st.lists(st.sampled_from(["a", '""', '"', ",", "\n", "\r\n", " ", "é", '"b"', '"b,c"'])).map("".join)


@pytest.mark.parametrize(
    ("text", "separators"),
    [
        ("a,b\n1,2\n", 2),
        ('a,"b,c"\n"x""y",2\n', 2),
        ('"a","b"\r\n"",""', 2),
        ('"a";"b;c"', None),
        ('a"b,c', None),
        ('"a" ,b\n', None),
        ('"a\nb",c\n', None),
        ('"a,b\n', None),
        ('"a"\rb,c\n', None),
    ],
)
def test_separators_between_cells_are_counted_where_quotes_stand_around_cells(
    text: str, separators: int | None
) -> None:
    assert count_separators(text.encode(), ",") == separators


@property_settings
@given(TEXTS)
@example('"""",a\n')
@example('"a""')
def test_what_is_counted_is_what_the_csv_module_sees(text: str) -> None:
    counted = count_separators(text.encode(), ",")
    if counted is not None:
        lines = text.split("\n")
        rows = list(csv.reader((line + "\n" for line in lines), strict=True))
        assert len(rows) == len(lines)
        assert counted == sum(len(row) - 1 for row in rows if row)


def test_the_last_row_ends_outside_of_quotes() -> None:
    assert last_row_end(b'a,b\n"c\n') == 4
    assert last_row_end(b'a,b\n"c\nd"\n') == 10
    assert last_row_end(b'a,"\nb"\nc') == 7
    assert last_row_end(b"a,b") == 0
