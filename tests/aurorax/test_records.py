"""Records as the API writes them, read and written again."""

from datetime import UTC, datetime
from typing import Any

import pytest

from apps.aurorax.records import (
    Account,
    DataProductRecord,
    DataSource,
    EphemerisRecord,
    Location,
    MetadataField,
    SearchRequest,
)

FULL_RECORD: dict[str, Any] = {
    "identifier": 103,
    "program": "trex",
    "platform": "gillam",
    "instrument_type": "RGB ASI",
    "source_type": "ground",
    "display_name": "TREx RGB GILL",
    "metadata": {},
    "owner": "owner@example.org",
    "maintainers": ["maintainer@example.org"],
    "ephemeris_metadata_schema": [],
    "data_product_metadata_schema": [
        {
            "field_name": "keogram_type",
            "description": "Type of keogram",
            "data_type": "string",
            "allowed_values": ["daily", "hourly"],
            "additional_description": "",
            "searchable": True,
        }
    ],
}


def test_a_full_record_is_written_as_it_was_read() -> None:
    assert DataSource.from_api(FULL_RECORD).to_api() == FULL_RECORD


def test_a_full_record_is_written_in_the_order_of_the_api() -> None:
    assert list(DataSource.from_api(FULL_RECORD).to_api()) == list(FULL_RECORD)


def test_keys_that_a_format_does_not_carry_have_defaults() -> None:
    source = DataSource.from_api({"identifier": 3})
    assert (source.identifier, source.display_name, source.metadata, source.maintainers) == (3, "", None, ())


def test_keys_that_are_null_have_defaults() -> None:
    nulls = dict.fromkeys(("metadata", "owner", "maintainers", "ephemeris_metadata_schema", "stats"))
    source = DataSource.from_api(FULL_RECORD | nulls)
    assert (source.owner, source.maintainers, source.ephemeris_metadata_schema, source.stats) == (
        None,
        (),
        (),
        None,
    )


def test_a_source_without_a_display_name_still_has_a_name() -> None:
    assert str(DataSource.from_api(FULL_RECORD)) == "TREx RGB GILL"
    assert str(DataSource(identifier=3)) == "data source 3"


def test_sources_can_be_kept_in_a_set() -> None:
    assert len({DataSource.from_api(FULL_RECORD), DataSource.from_api(FULL_RECORD)}) == 1


def test_stats_are_read_with_predicted_orbits_in_the_future() -> None:
    stats = {
        "data_source": {"identifier": 37},
        "earliest_ephemeris_loaded": "2007-02-18T00:14:00",
        "latest_ephemeris_loaded": "2099-05-27T23:59:00",
        "ephemeris_count": 11712947,
        "earliest_data_product_loaded": None,
        "latest_data_product_loaded": None,
        "data_product_count": 0,
    }
    read = DataSource.from_api(FULL_RECORD | {"stats": stats}).stats
    assert read is not None
    assert read.latest_ephemeris_loaded == datetime(2099, 5, 27, 23, 59, tzinfo=UTC)
    assert read.ephemeris_count == 11712947
    assert read.earliest_data_product_loaded is None


def test_what_a_schema_field_does_not_say_is_not_written() -> None:
    row = {"field_name": "state", "description": "", "data_type": "string", "allowed_values": []}
    assert MetadataField.from_api(row | {"searchable": None}).to_api() == row


def test_allowed_values_are_always_text() -> None:
    row = {"field_name": "tii_on", "data_type": "bool", "allowed_values": [1, "false"]}
    assert MetadataField.from_api(row).allowed_values == ("1", "false")


@pytest.mark.parametrize("nothing", [{"lat": None, "lon": None}, {}, None])
def test_every_way_of_writing_no_location_is_read(nothing: dict[str, None] | None) -> None:
    location = Location.from_api(nothing)
    assert location.is_empty
    assert location.to_api() == {"lat": None, "lon": None}


def test_a_location_at_zero_is_a_location() -> None:
    assert not Location.from_api({"lat": 0, "lon": 0}).is_empty


def test_an_ephemeris_record_is_uploaded_as_it_was_found() -> None:
    row = {
        "epoch": "2019-01-01T00:25:00",
        "location_geo": {"lat": 79.25, "lon": -120.02243000000001},
        "location_gsm": {"lat": None, "lon": None},
        "nbtrace": {"lat": 1.23, "lon": 45.6},
        "sbtrace": {"lat": None, "lon": None},
        "metadata": {"state": "definitive", "tii_on": True},
    }
    found = {"data_source": {"identifier": 3}} | row
    assert EphemerisRecord.from_api(found).to_api() == row


def test_an_ephemeris_record_without_locations_is_read() -> None:
    record = EphemerisRecord.from_api({"epoch": "2019-01-01T00:25:00.000Z", "location_geo": {}})
    assert record.epoch == datetime(2019, 1, 1, 0, 25, tzinfo=UTC)
    assert record.location_geo == record.sbtrace == Location(None, None)
    assert record.metadata is None


def test_a_data_product_of_an_unknown_type_is_kept_as_it_comes() -> None:
    row = {
        "start": "2020-01-01T00:00:00",
        "end": "2020-01-01T23:59:59",
        "url": "test.jpg",
        "data_product_type": "gridded_data",
        "metadata": None,
    }
    assert DataProductRecord.from_api(row).to_api() == row


def test_an_account_is_read_from_the_short_listing() -> None:
    row = {
        "account_id": "1",
        "agree_terms": "2021-01-01T00:00:00.000Z",
        "disabled": False,
        "email_address": "owner@example.org",
        "first_name": "Olga",
        "last_name": None,
        "role": "Owner",
    }
    account = Account.from_api(row)
    assert (account.email_address, account.role, account.first_name, account.last_name) == (
        "owner@example.org",
        "Owner",
        "Olga",
        "",
    )
    assert account.agree_terms == datetime(2021, 1, 1, tzinfo=UTC)


def test_a_running_search_request_is_read() -> None:
    row = {
        "search_type": "ephemeris",
        "ip_address": "127.0.0.1",
        "request_id": "c9d2",
        "requested": "2024-11-01T00:00:00.35348",
        "active": True,
        "query_duration": None,
        "result_file_exists": False,
        "file_size": None,
        "result_count": None,
        "error_condition": None,
    }
    request = SearchRequest.from_api(row)
    assert request.active
    assert request.file_size is None
