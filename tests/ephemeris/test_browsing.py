"""Looking at ephemeris records."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource, Location
from apps.aurorax.records import MetadataField
from apps.ephemeris.record_type import EPHEMERIS
from apps.records.checked import check
from tests.conftest import NewSource
from tests.ephemeris.conftest import DAY, Fill

pytestmark = pytest.mark.any_database


def browse(client: Client, identifier: int, **query: str) -> Any:
    answer = client.get(reverse("ephemeris-browse", args=[identifier]), query)
    assert answer.status_code == (422 if answer.context["form"].errors else 200)
    return answer


def steps_from(client: Client, source: DataSource, day: str) -> tuple[str, str]:
    """The days before and after with records, as the slow part of the page finds them."""
    answer = client.get(reverse("ephemeris-steps", args=[source.identifier, date.fromisoformat(day)]))
    steps = answer.context["steps"]
    return str(steps.previous), str(steps.next)


def test_a_source_without_records_says_what_to_do(
    as_owner: Client, as_user: Client, new_source: NewSource
) -> None:
    source = new_source()
    assert "Upload the first ones" in browse(as_owner, source.identifier).content.decode()
    assert "Upload the first ones" not in browse(as_user, source.identifier).content.decode()


def test_without_a_day_the_last_one_with_records_is_shown(
    as_user: Client, new_source: NewSource, fill: Fill
) -> None:
    source = new_source()
    fill(source, 2)
    fill(source, 3, DAY + timedelta(days=4))
    page = browse(as_user, source.identifier)
    assert page.context["day"].isoformat() == "2020-01-05"
    assert '<strong class="tabular">3</strong> ephemeris records on 2020-01-05 (UTC)' in page.content.decode()


def test_one_steps_over_days_without_records(as_user: Client, new_source: NewSource, fill: Fill) -> None:
    source = new_source()
    for offset in (0, 4, 900):
        fill(source, 1, DAY + timedelta(days=offset))
    assert steps_from(as_user, source, "2020-01-05") == ("2020-01-01", "2022-06-19")
    assert steps_from(as_user, source, "2020-01-03") == ("2020-01-01", "2020-01-05")
    assert steps_from(as_user, source, "2022-06-19") == ("2020-01-05", "None")


def test_until_it_is_known_which_days_hold_records_one_steps_by_the_calendar(
    as_user: Client, new_source: NewSource, fill: Fill
) -> None:
    source = new_source()
    for offset in (0, 4):
        fill(source, 1, DAY + timedelta(days=offset))
    for day, previous, following in (
        ("2020-01-01", "None", "2020-01-02"),
        ("2020-01-03", "2020-01-02", "2020-01-04"),
        ("2020-01-05", "2020-01-04", "None"),
        ("1999-01-01", "None", "2020-01-01"),
        ("2030-01-01", "2020-01-05", "None"),
    ):
        steps = browse(as_user, source.identifier, day=day).context["steps"]
        assert (str(steps.previous), str(steps.next)) == (previous, following)


def test_the_days_with_records_come_as_a_page_and_as_a_fragment(
    as_user: Client, new_source: NewSource, fill: Fill
) -> None:
    source = new_source()
    fill(source, 1)
    address = reverse("ephemeris-steps", args=[source.identifier, date(2020, 1, 3)])
    assert f'hx-get="{address}"' in browse(as_user, source.identifier, day="2020-01-03").content.decode()
    page = as_user.get(address).content.decode()
    fragment = as_user.get(
        address, headers={"HX-Request": "true", "HX-Target": "nav#day-steps"}
    ).content.decode()
    assert "<title>Days with records around 2020-01-03" in page
    assert fragment.startswith('<nav id="day-steps"')
    assert "hx-get" not in fragment
    for answer in (page, fragment):
        assert f'rel="prev" href="/sources/{source.identifier}/ephemeris/?day=2020-01-01"' in " ".join(
            answer.split()
        )


def test_a_day_is_shown_a_hundred_records_at_a_time(
    as_user: Client, new_source: NewSource, fill: Fill
) -> None:
    source = new_source()
    fill(source, 150)
    first = browse(as_user, source.identifier, day="2020-01-01")
    assert len(first.context["table"].rows) == 100
    second = browse(as_user, source.identifier, day="2020-01-01", page="2")
    assert [row.heading for row in second.context["table"].rows][:2] == [
        "2020-01-01 01:40:00",
        "2020-01-01 01:41:00",
    ]


def test_metadata_columns_follow_the_schema_and_then_the_records(
    as_user: Client, new_source: NewSource, fill: Fill
) -> None:
    schema = [MetadataField("b").to_api(), MetadataField("a").to_api(), MetadataField("unused").to_api()]
    source = new_source(ephemeris_metadata_schema=schema)
    fill(source, 1, metadata={"zz": 1, "a": True, "b": "text"})
    table = browse(as_user, source.identifier).context["table"]
    assert [column.label for column in table.columns if column.is_name] == ["b", "a", "zz"]
    assert list(table.rows[0].texts)[-3:] == ["text", "true", "1"]


def test_a_day_without_records_says_where_there_are_some(
    as_user: Client, new_source: NewSource, fill: Fill
) -> None:
    source = new_source()
    fill(source, 1)
    page = browse(as_user, source.identifier, day="2021-01-01").content.decode()
    assert "No records on 2021-01-01" in page
    assert "?day=2020-01-01" in page


def test_nonsense_for_a_day_is_explained(as_user: Client, new_source: NewSource, fill: Fill) -> None:
    source = new_source()
    fill(source, 1)
    answer = browse(as_user, source.identifier, day="yesterday")
    page = answer.content.decode()
    assert "<title>Error: " in page
    assert '<a href="#id_day">Day (UTC): Write a day as 2020-01-01.</a>' in page
    assert 'aria-describedby="id_day_error"' in page
    assert 'id="id_day_error"' in page


def test_what_may_be_done_depends_on_the_person(
    as_user: Client, as_maintainer: Client, new_source: NewSource, fill: Fill
) -> None:
    source = new_source(maintainers=["maintainer@example.org"])
    fill(source, 1)
    looking, keeping = browse(as_user, source.identifier), browse(as_maintainer, source.identifier)
    for words in ("Add a record", "Delete a range"):
        assert words not in looking.content.decode()
        assert words in keeping.content.decode()
    address = reverse("ephemeris-record", args=[source.identifier, DAY])
    assert "Edit record" not in as_user.get(address).content.decode()
    assert "Edit record" in as_maintainer.get(address).content.decode()


def test_a_record_shows_everything_it_holds(as_user: Client, new_source: NewSource, fill: Fill) -> None:
    source = new_source()
    fill(source, 1, location_geo=Location(-12.345678, 170.5), metadata={"nested": {"deep": [1, 2]}})
    page = as_user.get(reverse("ephemeris-record", args=[source.identifier, DAY])).content.decode()
    for words in ("-12.345678", "170.5", "nested", "{&quot;deep&quot;: [1, 2]}", "2020-01-01 00:00:00 UTC"):
        assert words in page


def test_a_minute_without_record_is_not_found(as_user: Client, new_source: NewSource) -> None:
    source = new_source()
    missing = as_user.get(reverse("ephemeris-record", args=[source.identifier, DAY]))
    assert missing.status_code == 404
    assert "no ephemeris record" in missing.content.decode()
    assert as_user.get(f"/sources/{source.identifier}/ephemeris/2020-13-01T00:00:00/").status_code == 404


def test_an_exported_day_can_be_uploaded_again(
    as_user: Client, new_source: NewSource, fill: Fill, aurorax: AuroraX
) -> None:
    source = new_source(ephemeris_metadata_schema=[MetadataField("n", data_type="double").to_api()])
    fill(source, 2, metadata={"n": 1.5, "note": "calm"})
    stored = [each.to_api() for each in aurorax.ephemeris.search(source, DAY, DAY + timedelta(hours=1))]

    text = as_user.get(reverse("ephemeris-export-csv", args=[source.identifier, DAY.date()])).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    checked = [check(EPHEMERIS, row, source) for row in rows]
    ours = [EPHEMERIS.row_of(each.record or {}) for each in checked]
    theirs = map(EPHEMERIS.row_of, stored)
    assert all(EPHEMERIS.same(mine, held) for mine, held in zip(ours, theirs, strict=True))

    array = json.loads(
        as_user.get(reverse("ephemeris-export-json", args=[source.identifier, DAY.date()])).content
    )
    assert array == [source.key | each for each in stored]


def test_a_formula_in_metadata_is_not_run_by_a_spreadsheet(
    as_user: Client, new_source: NewSource, fill: Fill
) -> None:
    source = new_source()
    fill(source, 1, metadata={"note": "=1+1"}, location_geo=Location(-1.0, -2.0))
    text = as_user.get(reverse("ephemeris-export-csv", args=[source.identifier, DAY.date()])).content.decode()
    assert '"{""note"":""=1+1""}"' in text
    assert "00,-1.0,-2.0" in text


def test_days_at_the_ends_of_the_calendar_are_explained(
    as_user: Client, new_source: NewSource, fill: Fill
) -> None:
    source = new_source()
    fill(source, 1)
    for day in ("0001-01-01", "9999-12-31"):
        assert (
            "Choose a year from 1900 to 2100" in browse(as_user, source.identifier, day=day).content.decode()
        )
    for day in ("1900-01-01", "2100-12-31"):
        assert "No records on" in browse(as_user, source.identifier, day=day).content.decode()
    address = f"/sources/{source.identifier}/ephemeris"
    for path in ("9999-12-31.csv", "0001-01-01.json", "9999-12-31T23:59:00/"):
        assert as_user.get(f"{address}/{path}").status_code == 404
