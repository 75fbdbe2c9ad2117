"""All pages of a data source together: markup stays text, and they hang together."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import NewSource

NASTY = '<script>alert("x")</script>'
ROW = {
    "field_name": NASTY,
    "description": NASTY,
    "data_type": NASTY,
    "allowed_values": [NASTY],
    "additional_description": NASTY,
}
PAGES = [
    "source-detail",
    "source-stats",
    "source-schema",
    "source-edit",
    "source-replace",
    "source-delete",
    "maintainers-source",
]


@pytest.mark.parametrize("page", PAGES)
def test_markup_in_a_data_source_stays_text(as_owner: Client, new_source: NewSource, page: str) -> None:
    source = new_source(
        program=NASTY,
        platform=NASTY,
        instrument_type=NASTY,
        display_name=NASTY,
        metadata={NASTY: NASTY},
        maintainers=[NASTY],
        ephemeris_metadata_schema=[ROW],
    )
    html = as_owner.get(reverse(page, args=[source.identifier])).content.decode()
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


def test_markup_stays_text_in_tables(as_owner: Client, new_source: NewSource) -> None:
    new_source(program=NASTY, platform=NASTY, display_name=NASTY, maintainers=[NASTY])
    for address in (
        reverse("overview"),
        reverse("source-list") + "?mine=on&q=%3Cscript%3E",
        reverse("maintainers-all"),
    ):
        html = as_owner.get(address).content.decode()
        assert "&lt;script&gt;" in html
        assert "<script>" not in html


@pytest.mark.parametrize("typed", ["\x00", NASTY, "\u202e\u2066", "😀" * 20, " \r\n ", "%s {0} {{ x }}"])
def test_whatever_is_typed_gets_an_answer(as_owner: Client, typed: str) -> None:
    names = (
        "program",
        "platform",
        "instrument_type",
        "source_type",
        "display_name",
        "identifier",
        "metadata",
    )
    posted = dict.fromkeys([*names, "maintainers", "ephemeris_metadata_schema-json", "rows"], typed)
    posted |= {
        "ephemeris_metadata_schema-TOTAL_FORMS": typed,
        "data_product_metadata_schema-INITIAL_FORMS": typed,
    }
    answer = as_owner.post(reverse("source-create"), posted)
    assert answer.status_code == 422
    assert "<script>" not in answer.content.decode()
