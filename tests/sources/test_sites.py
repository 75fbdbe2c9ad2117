"""Ground sources on a map. In the seed, 46 (THEMIS-ASI) and 103 (TREx RGB) stand at Gillam; the others have no records."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource, EphemerisRecord, Location
from apps.aurorax import sites as places
from apps.sources import sites
from tests.conftest import NewSource, Sent
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.any_database

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
HTMX = {"HX-Request": "true", "HX-Target": "div#site-map"}
SEARCH = "POST /api/v1/ephemeris/search_synchronous"


@pytest.fixture
def standing(aurorax: AuroraX, new_source: NewSource) -> Any:
    """Makes a ground source with one record at a place."""

    def made(lat: float | None, lon: float | None, **fields: Any) -> DataSource:
        source = new_source(**fields)
        record = EphemerisRecord(EPOCH, location_geo=Location(lat, lon))
        aurorax.ephemeris.upload(source.identifier, [record], source=source)
        return source

    return made


def page(client: Client, **query: str) -> Any:
    answer = client.get(reverse("source-map"), query)
    assert answer.status_code == 200
    return answer


def located(client: Client, **query: str) -> Any:
    return page(client, located="on", **query)


def names(found: list[DataSource]) -> list[str]:
    return [source.display_name for source in found]


def test_two_instruments_at_one_place_are_one_marker_with_a_list(as_owner: Client) -> None:
    answer = located(as_owner)
    (gillam,) = answer.context["found"].sites
    assert (gillam.name, names(gillam.sources)) == ("gillam", ["THEMIS-ASI GILL", "TREx RGB GILL"])
    world = next(view for view in answer.context["views"] if view.projection.slug == "world")
    (pin,) = world.pins
    assert pin.place.title == "THEMIS-ASI GILL, TREx RGB GILL: 56.377° N, 94.644° W"
    assert pin.place.url == "#site-1"
    html = answer.content.decode()
    assert 'id="site-1"' in html
    assert all(f'href="{reverse("source-detail", args=[number])}"' in html for number in (46, 103))


def test_a_site_with_one_source_leads_to_it(as_owner: Client, standing: Any) -> None:
    source = standing(68.4, -133.8)
    places = located(as_owner).context["found"].places
    assert [place.url for place in places] == [reverse("source-detail", args=[source.identifier]), "#site-2"]


@pytest.mark.parametrize(
    ("other", "count"), [((60.05, 179.98), 1), ((60.0, -179.98), 1), ((60.3, 179.98), 2), ((60.0, 179.5), 2)]
)
def test_sources_a_few_kilometres_apart_are_one_site_even_across_the_antimeridian(
    as_owner2: Client, standing: Any, other: tuple[float, float], count: int
) -> None:
    standing(60.0, 179.98, owner="owner2@example.org")
    standing(*other, owner="owner2@example.org")
    assert len(located(as_owner2).context["found"].sites) == count


def test_sources_without_a_position_are_listed_with_the_reason(as_owner: Client, standing: Any) -> None:
    nowhere = standing(None, None, display_name="Somewhere")
    found = located(as_owner).context["found"]
    assert names(found.placeless) == ["Somewhere"]
    assert "THEMIS-ASI INUV" in names(found.recordless)
    html = located(as_owner).content.decode()
    assert "The latest ephemeris record has no geographic location." in html
    assert f'href="{reverse("ephemeris-browse", args=[nowhere.identifier])}"' in html
    assert "No ephemeris records yet." in html


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((91.0, 0.0), places.NOWHERE),
        ((float("nan"), 0.0), places.NOWHERE),
        ((0.0, float("inf")), places.NOWHERE),
        ((10.0, 200.0), (10.0, -160.0)),
    ],
)
def test_what_is_no_place_on_the_earth_is_not_drawn(
    place: tuple[float, float], expected: Any, monkeypatch: pytest.MonkeyPatch, portal: SandboxProcess
) -> None:
    client = AuroraX()
    record = EphemerisRecord(EPOCH, location_geo=Location(*place))
    monkeypatch.setattr(client.ephemeris, "search", lambda *args: iter([record]))
    assert places.ask_place(client, DataSource(1), EPOCH) == expected


def test_the_latest_record_says_where(as_owner: Client, aurorax: AuroraX, standing: Any) -> None:
    source = standing(10.0, 20.0)
    moved = EphemerisRecord(datetime(2021, 1, 1, tzinfo=UTC), location_geo=Location(11.0, 21.0))
    aurorax.ephemeris.upload(source.identifier, [moved], source=source)
    spots = [(site.lat, site.lon) for site in located(as_owner).context["found"].sites]
    assert (11.0, 21.0) in spots
    assert (10.0, 20.0) not in spots


def test_mine_are_those_i_own_or_maintain_and_all_is_a_click_away(
    as_user: Client, as_maintainer: Client
) -> None:
    mine = located(as_maintainer).context["found"]
    assert sorted(source.identifier for site in mine.sites for source in site.sources) == [46, 103]
    nothing = located(as_user)
    assert "You look after no ground source" in nothing.content.decode()
    assert f'href="{reverse("source-map")}?all=on"' in nothing.content.decode()
    assert located(as_user, all="on").context["found"].total > 50


def test_the_page_comes_at_once_and_finds_the_sites_afterwards(as_owner: Client, sent: Sent) -> None:
    html = page(as_owner).content.decode()
    assert sent == []
    address = f"{reverse('source-map')}?located=on"
    assert f'hx-get="{address}" hx-trigger="load"' in html
    assert f'<a href="{address}">' in html
    assert f'hx-get="{address}&amp;all=on"' in page(as_owner, all="on").content.decode()
    part = as_owner.get(address, headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div id="site-map"')
    assert "hx-get" not in part


def test_aurorax_is_asked_for_one_list_and_one_record_of_each_source_with_records_and_that_once_a_day(
    as_owner: Client, as_maintainer: Client, sent: Sent, portal: SandboxProcess
) -> None:
    located(as_owner)
    addresses = [line.replace(portal.url, "") for line in sent]
    assert addresses == ["GET /api/v1/data_sources", SEARCH, SEARCH]
    sent.clear()
    located(as_maintainer)
    assert [line.replace(portal.url, "") for line in sent] == ["GET /api/v1/data_sources"]


def test_one_portal_of_two_auroraxes_does_not_mix_their_sites(as_owner: Client) -> None:
    located(as_owner)
    gillam = DataSource(103)
    assert caches["answers"].get(places.key_of(AuroraX(), gillam)) == pytest.approx((56.376723, -94.643664))
    assert (
        caches["answers"].get(places.key_of(AuroraX(base_url="http://elsewhere.example.org"), gillam)) is None
    )


def test_a_source_that_aurorax_fails_at_does_not_keep_the_others_off_the_map(
    as_owner: Client, standing: Any, portal: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.aurorax.transport.BACK_OFF", lambda state: 0.0)
    with portal.switched(errors="500=1", only=SEARCH):
        answer = located(as_owner)
    found = answer.context["found"]
    assert names(found.failed) == ["THEMIS-ASI GILL", "TREx RGB GILL"]
    assert "AuroraX could not say just now" in answer.content.decode()
    assert "hx-trigger" not in answer.content.decode().split('id="site-map"')[1].split(">")[0]
    assert places.KEPT[places.FAILED] <= 60


def test_many_sources_are_found_in_several_steps_that_go_on_by_themselves(
    as_owner: Client, standing: Any, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sites, "IN_A_ROW", 2)
    standing(68.4, -133.8)
    first = located(as_owner)
    assert len(first.context["found"].waiting) == 1
    root = re.search(r'<div id="site-map"[^>]*>', first.content.decode())
    assert root
    assert 'hx-trigger="load"' in root[0]
    assert "AuroraX is being asked where 1 more stand" in first.content.decode()
    sent.clear()
    second = located(as_owner)
    assert second.context["found"].waiting == []
    assert len(second.context["found"].sites) == 2
    assert len(sent) == 2


def test_the_map_is_linked_where_people_look_for_it(as_owner: Client) -> None:
    for name in ("overview", "source-list"):
        assert f'href="{reverse("source-map")}' in as_owner.get(reverse(name)).content.decode()


def test_with_several_pictures_a_keyboard_meets_each_site_once(as_owner: Client) -> None:
    pins = re.findall(r'<a class="map-pin".*?</a>', located(as_owner).content.decode(), re.DOTALL)
    assert len(pins) == 3  # nearby, world, north
    assert ['tabindex="-1"' in pin for pin in pins] == [False, True, True]
    assert all("<title>THEMIS-ASI GILL" in pin for pin in pins)
