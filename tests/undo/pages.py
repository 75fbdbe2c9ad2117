"""Undoing through the pages, as people do."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from apps.activity.models import Event
from tests.sources.forms import opened


def newest(**about: Any) -> Event:
    """The newest event of these."""
    event = Event.objects.filter(**about).first()
    assert event is not None
    return event


def preview(client: Client, event: Event) -> str:
    """The page that says what undoing does now."""
    answer = client.get(reverse("activity-undo", args=[event.pk]))
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def seen_on(page: str) -> str:
    """What stands for what a page has shown."""
    found = re.search(r'name="seen"\s+value="(\w+)"', page)
    assert found, page
    return found[1]


def undo(client: Client, event: Event, *parts: str, why: str = "") -> Event:
    """Look, press the button, and answer the event that it left."""
    page = preview(client, event)
    posted = {"seen": seen_on(page), "part": parts, "why": why}
    answer = client.post(reverse("activity-undo", args=[event.pk]), posted)
    assert answer.status_code == 302, answer.content.decode()
    pk = answer.headers["Location"].strip("/").rpartition("/")[2]
    return Event.objects.get(pk=pk)


def edit(client: Client, identifier: int, **changes: str) -> Event:
    """Change fields of a data source through its form."""
    address = reverse("source-edit", args=[identifier])
    answer = client.post(address, opened(client, address) | changes)
    assert answer.status_code == 302, answer.content.decode()
    return newest(source_identifier=identifier)
