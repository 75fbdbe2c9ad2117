"""Looking at, changing and adding data products."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from apps.activity import snapshots
from apps.activity.models import Event, Snapshot
from apps.aurorax import AuroraX, DataProductRecord, DataSource
from apps.aurorax.records import MetadataField
from tests.conftest import NewSource
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.any_database

DAY = datetime(2020, 1, 1, tzinfo=UTC)
LONG = timedelta(hours=23, minutes=59)
URL = "https://example.org/a b.jpg?x=1&y=2"


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    schema = [MetadataField("kind", allowed_values=("daily", "hourly")).to_api()]
    return new_source(maintainers=["maintainer@example.org"], data_product_metadata_schema=schema)


def product(url: str, day: int = 0, **fields: Any) -> DataProductRecord:
    start = DAY + timedelta(days=day)
    defaults: dict[str, Any] = {
        "data_product_type": "keogram",
        "start": start,
        "end": start + LONG,
        "metadata": {"kind": "daily"},
    }
    return DataProductRecord(url=url, **(defaults | fields))


def put(aurorax: AuroraX, source: DataSource, *records: DataProductRecord) -> None:
    aurorax.products.upload(source.identifier, records, source=source)


def held(aurorax: AuroraX, source: DataSource) -> list[DataProductRecord]:
    return list(aurorax.products.search(source, DAY - timedelta(days=99), DAY + timedelta(days=99)))


def words_of(page: Any) -> str:
    """The page's source without its line breaks."""
    return " ".join(page.content.decode().split())


def browse(client: Client, source: DataSource, **query: str) -> Any:
    answer = client.get(reverse("products-browse", args=[source.identifier]), query)
    assert answer.status_code == (422 if answer.context["form"].errors else 200)
    return answer


def shown_urls(client: Client, source: DataSource, **query: str) -> list[str]:
    table = browse(client, source, view="table", **query).context.get("table")
    return [row.hint for row in table.rows] if table else []


def edit_url(source: DataSource, url: str = URL) -> str:
    address = reverse("products-edit", args=[source.identifier])
    return f"{address}?url={url.replace(' ', '%20').replace('&', '%26')}"


def form_of(client: Client, address: str) -> dict[str, Any]:
    page = client.get(address)
    assert page.status_code == 200, page.content.decode()
    return {field.html_name: field.value() or "" for field in page.context["form"]}


# Browsing ------------------------------------------------------------------------------------------------------------


def test_a_source_without_products_says_what_to_do(
    as_owner: Client, as_user: Client, source: DataSource
) -> None:
    assert "Upload the first ones" in browse(as_owner, source).content.decode()
    assert "Upload the first ones" not in browse(as_user, source).content.decode()


def test_without_a_span_the_day_of_the_last_product_is_shown(
    as_user: Client, source: DataSource, aurorax: AuroraX
) -> None:
    put(aurorax, source, product("a"), product("b", 5), product("c", 5))
    assert shown_urls(as_user, source) == ["b", "c"]


def test_products_are_found_by_day_span_and_type(
    as_user: Client, source: DataSource, aurorax: AuroraX
) -> None:
    put(aurorax, source, product("a"), product("b", 1), product("c", 1, data_product_type="movie"))
    assert shown_urls(as_user, source, first="2020-01-01") == ["a"]
    assert shown_urls(as_user, source, first="2020-01-01", last="2020-01-02") == ["a", "b", "c"]
    assert shown_urls(as_user, source, first="2020-01-01", last="2020-01-02", type="movie") == ["c"]
    assert shown_urls(as_user, source, first="2020-01-02", type="montage") == []
    assert "from 2020-01-01" in browse(as_user, source, first="2020-02-01").content.decode()


def test_one_steps_from_span_to_span(as_user: Client, source: DataSource, aurorax: AuroraX) -> None:
    put(aurorax, source, product("a"), product("b", 3))
    page = words_of(browse(as_user, source, first="2020-01-03", last="2020-01-04", type="keogram"))
    assert 'rel="prev" href="?first=2020-01-01&amp;last=2020-01-02&amp;type=keogram"' in page
    assert 'rel="next"' not in page


def test_a_span_that_makes_no_sense_is_explained(
    as_user: Client, source: DataSource, aurorax: AuroraX
) -> None:
    put(aurorax, source, product("a"))
    page = browse(as_user, source, first="2020-01-02", last="2020-01-01").content.decode()
    assert "The last day is before the first" in page


def test_days_at_the_ends_of_the_calendar_are_explained(
    as_user: Client, source: DataSource, aurorax: AuroraX
) -> None:
    put(aurorax, source, product("a"))
    for day in ("0001-01-01", "9999-12-31"):
        assert "Choose a year from 1900 to 2100" in browse(as_user, source, first=day).content.decode()
    assert shown_urls(as_user, source, first="1900-01-01", last="2100-12-31") == ["a"]


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://example.org/a.jpg", True),
        ("HTTP://example.org/a.jpg", True),
        ("example1.jpg", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        (' https://example.org/" onmouseover="x', False),
    ],
)
def test_only_web_addresses_become_links(
    as_user: Client, source: DataSource, aurorax: AuroraX, url: str, linked: bool
) -> None:
    put(aurorax, source, product(url))
    for view in ("table", "gallery"):
        page = words_of(browse(as_user, source, view=view))
        assert ('rel="noopener noreferrer" target="_blank"' in page) == linked
        assert '" onmouseover="' not in page


def test_what_may_be_done_depends_on_the_person(
    as_user: Client, as_maintainer: Client, source: DataSource, aurorax: AuroraX
) -> None:
    put(aurorax, source, product("a"))
    looking, keeping = (
        browse(as_user, source, view="table").content.decode(),
        browse(as_maintainer, source, view="table").content.decode(),
    )
    for words in ("Add a data product", "Delete the selected", "Delete a span", ">Edit</a>"):
        assert words not in looking
        assert words in keeping


# Changing ------------------------------------------------------------------------------------------------------------


def test_a_changed_product_is_uploaded_read_back_and_written_down(
    as_maintainer: Client, source: DataSource, aurorax: AuroraX
) -> None:
    put(aurorax, source, product(URL), product("other"))
    posted = form_of(as_maintainer, edit_url(source))
    posted |= {"metadata.kind": "hourly", "end": "2020-01-01T12:00:00", "data_product_type": "montage"}
    answer = as_maintainer.post(edit_url(source), posted, follow=True)
    assert "Saved, and read back from AuroraX." in answer.content.decode()
    changed = next(each for each in held(aurorax, source) if each.url == URL)
    assert (changed.metadata, changed.data_product_type) == ({"kind": "hourly"}, "montage")
    assert changed.end == DAY.replace(hour=12)

    event = Event.objects.get()
    assert (event.action, event.outcome, event.summary) == (
        "products.update",
        "done",
        f"Changed the data product {URL}",
    )
    (kept,) = snapshots.records_of(Snapshot.objects.get(pk=str(event.snapshot)))
    assert kept["data_product_type"] == "keogram"


def test_nothing_untouched_changes(as_owner: Client, source: DataSource, aurorax: AuroraX) -> None:
    put(aurorax, source, product(URL, metadata={"kind": "of its own", "imaging": {"a": [1]}}))
    before = held(aurorax, source)
    assert as_owner.post(edit_url(source), form_of(as_owner, edit_url(source))).status_code == 302
    assert held(aurorax, source) == before


@pytest.mark.parametrize("url", [URL, " 1.jpg ", "NA", "=1.jpg"])
def test_the_url_of_a_product_cannot_be_changed_under_its_form(
    as_owner: Client, source: DataSource, aurorax: AuroraX, url: str
) -> None:
    put(aurorax, source, product(url))
    address = edit_url(source, url)
    changes = {"url": "another", "data_product_type": "montage"}
    as_owner.post(address, form_of(as_owner, address) | changes)
    assert [(each.url, each.data_product_type) for each in held(aurorax, source)] == [(url, "montage")]


def test_the_form_says_whether_it_adds_or_edits(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    put(aurorax, source, product(URL))
    adds = as_owner.get(reverse("products-add", args=[source.identifier])).content.decode()
    edits = as_owner.get(edit_url(source)).content.decode()
    assert "Add a data product</h2>" in adds
    assert "Add data product</button>" in adds
    assert f"Edit {escape(URL)}</h2>" in edits
    assert "Save data product</button>" in edits
    assert adds.count('id="id_url"') == edits.count('id="id_url"') == 1


def test_a_product_is_added(as_owner: Client, source: DataSource, aurorax: AuroraX) -> None:
    address = reverse("products-add", args=[source.identifier])
    new = {
        "url": "new.jpg",
        "data_product_type": "keogram",
        "start": "2020-01-01T00:00:00",
        "end": "2020-01-01T23:59:59",
        "other_metadata": '{"note": "calm"}',
    }
    assert as_owner.post(address, new).status_code == 302
    (stored,) = held(aurorax, source)
    assert (stored.url, stored.metadata) == ("new.jpg", {"note": "calm"})
    assert Event.objects.get().action == "products.create"


def test_adding_never_replaces_a_product_of_another_time(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    put(aurorax, source, product("new.jpg", 40))
    new = {
        "url": "new.jpg",
        "data_product_type": "movie",
        "start": "2020-01-01T00:00:00",
        "end": "2020-01-01T00:10:00",
    }
    answer = as_owner.post(reverse("products-add", args=[source.identifier]), new)
    assert answer.status_code == 409
    assert [each.data_product_type for each in held(aurorax, source)] == ["keogram"]


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"url": ""}, "url", "required"),
        ({"start": "2020-01-02T00:00:00"}, "start", "start is after the end"),
        ({"data_product_type": "average"}, "data_product_type", "not one of the available choices"),
    ],
)
def test_a_mistake_is_shown_beside_its_field(
    as_owner: Client, source: DataSource, aurorax: AuroraX, typed: dict[str, str], field: str, words: str
) -> None:
    new = {
        "url": "new.jpg",
        "data_product_type": "keogram",
        "start": "2020-01-01T00:00:00",
        "end": "2020-01-01T23:59:00",
    }
    answer = as_owner.post(reverse("products-add", args=[source.identifier]), new | typed)
    assert answer.status_code == 422
    assert words in " ".join(answer.context["form"].errors[field])
    assert not held(aurorax, source)


def test_a_failing_aurorax_leaves_the_form_as_it_was(
    portal: SandboxProcess, as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    put(aurorax, source, product(URL))
    posted = form_of(as_owner, edit_url(source)) | {"metadata.kind": "hourly"}
    with portal.switched(maintenance="true"):
        answer = as_owner.post(edit_url(source), posted)
    assert answer.status_code == 422
    assert answer.context["form"]["metadata.kind"].value() == "hourly"
    assert Event.objects.get().outcome == "failed"


def test_a_url_that_is_not_there_is_not_found(as_owner: Client, source: DataSource) -> None:
    missing = as_owner.get(edit_url(source, "gone.jpg"))
    assert missing.status_code == 404
    assert "gone.jpg" in missing.content.decode()


def test_only_those_with_the_right_reach_the_forms(
    as_user: Client, as_owner2: Client, source: DataSource, aurorax: AuroraX
) -> None:
    put(aurorax, source, product(URL))
    for client in (as_user, as_owner2):
        for address in (edit_url(source), reverse("products-add", args=[source.identifier])):
            assert client.get(address).status_code == 403
            assert client.post(address, {}).status_code == 403
    assert not Event.objects.exists()
