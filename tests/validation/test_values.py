"""Single values: nothing is guessed."""

import pytest

from apps.validation import rules
from apps.validation.rules import Rule
from apps.validation.values import InvalidValue, number, parse_minute


@pytest.mark.parametrize(
    ("written", "understood", "notices"),
    [
        ("2020-01-01T00:00:00", "2020-01-01T00:00:00", ()),
        ("2020-01-01 00:00:00", "2020-01-01T00:00:00", ()),
        (" 2020-01-01T00:00 ", "2020-01-01T00:00:00", ()),
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00", ()),
        ("2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00", ()),
        ("2020/1/2 3:04", "2020-01-02T03:04:00", ()),
        ("2020-01-01 00:00 UTC", "2020-01-01T00:00:00", ()),
        ("2020-01-01T00:00:00-07:00", "2020-01-01T07:00:00", (rules.OFFSET,)),
        ("2020-01-01T00:30:00+0130", "2019-12-31T23:00:00", (rules.OFFSET,)),
        ("2020-01-01T23:59:59", "2020-01-01T23:59:00", (rules.SECONDS_CUT,)),
        ("2020-01-01T00:00:00.35348", "2020-01-01T00:00:00", (rules.SECONDS_CUT,)),
    ],
)
def test_times_become_utc_minutes(written: str, understood: str, notices: tuple[Rule, ...]) -> None:
    assert parse_minute(written)[:2] == (understood, notices)


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("01/02/2020 00:00", rules.AMBIGUOUS_TIME),
        ("1.2.20", rules.AMBIGUOUS_TIME),
        ("2020-02-30T00:00:00", rules.NO_SUCH_TIME),
        ("2020-01-01T00:00:60", rules.NO_SUCH_TIME),
        ("0020-01-01T00:00:00", rules.YEAR),
        ("2020-01-01T00:00:00+99:00", rules.NOT_A_TIME),
        ("yesterday", rules.NOT_A_TIME),
        ("٢٠٢٠-01-01T00:00:00", rules.NOT_A_TIME),
        (1577836800, rules.NOT_A_TIME),
    ],
)
def test_what_could_mean_two_things_or_none_is_refused(written: object, rule: Rule) -> None:
    with pytest.raises(InvalidValue) as refused:
        parse_minute(written)
    assert refused.value.rule is rule


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("51.05", 51.05),
        (" -114 ", -114.0),
        ("1e2", 100.0),
        (".5", 0.5),
        (7, 7.0),
        ("", None),
        ("null", None),
        (None, None),
    ],
)
def test_numbers(written: object, understood: float | None) -> None:
    assert number(written) == understood


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("-999", rules.FILL_VALUE),
        ("-9999.0", rules.FILL_VALUE),
        ("-1e31", rules.FILL_VALUE),
        ("NaN", rules.FILL_VALUE),
        (float("nan"), rules.FILL_VALUE),
        ("51,05", rules.DECIMAL_COMMA),
        ("1_000", rules.NOT_A_NUMBER),
        ("51.05N", rules.NOT_A_NUMBER),
        ("inf", rules.NOT_A_NUMBER),
        ("1e999", rules.NOT_A_NUMBER),
        (True, rules.NOT_A_NUMBER),
        ([], rules.NOT_A_NUMBER),
        (10**400, rules.NOT_A_NUMBER),
    ],
)
def test_what_is_no_number_is_told_apart(written: object, rule: Rule) -> None:
    with pytest.raises(InvalidValue) as refused:
        number(written)
    assert refused.value.rule is rule
