"""The filters that every template may use."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from apps.ui.templatetags.portal import compact_json, grouped, iso, pretty_json, utc

NOON = datetime(2020, 1, 1, 12, tzinfo=UTC)
CALGARY = timezone(timedelta(hours=-7))


@pytest.mark.parametrize("moment", [NOON, NOON.astimezone(CALGARY)])
def test_times_are_shown_in_utc_wherever_they_come_from(moment: datetime) -> None:
    assert utc(moment) == "2020-01-01 12:00:00"


def test_times_in_links_are_written_as_aurorax_writes_them() -> None:
    assert (iso(NOON), iso(NOON.astimezone(CALGARY)), iso(date(2020, 1, 1))) == (
        "2020-01-01T12:00:00",
        "2020-01-01T12:00:00",
        "2020-01-01",
    )


def test_nothing_is_shown_for_nothing() -> None:
    assert (utc(None), iso(None), grouped(None)) == ("", "", "")


def test_thousands_are_set_apart() -> None:
    assert [grouped(number) for number in (0, 999, 1440, 11_712_947)] == ["0", "999", "1,440", "11,712,947"]


def test_json_keeps_its_order_and_its_letters() -> None:
    value = {"b": "Kaiser Wilhelm Höhe", "a": [1]}
    assert compact_json(value) == '{"b": "Kaiser Wilhelm Höhe", "a": [1]}'
    assert pretty_json({"b": 1, "a": 2}) == '{\n  "b": 1,\n  "a": 2\n}'
