"""A schema change shows which records it leaves behind; rows come from another schema or from the data; commas are asked about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource, EphemerisRecord, MetadataField, errors
from apps.jobs.models import PauseReason
from apps.sources import scanning
from apps.sources.models import ScanState, SchemaScan
from apps.sources.scanning import scan_records
from apps.sources.schema_fit import SchemaFit, by_name, can_break, distinct_values, no_longer_fitting
from tests.conftest import NewSource, Sent, SignIn
from tests.sources.forms import Form, opened, posted_by, rows

START = datetime(2020, 1, 1, tzinfo=UTC)
EPHEMERIS, PRODUCTS = "ephemeris_metadata_schema", "data_product_metadata_schema"
STATE = {"field_name": "state", "description": "", "data_type": "string", "allowed_values": ["day", "night"]}


@pytest.fixture
def source(new_source: NewSource, aurorax: AuroraX) -> DataSource:
    """With 12 records on six days of two months; every third is `night`."""
    made = new_source(ephemeris_metadata_schema=[STATE], data_product_metadata_schema=[])
    times = [START + timedelta(days=10 * (n // 2), minutes=n) for n in range(12)]
    records = [
        EphemerisRecord(epoch=at, metadata={"state": "day" if n % 3 else "night"})
        for n, at in enumerate(times)
    ]
    aurorax.ephemeris.upload(made.identifier, records, source=made)
    return made


def edit(source: DataSource) -> str:
    return reverse("source-edit", args=[source.identifier])


def narrowed(client: Client, source: DataSource) -> dict[str, str]:
    """The form with `night` taken out of the allowed values."""
    return opened(client, edit(source)) | {f"{EPHEMERIS}-0-allowed_values": "day"}


# What a change breaks -------------------------------------------------------------------------------------------------


def test_a_narrowed_list_is_not_saved_before_the_records_are_seen(
    as_owner: Client, source: DataSource, aurorax: AuroraX, sent: Sent
) -> None:
    form = narrowed(as_owner, source)
    sent.clear()
    html = as_owner.post(edit(source), form).content.decode()
    assert not sent.writes
    assert "Of a sample of 4 ephemeris records" in " ".join(html.split())  # between them there is none
    assert "there are 12" in html
    assert "The value is not among the allowed values" in html
    assert "2020-01-01" in html
    posted = Form(html, "schema-impact").values
    posted.pop("csrfmiddlewaretoken", "")
    assert as_owner.post(edit(source), posted).status_code == 302
    assert aurorax.sources.get(source.identifier).ephemeris_metadata_schema[0].allowed_values == ("day",)


def test_all_records_are_looked_at_in_the_background(as_owner: Client, source: DataSource) -> None:
    as_owner.post(edit(source), narrowed(as_owner, source))
    scan = SchemaScan.objects.get()
    assert scan.state == ScanState.DONE
    html = as_owner.get(reverse("source-schema-scan", args=[source.identifier, scan.pk])).content.decode()
    assert "4 of 12 ephemeris records no longer fit" in " ".join(html.split())
    as_owner.post(edit(source), narrowed(as_owner, source))
    assert SchemaScan.objects.count() == 1


@pytest.mark.parametrize("killed_after", [0, 1])
def test_a_look_whose_worker_is_killed_counts_every_record_once(
    as_owner: Client, source: DataSource, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    class Killed(BaseException):
        """The worker is gone."""

    with monkeypatch.context() as patch:
        patch.setattr("apps.sources.impact.wake", lambda scan: None)
        as_owner.post(edit(source), narrowed(as_owner, source))
    scan = SchemaScan.objects.get()
    looks = iter(range(100))
    really_look = SchemaFit.look_at

    def dying(self: SchemaFit, *given: Any) -> None:
        really_look(self, *given)
        if next(looks) == killed_after * 7:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(SchemaFit, "look_at", dying)
        with pytest.raises(Killed):
            scan_records.call(str(scan.pk))
    scan_records.call(str(scan.pk))
    scan.refresh_from_db()
    assert (scan.state, scan.found["looked_at"], scan.found["broken"]) == (ScanState.DONE, 12, 4)


def test_saying_to_have_seen_another_change_counts_for_nothing(as_owner: Client, source: DataSource) -> None:
    html = as_owner.post(edit(source), narrowed(as_owner, source)).content.decode()
    posted = Form(html, "schema-impact").values | {f"{EPHEMERIS}-0-data_type": "int"}
    answer = as_owner.post(edit(source), posted)
    assert "The value is of another type" in answer.content.decode()


def test_a_change_that_can_break_nothing_is_saved_at_once(as_owner: Client, source: DataSource) -> None:
    wider = {f"{EPHEMERIS}-0-allowed_values": "day\nnight\ntwilight", f"{EPHEMERIS}-0-description": "Light"}
    assert as_owner.post(edit(source), opened(as_owner, edit(source)) | wider).status_code == 302
    assert not SchemaScan.objects.exists()


def test_a_source_without_records_asks_nothing(as_owner: Client, new_source: NewSource) -> None:
    empty = new_source(ephemeris_metadata_schema=[STATE])
    assert as_owner.post(edit(empty), narrowed(as_owner, empty)).status_code == 302


def test_a_removed_field_leaves_its_records_behind_also_when_all_is_replaced(
    as_owner: Client, source: DataSource
) -> None:
    address = reverse("source-replace", args=[source.identifier])
    command = {"rows": f"remove:{EPHEMERIS}:0"}
    form = posted_by(as_owner.post(address, opened(as_owner, address) | command))
    difference = as_owner.post(address, form).content.decode()
    html = as_owner.post(address, Form(difference, "replacement").values).content.decode()
    assert "is not described by the schema any more" in html
    assert as_owner.post(address, Form(html, "schema-impact").values).status_code == 302


def test_records_that_cannot_be_looked_at_now_do_not_hinder_saving(
    as_owner: Client, source: DataSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*given: Any) -> Any:
        raise errors.Maintenance

    monkeypatch.setattr("apps.sources.impact.sample", away)
    html = as_owner.post(edit(source), narrowed(as_owner, source)).content.decode()
    assert "The records could not be looked at just now" in html
    assert as_owner.post(edit(source), Form(html, "schema-impact").values).status_code == 302


def test_nobody_elses_look_is_shown(as_owner: Client, as_admin: Client, source: DataSource) -> None:
    as_owner.post(edit(source), narrowed(as_owner, source))
    address = reverse("source-schema-scan", args=[source.identifier, SchemaScan.objects.get().pk])
    assert as_admin.get(address).status_code == 404
    assert scanning.RUNNER.states == {ScanState.RUNNING}


def schema(**fields: Any) -> dict[str, MetadataField]:
    return by_name([MetadataField("a", **fields)])


@pytest.mark.parametrize(
    ("old", "new", "breaks"),
    [
        (schema(), schema(), False),
        (schema(), schema(description="other"), False),
        (schema(), {}, True),
        (schema(), schema(data_type="int"), True),
        (schema(data_type="INT"), schema(data_type="int"), False),
        (schema(), schema(allowed_values=("x",)), True),
        (schema(allowed_values=("x", "y")), schema(allowed_values=("x",)), True),
        (schema(allowed_values=("x",)), schema(allowed_values=("x", "y")), False),
        (schema(allowed_values=("x",)), schema(), False),
    ],
)
def test_only_what_narrows_a_schema_can_break_records(old: Any, new: Any, breaks: bool) -> None:
    assert can_break(old, new) is breaks


def test_what_never_fitted_is_not_the_changes_doing() -> None:
    old, new = schema(data_type="int"), schema(data_type="int", allowed_values=("1",))
    found = no_longer_fitting({"a": "text", "b": 1}, old, new)
    assert [*found] == []
    assert [name for name, _, _ in no_longer_fitting({"a": 2}, old, new)] == ["a"]
    assert [*no_longer_fitting({"a": None, "b": 2}, old, new)] == []


# Rows from elsewhere --------------------------------------------------------------------------------------------------


def copy(client: Client, page: str, form: dict[str, str], to: str, of: str, source: object = "") -> Any:
    chosen = {f"{to}-copy-schema": of, f"{to}-copy-source": str(source), "rows": f"copy:{to}"}
    return client.post(page, form | chosen)


def test_a_schema_is_copied_from_ephemeris_to_products_as_typed(
    as_owner: Client, source: DataSource, sent: Sent
) -> None:
    form = opened(as_owner, edit(source)) | {f"{EPHEMERIS}-0-description": "typed just now"}
    sent.clear()
    back = posted_by(copy(as_owner, edit(source), form, PRODUCTS, EPHEMERIS))
    assert back[f"{PRODUCTS}-0-field_name"] == "state"
    assert back[f"{PRODUCTS}-0-description"] == "typed just now"
    assert back[f"{PRODUCTS}-0-allowed_values"] == "day\nnight"
    assert not sent.writes


def test_a_schema_is_copied_from_another_source_into_a_new_one(as_owner: Client, source: DataSource) -> None:
    page = reverse("source-create")
    back = posted_by(copy(as_owner, page, opened(as_owner, page), EPHEMERIS, EPHEMERIS, source.identifier))
    assert back[f"{EPHEMERIS}-0-field_name"] == "state"


@pytest.mark.parametrize(
    ("of", "other", "message"),
    [
        (EPHEMERIS, "999999", "AuroraX has no data source 999999."),
        (EPHEMERIS, "Gillam", "Give the identifier of a data source"),
        (PRODUCTS, "", "That schema has no rows."),
        ("owner", "", "Choose which schema to copy."),
    ],
)
def test_what_cannot_be_copied_is_explained_and_the_rows_stay(
    as_owner: Client, source: DataSource, of: str, other: str, message: str
) -> None:
    answer = copy(as_owner, edit(source), opened(as_owner, edit(source)), EPHEMERIS, of, other)
    assert message in answer.content.decode()
    assert posted_by(answer)[f"{EPHEMERIS}-0-field_name"] == "state"


def test_allowed_values_are_suggested_from_the_data(as_owner: Client, source: DataSource) -> None:
    form = opened(as_owner, edit(source)) | {f"{EPHEMERIS}-0-allowed_values": "twilight"}
    answer = as_owner.post(edit(source), form | {"rows": f"suggest:{EPHEMERIS}:0"})
    assert "state has 2 values in 4 ephemeris records" in answer.content.decode()
    assert posted_by(answer)[f"{EPHEMERIS}-0-allowed_values"] == "twilight\nday\nnight"
    form |= {f"{EPHEMERIS}-0-field_name": "unheard"}
    answer = as_owner.post(edit(source), form | {"rows": f"suggest:{EPHEMERIS}:0"})
    assert "has unheard." in answer.content.decode()


def test_a_value_for_each_record_is_no_list() -> None:
    records: list[dict[str, Any]] = [{"a": n} for n in range(4)]
    assert distinct_values(records, "a", 3) is None
    assert distinct_values([{"a": True}, {"a": 1.5}, {"b": 1}, None], "a", 3) == ["1.5", "true"]
    assert distinct_values([{"a": [1]}], "a", 3) is None


# Commas ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected"), [("several", ("day", "night", "dusk")), ("one", ("day, night", "dusk"))]
)
def test_a_comma_in_allowed_values_is_asked_about(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX, answer: str, expected: tuple[str, ...]
) -> None:
    source = new_source()
    row = {"field_name": "state", "data_type": "string", "allowed_values": "day, night\ndusk"}
    form = opened(as_owner, edit(source)) | rows(EPHEMERIS, row)
    asked = as_owner.post(edit(source), form)
    assert asked.status_code == 422
    assert "“day, night” has a comma. Is it one value, or are these several?" in asked.content.decode()
    form = posted_by(asked) | {f"{EPHEMERIS}-0-commas": answer}
    assert as_owner.post(edit(source), form).status_code == 302
    assert aurorax.sources.get(source.identifier).ephemeris_metadata_schema[0].allowed_values == expected


def test_a_comma_that_is_there_already_is_not_asked_about(as_owner: Client, new_source: NewSource) -> None:
    source = new_source(ephemeris_metadata_schema=[STATE | {"allowed_values": ["a, b"]}])
    form = opened(as_owner, edit(source)) | {f"{EPHEMERIS}-0-description": "changed"}
    assert as_owner.post(edit(source), form).status_code == 302


def test_a_look_that_waits_for_a_sign_in_goes_on_with_the_next_one(
    as_owner: Client, source: DataSource, sign_in: SignIn
) -> None:
    as_owner.post(edit(source), narrowed(as_owner, source))
    scan = SchemaScan.objects.get()
    SchemaScan.objects.filter(pk=scan.pk).update(
        state=ScanState.PAUSED,
        pause_reason=PauseReason.SIGN_IN,
        resumes_at=ScanState.RUNNING,
        done=0,
        found={},
    )
    sign_in("owner")
    scan.refresh_from_db()
    assert scan.state == ScanState.DONE
    assert scan.found["looked_at"] == 12
