"""Answers to what no view has seen."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.any_database


def test_an_address_that_leads_nowhere_says_so(as_user: Client) -> None:
    answer = as_user.get("/nowhere/")
    assert (answer.status_code, "There is nothing at this address." in answer.content.decode()) == (404, True)


def test_more_text_than_a_form_takes_is_told_with_the_way_out(as_owner: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = as_owner.post(reverse("source-create"), {"display_name": "x" * 200})
    assert answer.status_code == 400
    assert "Save it as a file and upload that." in answer.content.decode()


def test_more_fields_than_a_form_has_are_not_understood(as_owner: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    answer = as_owner.post(reverse("source-create"), {"a": "1", "b": "2", "c": "3"})
    assert (answer.status_code, "could not read" in answer.content.decode()) == (400, True)


@pytest.mark.usefixtures("portal")
def test_a_form_without_its_token_is_refused_and_says_what_to_do() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("sign-in"), {"email": "owner@example.org", "password": "sandbox-owner"})
    assert (answer.status_code, "reload the page" in answer.content.decode()) == (403, True)


def test_a_fault_of_our_own_is_told_without_a_traceback(
    as_user: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("apps.activity.views.events.page_of", fault)
    as_user.raise_request_exception = False
    answer = as_user.get(reverse("activity-list"))
    page = answer.content.decode()
    assert (answer.status_code, "A fault of the portal" in page, "secret detail" in page) == (
        500,
        True,
        False,
    )


def test_a_host_that_is_not_ours_is_refused_in_words(client: Client) -> None:
    answer = client.get("/", headers={"host": "elsewhere.example.org"})
    assert answer.status_code == 400
    assert "Not understood" in answer.content.decode()
