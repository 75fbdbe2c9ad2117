"""What can be done with selected data products."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataProductRecord, DataSource
from apps.deletions.models import Deletion
from apps.products.spans import key_of
from tests.conftest import NewSource

DAY = datetime(2020, 1, 1, tzinfo=UTC)
URLS = ["https://example.org/a b.jpg?x=1&y=2", "just text", "x" * 300]


@pytest.fixture
def products(new_source: NewSource, aurorax: AuroraX) -> tuple[DataSource, list[DataProductRecord]]:
    """Three data products of one day."""
    source = new_source(maintainers=["maintainer@example.org"])
    records = [DataProductRecord("keogram", DAY, DAY + timedelta(hours=1), url) for url in URLS]
    aurorax.products.upload(source.identifier, records, source=source)
    return source, records


def test_exactly_the_selected_ones_are_deleted(
    as_maintainer: Client, products: tuple[DataSource, list[DataProductRecord]], aurorax: AuroraX
) -> None:
    source, records = products
    keys = [key_of(record) for record in records]
    address = reverse("products-selection-delete", args=[source.identifier])
    form = {"shown": " ".join(keys), "ticked": keys[:2]}
    shown = as_maintainer.post(f"{address}?first=2020-01-01", form, follow=True)
    deletion = Deletion.objects.get()
    assert (sorted(deletion.chosen_urls), deletion.count) == (sorted(URLS[:2]), 2)
    done = as_maintainer.post(shown.request["PATH_INFO"], {"decision": "confirm", "count": 2}, follow=True)
    assert done.status_code == 200
    left = aurorax.products.search(source, DAY, DAY + timedelta(days=1))
    assert [record.url for record in left] == URLS[2:]


def test_keys_are_short_and_differ() -> None:
    records = [DataProductRecord("keogram", DAY, DAY, url) for url in [*URLS, "", "é", "Just text"]]
    keys = [key_of(record) for record in records]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {18}
    assert all(key.isalnum() for key in keys)
