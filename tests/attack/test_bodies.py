"""Files and texts that are odd or wrong."""

from itertools import product

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.aurorax import DataSource
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.attack.cases import JSON_BODIES, TARGETS, TEXTS, Target
from tests.attack.conftest import Try, some
from tests.conftest import Sent

IN_FIELDS = [*product(TEXTS, TARGETS)]
ENDS = {State.REJECTED, State.CHECKED, State.NEEDS_COLUMNS, State.DONE}


@pytest.mark.parametrize("name", some([*JSON_BODIES], 10))
def test_a_body_is_read_or_refused_in_a_sentence_and_nothing_is_sent(
    name: str, as_owner: Client, source: DataSource, attack: Try, sent: Sent
) -> None:
    address = reverse("ephemeris-upload", args=[source.identifier])
    answer = attack(as_owner, "post", address, {"file": SimpleUploadedFile("body.json", JSON_BODIES[name])})
    if answer.status_code == 302:
        assert Upload.objects.get().state in ENDS
        attack(as_owner, "get", answer.headers["Location"])
    else:
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
    assert sent.writes == []


@pytest.mark.parametrize(
    ("name", "target"), some(IN_FIELDS, 53), ids=lambda each: each if isinstance(each, str) else each.name
)
def test_a_text_in_every_field_is_refused_or_shown_as_text(
    name: str, target: Target, as_owner: Client, source: DataSource, attack: Try, sent: Sent
) -> None:
    text = TEXTS[name]
    address = reverse(target.name, args=[source.identifier] if target.on_source else [])
    client = Client() if target.name == "sign-in" else as_owner
    page = attack(client, "get", address)
    form = page.context and page.context.get("form")
    fields = {*target.fields, *(form.fields if form else ())}
    sent.clear()
    answer = attack(client, target.method, address, dict.fromkeys(fields, text))
    if not answer.streaming and "<" in text:
        assert text not in answer.content.decode()
    assert "Set-Cookie: a=b" not in str(answer.headers)
    if "location" in answer.headers:
        assert answer.headers["location"].startswith("/")
    if target.name not in ("source-create", "source-edit"):  # a name may be any text
        assert sent.writes in ([], [f"POST {source_url(sent)}"])


def source_url(sent: Sent) -> str:
    """Where the one write may go that a sign-in is."""
    return sent.writes[0].partition(" ")[2] if sent.writes and "/authenticate" in sent.writes[0] else ""
