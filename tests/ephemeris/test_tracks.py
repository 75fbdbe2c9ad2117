"""Ephemeris records on a map. Sources 3 (Swarm A) and 103 (TREx RGB Gillam) have two days of records in the small seed."""

import gzip
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, EphemerisRecord, Location
from apps.aurorax.records.ephemeris import NOWHERE
from apps.ephemeris.tracks import tracks_of
from tests.conftest import NewSource, Sent
from tests.ephemeris.conftest import DAY, Fill
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.any_database

SWARM, GILLAM = 3, 103
HTMX = {"HX-Request": "true", "HX-Target": "div#day-map"}
A_DAY = {"start": "2020-01-01T00:00:00"}
NAMES = ["location_geo", "nbtrace", "sbtrace"]


def page(client: Client, identifier: int, query: dict[str, Any] | None = None, **kwargs: Any) -> Any:
    answer = client.get(reverse("ephemeris-map", args=[identifier]), query or {}, **kwargs)
    assert answer.status_code == (422 if answer.context["form"].errors else 200)
    return answer


def html(answer: Any) -> str:
    """The page, without the tokens against forged requests, which may hold any letters."""
    return re.sub(r"[0-9A-Za-z]{64}", "", answer.content.decode())


def test_a_day_of_a_satellite_is_three_tracks_on_three_pictures(as_user: Client) -> None:
    answer = page(as_user, SWARM, A_DAY)
    drawing = answer.context["drawing"]
    assert [track.name for track in drawing.tracks] == NAMES
    assert [len(track) for track in drawing.tracks] == [1440, 1365, 1359]
    assert [view.projection.slug for view in drawing.views] == ["world", "north", "south"]
    assert html(answer).count("<svg viewBox=") == 3
    assert '<strong class="tabular">1,440</strong> records from' in html(answer)
    assert "nan" not in html(answer).lower()


def test_both_ends_belong_to_the_range(as_user: Client) -> None:
    query = {"start": "2020-01-01T00:10:00", "end": "2020-01-01T00:19:00"}
    assert page(as_user, SWARM, query).context["map"].count == 10
    one = {"start": "2020-01-01T00:10:00", "end": "2020-01-01T00:10:00"}
    assert page(as_user, SWARM, one).context["map"].count == 1


def test_without_a_range_the_last_day_with_records_is_shown(as_user: Client) -> None:
    answer = page(as_user, SWARM)
    assert (answer.context["start"], answer.context["end"]) == (
        DAY + timedelta(days=1),
        DAY + timedelta(days=1, hours=23, minutes=59),
    )
    assert answer.context["map"].count == 1440
    assert 'value="2020-01-02T23:59:00"' in html(answer)


def test_records_without_a_location_are_counted_and_said(
    as_user: Client, new_source: NewSource, fill: Fill
) -> None:
    source = new_source()
    fill(source, 3)
    fill(source, 2, DAY + timedelta(minutes=3), location_geo=NOWHERE)
    answer = page(as_user, source.identifier, A_DAY)
    assert answer.context["map"].unplaced == [("Geographic location", 2), ("South B-trace", 5)]
    said = re.sub(r"<[^>]+>|\s+", " ", html(answer))
    assert "Without Geographic location: 2 , without South B-trace: 5 ." in re.sub(r" +", " ", said)


def test_records_that_are_nowhere_make_no_map_but_a_sentence(
    as_user: Client, new_source: NewSource, fill: Fill
) -> None:
    source = new_source()
    fill(source, 3, location_geo=NOWHERE, nbtrace=NOWHERE)
    answer = page(as_user, source.identifier, A_DAY)
    assert "None of these records says where it was" in html(answer)
    assert "<svg viewBox=" not in html(answer)
    assert "None of these records says where it was" in html(
        page(as_user, source.identifier, A_DAY, headers=HTMX)
    )


def test_a_ground_source_is_one_mark_for_its_site_and_one_for_each_trace(as_user: Client) -> None:
    answer = page(as_user, GILLAM, A_DAY)
    world = answer.context["drawing"].views[0]
    assert [[mark.title for mark in layer.marks] for layer in world.layers] == [
        ["Geographic location: 56.377° N, 94.644° W"],
        ["North B-trace: 56.377° N, 94.644° W"],
        ["South B-trace: 72.769° S, 134.668° W"],
    ]
    assert 'map-line" transform' not in html(answer)


def test_events_are_places_without_a_way_between(
    as_user: Client, new_source: NewSource, aurorax: AuroraX
) -> None:
    source = new_source(source_type="event_list")
    records = [
        EphemerisRecord(DAY + timedelta(minutes=n), location_geo=Location(50 + n, 10.0 * n)) for n in range(3)
    ]
    aurorax.ephemeris.upload(source.identifier, records, source=source)
    (world, *_) = page(as_user, source.identifier, A_DAY).context["drawing"].views
    assert re.fullmatch(r"(M\d+ \d+h0){3}", world.layers[0].path)


@pytest.mark.parametrize(
    "place", [(90.0, 0.0), (-90.0, 180.0), (0.0, -180.0), (0.0, 180.0)], ids=lambda place: f"{place}"
)
def test_a_single_record_anywhere_is_a_mark(
    as_user: Client, new_source: NewSource, fill: Fill, place: tuple[float, float]
) -> None:
    source = new_source()
    fill(source, 1, location_geo=Location(*place), nbtrace=NOWHERE)
    answer = page(as_user, source.identifier, A_DAY)
    assert [len(layer.marks) for layer in answer.context["drawing"].views[0].layers] == [1, 0, 0]
    assert "nan" not in html(answer).lower()


def test_positions_are_told_hour_by_hour_and_extents_in_degrees(as_user: Client) -> None:
    answer = page(as_user, SWARM, A_DAY)
    rows = answer.context["map"].rows
    assert len(rows) == 25
    assert f"{rows[1].time:%Y-%m-%d %H:%M:%S}" in html(answer)
    assert f"{rows[1].positions[0][0]:.4f}" in html(answer)
    assert "87.343° S to 87.343° N" in html(answer)


def test_tracks_and_picture_can_be_chosen_by_address(as_user: Client) -> None:
    chosen = A_DAY | {"tracks": ["nbtrace", "nonsense"], "picture": "north"}
    answer = page(as_user, SWARM, chosen)
    assert answer.context["shown"] == ["nbtrace"]
    boxes = re.findall(r'name="(?:tracks|picture)"\s+value="(\w+)"[^>]*?(checked)?>', html(answer))
    assert [value for value, checked in boxes if checked] == ["nbtrace", "north"]
    assert page(as_user, SWARM, A_DAY | {"tracks": "", "picture": "?"}).context["shown"] == NAMES
    assert page(as_user, SWARM, A_DAY | {"picture": "?"}).context["picture"] == "all"


def test_links_lead_to_other_ranges_and_keep_what_was_chosen(as_user: Client) -> None:
    answer = page(as_user, SWARM, A_DAY | {"tracks": "nbtrace"})
    links = re.findall(r'href="(\?[^"]+)"', html(answer))
    assert all("tracks=nbtrace" in link for link in links)
    starts_and_ends = [re.findall(r"20[\dT:%A-]+", link.replace("%3A", ":")) for link in links]
    assert starts_and_ends == [
        ["2019-12-31T00:00:00", "2019-12-31T23:59:00"],
        ["2020-01-02T00:00:00", "2020-01-02T23:59:00"],
        ["2020-01-01T00:00:00", "2020-01-01T23:59:00"],
        ["2020-01-01T00:00:00", "2020-01-07T23:59:00"],
        ["2020-01-01T00:00:00", "2020-01-31T23:59:00"],
    ]


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ({"start": "yesterday"}, "start", "Write a time as 2020-01-01T00:00:00 (UTC)."),
        ({"end": "2020-01-01T00:00:00"}, "start", "This field is required."),
        (
            {"start": "2020-01-02T00:00:00", "end": "2020-01-01T00:00:00"},
            "end",
            "The end is before the start.",
        ),
        (
            {"start": "2020-01-01T00:00:00", "end": "2020-02-01T00:00:00"},
            "end",
            "A map shows 31 days at most.",
        ),
        ({"start": "9999-12-31T23:00:00"}, "start", "Choose a year from"),
        ({"start": "2020-01-01T00:00:00", "end": "\x00"}, "end", "Write a time as"),
    ],
)
def test_a_range_that_is_none_is_told_beside_its_field(
    as_user: Client, query: dict[str, str], field: str, message: str
) -> None:
    answer = page(as_user, SWARM, query)
    assert any(message in error for error in answer.context["form"].errors[field])
    assert message in html(answer)
    assert "<svg viewBox=" not in html(answer)


def test_31_days_are_not_too_many(as_user: Client) -> None:
    month = {"start": "2020-01-01T00:00:00", "end": "2020-01-31T23:59:00"}
    assert page(as_user, SWARM, month).context["map"].count == 2880


def test_a_range_without_records_and_a_source_without_any_say_so(
    as_user: Client, new_source: NewSource
) -> None:
    assert "No records from 1999-01-01 00:00:00" in html(
        page(as_user, SWARM, {"start": "1999-01-01T00:00:00"})
    )
    assert "No ephemeris records yet" in html(page(as_user, new_source().identifier))


def test_the_page_of_a_day_loads_its_map_afterwards_and_has_a_link_to_it(as_user: Client) -> None:
    browse = as_user.get(reverse("ephemeris-browse", args=[SWARM]), {"day": "2020-01-01"}).content.decode()
    address = f"{reverse('ephemeris-map', args=[SWARM])}?start=2020-01-01T00:00:00"
    assert f'hx-get="{address}" hx-trigger="load"' in browse
    assert f'<a href="{address}">Map of this day</a>' in browse
    part = as_user.get(address, headers=HTMX).content.decode()
    assert part.startswith('<div id="day-map"')
    assert "hx-get" not in part
    assert part.count("<svg viewBox=") == 3


def test_aurorax_is_asked_for_the_records_once(as_user: Client, sent: Sent, portal: SandboxProcess) -> None:
    page(as_user, SWARM, A_DAY)
    source = f"GET {portal.url}/api/v1/data_sources/{SWARM}"
    assert sent == [source, f"POST {portal.url}/api/v1/ephemeris/search_synchronous"]


def test_while_aurorax_does_not_answer_the_page_says_so(
    as_user: Client, portal: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.aurorax.transport.BACK_OFF", lambda state: 0.0)
    with portal.switched(errors="500=1", only="POST /api/v1/ephemeris/search_synchronous"):
        answer = as_user.get(reverse("ephemeris-map", args=[SWARM]), A_DAY)
    assert answer.status_code == 502
    assert "AuroraX had a fault of its own" in html(answer)


def test_everything_a_first_visit_loads_is_at_most_150_kb(as_user: Client) -> None:
    """As WhiteNoise sends static files, and the page as its decorator does.

    Two days are 22 KB of it, and the longest range of a low orbit that is drawn as lines, five days, is 20 KB more.
    """
    query = {"start": "2020-01-01T00:00:00", "end": "2020-01-02T23:59:00"}
    answer = page(as_user, SWARM, query, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    text = gzip.decompress(answer.content).decode()
    files = set(re.findall(r'(?:href|src)="/?static/([^"]+)"', text))
    assert {"vendor/maps/world.svg", "vendor/maps/north.svg", "vendor/maps/south.svg"} <= files
    sizes = [len(brotli.compress(Path(str(finders.find(name))).read_bytes())) for name in files]
    assert sum(sizes) + len(answer.content) + 20_000 < 150_000


def test_records_become_tracks_in_order_of_time_without_what_is_missing() -> None:
    def minute(number: int, **places: Any) -> EphemerisRecord:
        return EphemerisRecord(DAY + timedelta(minutes=number), **places)

    here, there = Location(1.0, 2.0), Location(3.0, 190.0)
    geo, north, south = tracks_of(
        [minute(0, location_geo=here), minute(1, nbtrace=here), minute(2, location_geo=there, nbtrace=there)]
    )
    assert [datetime.fromtimestamp(second, DAY.tzinfo).minute for second in geo.times.tolist()] == [0, 2]
    assert geo.lons.tolist() == [2, -170]
    assert north.lats.tolist() == [1, 3]
    assert len(south) == 0
    assert [len(track) for track in tracks_of([])] == [0, 0, 0]
