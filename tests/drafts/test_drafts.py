"""Long forms are kept as they are typed, offered on return, and never sent by themselves."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Credential
from apps.aurorax import AuroraX, DataSource
from apps.drafts import services
from apps.drafts.models import Draft
from apps.drafts.retention import old_drafts
from tests.conftest import NewSource, Sent
from tests.sources.forms import Form, example_form, opened, rows


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    return new_source(display_name="As it was")


def edit(source: DataSource) -> str:
    return reverse("source-edit", args=[source.identifier])


def keep(client: Client, page: str, form: dict[str, Any]) -> Any:
    return client.post(f"{reverse('draft-keep')}?page={page}", form)


def test_what_was_typed_is_offered_and_shown_as_typed(
    as_owner: Client, source: DataSource, sent: Sent
) -> None:
    row = rows("ephemeris_metadata_schema", {"field_name": "sta", "data_type": "", "description": "half a "})
    typed = opened(as_owner, edit(source)) | {"display_name": "Half a na", "metadata": "{", **row}
    sent.clear()
    answer = keep(as_owner, edit(source), typed)
    assert "Nothing is sent yet." in answer.json()["message"]
    assert not sent.writes
    html = as_owner.get(edit(source)).content.decode()
    assert "did not send it" in html
    assert Form(html).values["display_name"] == "As it was"
    shown = Form(as_owner.get(f"{edit(source)}?draft=").content.decode()).values
    for name in ("display_name", "metadata", *row):
        if not name.endswith("FORMS"):
            assert shown[name] == typed[name]
    assert not sent.writes


def test_a_draft_that_is_sent_is_gone(as_owner: Client, source: DataSource, aurorax: AuroraX) -> None:
    keep(as_owner, edit(source), opened(as_owner, edit(source)) | {"display_name": "Mine"})
    form = Form(as_owner.get(f"{edit(source)}?draft=").content.decode()).values
    form.pop("csrfmiddlewaretoken", "")
    assert as_owner.post(edit(source), form).status_code == 302
    assert aurorax.sources.get(source.identifier).display_name == "Mine"
    assert not Draft.objects.exists()


def test_a_draft_is_merged_with_what_others_have_changed_meanwhile(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    keep(as_owner, edit(source), opened(as_owner, edit(source)) | {"display_name": "Mine"})
    aurorax.sources.update(source.identifier, {"platform": "theirs"})
    form = Form(as_owner.get(f"{edit(source)}?draft=").content.decode()).values
    form.pop("csrfmiddlewaretoken", "")
    as_owner.post(edit(source), form)
    now = aurorax.sources.get(source.identifier)
    assert (now.display_name, now.platform) == ("Mine", "theirs")


def test_a_refused_form_keeps_its_draft(as_owner: Client, source: DataSource) -> None:
    typed = opened(as_owner, edit(source)) | {"display_name": ""}
    keep(as_owner, edit(source), typed)
    answer = as_owner.post(edit(source), typed)
    assert answer.status_code == 422
    assert "data-dirty" in answer.content.decode()
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("name", ["source-create", "source-replace"])
def test_new_sources_and_replacements_are_kept_too(as_owner: Client, source: DataSource, name: str) -> None:
    page = reverse(name, args=[] if name == "source-create" else [source.identifier])
    keep(as_owner, page, example_form(display_name="Half", maintainers="a@"))
    assert "did not send it" in as_owner.get(page).content.decode()
    shown = Form(as_owner.get(f"{page}?draft=").content.decode()).values
    assert (shown["display_name"], shown["maintainers"]) == ("Half", "a@")


def test_creating_and_replacing_forget_the_draft(as_owner: Client, source: DataSource) -> None:
    create, replace = reverse("source-create"), reverse("source-replace", args=[source.identifier])
    keep(as_owner, create, example_form())
    as_owner.post(create, example_form())
    keep(as_owner, replace, opened(as_owner, replace))
    html = as_owner.post(replace, opened(as_owner, replace) | {"display_name": "New"}).content.decode()
    assert Draft.objects.count() == 1
    as_owner.post(replace, Form(html, "replacement").values)
    assert not Draft.objects.exists()


def test_a_draft_can_be_thrown_away(as_owner: Client, source: DataSource) -> None:
    keep(as_owner, edit(source), opened(as_owner, edit(source)))
    answer = as_owner.post(f"{reverse('draft-forget')}?page={edit(source)}", follow=True)
    assert answer.redirect_chain == [(edit(source), 302)]
    assert "did not send it" not in answer.content.decode()


def test_nobody_sees_anothers_draft(as_owner: Client, as_admin: Client, source: DataSource) -> None:
    keep(as_owner, edit(source), opened(as_owner, edit(source)) | {"display_name": "Secret"})
    assert "Secret" not in as_admin.get(f"{edit(source)}?draft=").content.decode()
    as_admin.post(f"{reverse('draft-forget')}?page={edit(source)}")
    assert Draft.objects.count() == 1


def test_typing_is_kept_after_the_sign_in_has_ended(as_owner: Client, source: DataSource) -> None:
    typed = opened(as_owner, edit(source))
    Credential.objects.get().end()
    assert keep(as_owner, edit(source), typed).status_code == 200


@pytest.mark.parametrize("page", ["", "/nothing/", "/sources/", "//example.org/", "x" * 400])
def test_only_forms_that_say_so_are_kept(as_owner: Client, page: str) -> None:
    assert keep(as_owner, page, {"a": "b"}).status_code == 422
    assert not Draft.objects.exists()


def test_leaving_to_another_site_is_not_possible(as_owner: Client) -> None:
    answer = as_owner.post(f"{reverse('draft-forget')}?page=//example.org/")
    assert answer.headers["Location"] == reverse("overview")


def test_there_is_an_end_to_what_is_kept(
    as_owner: Client, new_source: NewSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_DRAFTS", 2)
    pages = [edit(new_source()) for _ in range(3)]
    for page in pages:
        keep(as_owner, page, {"display_name": "Half"})
    assert set(Draft.objects.values_list("page", flat=True)) == set(pages[1:])
    monkeypatch.setattr(services, "MOST_CHARACTERS", 10)
    assert "too long to be kept" in keep(as_owner, pages[0], {"metadata": "x" * 20}).json()["message"]
    Draft.objects.update(kept_at=timezone.now() - timedelta(days=31))
    for each in old_drafts():
        each.remove()
    assert not Draft.objects.exists()
