"""Changing and adding single ephemeris records."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.activity import snapshots
from apps.activity.models import Event, Snapshot
from apps.aurorax import AuroraX, DataSource, EphemerisRecord, Location
from apps.aurorax.records import MetadataField
from apps.records import services
from tests.conftest import NewSource
from tests.ephemeris.conftest import DAY, Fill
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.any_database

SCHEMA = [
    MetadataField("text").to_api(),
    MetadataField("number", data_type="double").to_api(),
    MetadataField("flag", data_type="bool", allowed_values=("true", "false")).to_api(),
    MetadataField("choice", allowed_values=("low", "high")).to_api(),
]


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    return new_source(maintainers=["maintainer@example.org"], ephemeris_metadata_schema=SCHEMA)


def edit_url(source: DataSource) -> str:
    return reverse("ephemeris-edit", args=[source.identifier, DAY])


def form_of(client: Client, address: str) -> dict[str, Any]:
    """What the browser would send if nothing were touched."""
    page = client.get(address)
    assert page.status_code == 200
    return {field.html_name: field.value() or "" for field in page.context["form"]}


def held(aurorax: AuroraX, source: DataSource) -> EphemerisRecord | None:
    return next(aurorax.ephemeris.search(source, DAY, DAY), None)


def test_a_changed_record_is_uploaded_read_back_and_written_down(
    as_maintainer: Client, source: DataSource, fill: Fill, aurorax: AuroraX
) -> None:
    fill(source, 1, metadata={"text": "old", "number": 1.5})
    posted = form_of(as_maintainer, edit_url(source)) | {"metadata.text": "new", "nbtrace.lat": "12.5"}
    answer = as_maintainer.post(edit_url(source), posted, follow=True)
    assert "Saved, and read back from AuroraX." in answer.content.decode()
    stored = held(aurorax, source)
    assert stored
    assert stored.metadata == {"text": "new", "number": 1.5}
    assert (stored.nbtrace.lat, stored.location_geo) == (12.5, Location(51.049999, -114.066666))

    event = Event.objects.get()
    assert (event.actor, event.action, event.outcome) == (
        "maintainer@example.org",
        "ephemeris.update",
        "done",
    )
    assert event.before
    assert event.after
    assert (event.before["metadata"]["text"], event.after["metadata"]["text"]) == ("old", "new")
    assert "program" not in event.after
    (kept,) = snapshots.records_of(Snapshot.objects.get(pk=str(event.snapshot)))
    assert kept == event.before


def test_nothing_untouched_changes_not_even_what_the_schema_denies(
    as_owner: Client, source: DataSource, fill: Fill, aurorax: AuroraX
) -> None:
    odd = {
        "text": 5,
        "number": "not a number",
        "flag": True,
        "choice": "middle",
        "extra": {"deep": [1, None]},
        "empty": "",
    }
    fill(source, 1, metadata=odd, location_gsm=Location(29.75, -10.75), sbtrace=Location())
    before = held(aurorax, source)
    assert as_owner.post(edit_url(source), form_of(as_owner, edit_url(source))).status_code == 302
    assert held(aurorax, source) == before


def test_a_value_is_kept_as_the_type_the_schema_says(
    as_owner: Client, source: DataSource, fill: Fill, aurorax: AuroraX
) -> None:
    fill(source, 1, metadata={})
    typed = {
        "metadata.text": "007",
        "metadata.number": "2",
        "metadata.flag": "false",
        "metadata.choice": "high",
    }
    as_owner.post(edit_url(source), form_of(as_owner, edit_url(source)) | typed)
    stored = held(aurorax, source)
    assert stored
    assert stored.metadata == {"text": "007", "number": 2, "flag": False, "choice": "high"}


def test_an_emptied_field_and_an_emptied_location_are_gone(
    as_owner: Client, source: DataSource, fill: Fill, aurorax: AuroraX
) -> None:
    fill(source, 1, metadata={"text": "old", "extra": 1})
    emptied = {"metadata.text": "", "other_metadata": "", "nbtrace.lat": "", "nbtrace.lon": ""}
    as_owner.post(edit_url(source), form_of(as_owner, edit_url(source)) | emptied)
    stored = held(aurorax, source)
    assert stored
    assert (stored.metadata or None, stored.nbtrace.is_empty) == (None, True)


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"location_geo.lat": "91"}, "location_geo.lat", "outside -90 to 90"),
        ({"location_geo.lat": "51,05"}, "location_geo.lat", "decimal comma"),
        ({"nbtrace.lon": ""}, "nbtrace.lon", "Give both"),
        ({"other_metadata": "{"}, "other_metadata", "This is not JSON"),
        ({"other_metadata": "[1]"}, "other_metadata", "Write an object"),
        ({"other_metadata": '{"a": NaN}'}, "other_metadata", "NaN is not a value in JSON"),
        ({"other_metadata": '{"a": "\\u0000"}'}, "other_metadata", "cannot be kept"),
        ({"metadata.text": "a\0b"}, "metadata.text", "Null characters are not allowed"),
        ({"location_geo.lat": "\N{ARABIC-INDIC DIGIT ONE}"}, "location_geo.lat", "Not a number"),
        ({"other_metadata": '{"text": 1}', "metadata.text": "x"}, "other_metadata", "a field of its own"),
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_what_was_typed_stays(
    as_owner: Client, source: DataSource, fill: Fill, aurorax: AuroraX,
    typed: dict[str, str], field: str, words: str,
) -> None:  # fmt: skip
    fill(source, 1)
    before = held(aurorax, source)
    answer = as_owner.post(edit_url(source), form_of(as_owner, edit_url(source)) | typed)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert words in " ".join(form.errors[field])
    assert {name: form[name].value() for name in typed} == typed
    assert held(aurorax, source) == before
    assert not Event.objects.exists()


def test_somebody_elses_change_is_not_overwritten_unasked(
    as_owner: Client, source: DataSource, fill: Fill, aurorax: AuroraX
) -> None:
    fill(source, 1, metadata={"text": "first"})
    mine = form_of(as_owner, edit_url(source)) | {"metadata.text": "mine"}
    fill(source, 1, metadata={"text": "theirs"})

    asked = as_owner.post(edit_url(source), mine)
    assert asked.status_code == 409
    assert "Somebody else changed this record" in asked.content.decode()
    assert "theirs" in asked.content.decode()
    assert asked.context["form"]["metadata.text"].value() == "mine"
    assert (stored := held(aurorax, source))
    assert stored.metadata == {"text": "theirs"}

    again = {field.html_name: field.value() or "" for field in asked.context["form"]}
    assert as_owner.post(edit_url(source), again).status_code == 302
    assert (stored := held(aurorax, source))
    assert stored.metadata == {"text": "mine"}


def test_a_record_is_added_and_cannot_be_added_twice(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    address = reverse("ephemeris-add", args=[source.identifier])
    new = {"epoch": "2020-01-01 00:00Z", "location_geo.lat": "1", "location_geo.lon": "359"}
    answer = as_owner.post(address, new)
    assert answer.headers["Location"] == reverse("ephemeris-record", args=[source.identifier, DAY])
    assert (stored := held(aurorax, source))
    assert stored.location_geo == Location(1.0, -1.0)
    assert Event.objects.get().action == "ephemeris.create"
    again = as_owner.post(address, new)
    assert again.status_code == 409
    assert "There is a record with this epoch already" in again.content.decode()


def test_a_slow_aurorax_is_waited_for_only_so_long(
    portal: SandboxProcess, as_owner: Client, source: DataSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "READ_BACK_SECONDS", 0.3)
    address = reverse("ephemeris-add", args=[source.identifier])
    with portal.switched(ingest_delay=60):
        answer = as_owner.post(address, {"epoch": "2020-01-01T00:00:00"}, follow=True)
    assert "AuroraX has accepted the record. It will show here shortly." in answer.content.decode()


def test_a_failing_aurorax_leaves_the_form_as_it_was(
    portal: SandboxProcess, as_owner: Client, source: DataSource
) -> None:
    address = reverse("ephemeris-add", args=[source.identifier])
    with portal.switched(maintenance="true"):
        answer = as_owner.post(
            address, {"epoch": "2020-01-01T00:00:00", "location_geo.lat": "5", "location_geo.lon": "6"}
        )
    assert answer.status_code == 422
    assert "maintenance" in answer.content.decode()
    assert answer.context["form"]["location_geo.lat"].value() == "5"
    assert Event.objects.get().outcome == "failed"


def test_only_those_with_the_right_reach_the_form(
    as_user: Client, as_owner2: Client, as_maintainer: Client, source: DataSource, fill: Fill, aurorax: AuroraX,
    new_source: NewSource,
) -> None:  # fmt: skip
    fill(source, 1)
    before = held(aurorax, source)
    for client in (as_user, as_owner2):
        assert client.get(edit_url(source)).status_code == 403
        assert client.post(edit_url(source), {"epoch": "2020-01-01T00:00:00"}).status_code == 403
    assert as_maintainer.get(edit_url(source)).status_code == 200
    elsewhere = new_source()
    assert as_maintainer.get(reverse("ephemeris-add", args=[elsewhere.identifier])).status_code == 403
    assert held(aurorax, source) == before


def test_the_epoch_of_a_record_cannot_be_changed_under_its_form(
    as_owner: Client, source: DataSource, fill: Fill, aurorax: AuroraX
) -> None:
    fill(source, 1)
    as_owner.post(edit_url(source), form_of(as_owner, edit_url(source)) | {"epoch": "2020-01-01T00:05:00"})
    assert len(list(aurorax.ephemeris.search(source, DAY, DAY.replace(hour=1)))) == 1


def test_a_forged_base_is_not_believed(as_owner: Client, source: DataSource, fill: Fill) -> None:
    fill(source, 1)
    posted = form_of(as_owner, edit_url(source)) | {"base": "forged"}
    assert as_owner.post(edit_url(source), posted).status_code == 409


def test_saving_without_a_change_sends_nothing(as_owner: Client, source: DataSource, fill: Fill) -> None:
    fill(source, 1, metadata={"number": 2.5, "extra": None})
    answer = as_owner.post(edit_url(source), form_of(as_owner, edit_url(source)), follow=True)
    assert "Nothing was changed, so nothing was sent." in answer.content.decode()
    assert not Event.objects.exists()
