"""Data products that are right, which nothing is said about, and the ways in which they are not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.validation.unusual import Known, Remark
from apps.validation.unusual.product_spans import WatchedProducts

RGB = Known("ground", "RGB ASI")
# As TREx RGB publishes them.
DAILY = "https://data.example.org/TREx/RGB/2020/01/01/gill_rgb-04/20200101__gill_rgb-04_full-keogram.jpg"
HOURLY = "https://data.example.org/TREx/RGB/2020/02/01/ut00/20200201_00_gill_rgb-04_full-keogram.jpg"


def product(url: str, start: str, end: str, kind: str = "keogram") -> dict[str, Any]:
    return {"url": url, "start": start, "end": end, "data_product_type": kind}


def remarks(*products: dict[str, Any]) -> Sequence[Remark]:
    watched = WatchedProducts()
    watched.observe_each([*enumerate(products, start=2)])
    return WatchedProducts.remarks(watched.summary(), RGB)


@pytest.mark.parametrize(
    ("url", "start", "end", "kind"),
    [
        (DAILY, "2020-01-01T00:00:00", "2020-01-01T23:59:00", "keogram"),
        (DAILY, "2019-12-31T23:30:00", "2020-01-01T13:16:00", "keogram"),
        (HOURLY, "2020-02-01T00:00:00", "2020-02-01T00:59:00", "montage"),
        (
            "https://data.example.org/availability_2020.png",
            "2020-01-01T00:00:00",
            "2020-12-31T23:59:00",
            "data_availability",
        ),
        (
            "https://data.example.org/k?id=20200101",
            "2020-01-01T00:00:00",
            "2020-01-31T23:59:00",
            "summary_plot",
        ),
        ("ftp://data.example.org/plain", "2020-01-01T00:00:00", "2020-01-01T00:00:00", "movie"),
        ("https://data.example.org/120200101.jpg", "2015-01-01T00:00:00", "2015-01-01T01:00:00", "movie"),
    ],
)
def test_what_is_right_is_not_remarked_on(url: str, start: str, end: str, kind: str) -> None:
    assert remarks(product(url, start, end, kind)) == []


@pytest.mark.parametrize(
    ("url", "start", "end", "kind"),
    [
        ("https://data.example.org/k.jpg", "2020-01-01T00:00:00", "2020-01-31T23:59:00", "long"),
        (DAILY, "2020-01-11T00:00:00", "2020-01-11T23:59:00", "other-date"),
        (DAILY.replace("20200101", "2020-01-01"), "2021-01-01T00:00:00", "2021-01-01T23:59:00", "other-date"),
        ("www.data.example.org/k.jpg", "2020-01-01T00:00:00", "2020-01-01T23:59:00", "no-scheme"),
        ("https://data.example.org/my keogram.jpg", "2020-01-01T00:00:00", "2020-01-01T23:59:00", "blanks"),
    ],
)
def test_what_is_odd_is_told_with_its_row(url: str, start: str, end: str, kind: str) -> None:
    [found] = remarks(product(url, start, end))
    assert found.kind == kind
    assert list(found.rows) == [2]
    assert found.text.startswith("1 data product")


def test_many_are_counted_and_five_of_them_named() -> None:
    first = datetime(2020, 1, 1, tzinfo=UTC)
    found = remarks(
        *(
            product(DAILY, *(f"{first + timedelta(days=each + more):%Y-%m-%dT%H:%M:00}" for more in (0, 0.5)))
            for each in range(20)
        )
    )
    assert [(remark.kind, remark.count, len(remark.rows)) for remark in found] == [("other-date", 18, 5)]
