"""People who may not, or may no more: role by object by action."""

from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.aurorax import DataSource
from apps.deletions.models import Deletion, DeletionState
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.attack.cases import OF_UPLOADS, ON_DELETIONS, ON_UPLOADS, PEOPLE
from tests.attack.conftest import Try, some
from tests.conftest import Sent, SignIn
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, csv_of, minutes

KEY_PAGE = "/sign-in/?with=key"
SPAN = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T23:59:59"}


class People:
    """Somebody by what they are."""

    def __init__(self, sign_in: SignIn, portal: SandboxProcess) -> None:
        self._sign_in, self._portal = sign_in, portal

    def browser(self, who: str) -> Client:
        """Theirs, signed in as far as they can be."""
        if who == "anonymous":
            return Client()
        if who == "a key with the owner's address":
            client = Client()
            client.post(KEY_PAGE, {"email": "owner@example.org", "api_key": "sandbox-key-user"})
            return client
        names = {"user": "user", "maintainer elsewhere": "maintainer", "owner elsewhere": "owner2"}
        client = self._sign_in(names.get(who, "admin"))
        if who == "former administrator":
            self.demote("admin")
        return client

    def demote(self, name: str) -> None:
        """AuroraX takes their role away."""
        self._portal.change_account(f"{name}@example.org", role="User")


@pytest.fixture
def people(sign_in: SignIn, portal: SandboxProcess) -> People:
    """Those who try."""
    return People(sign_in, portal)


@pytest.fixture
def upload(upload_file: UploadFile) -> Upload:
    """The owner's, checked, with a list of problems."""
    return upload_file(csv_of(*minutes(3), "never,1,2,x"))


@pytest.fixture
def deletion(upload_file: UploadFile, as_owner: Client, source: DataSource) -> Deletion:
    """The owner's, waiting for a decision."""
    upload = upload_file(csv_of(*minutes(3)))
    as_owner.post(reverse("upload-send", args=[upload.pk]))
    as_owner.post(reverse("ephemeris-delete", args=[source.identifier]), SPAN)
    return Deletion.objects.get()


def is_refused(answer: Any) -> bool:
    """Whether the answer gave nothing: it leads to the sign-in page, asks for the password, or refuses."""
    if answer.status_code == 302:
        return str(answer.headers["Location"]).startswith("/sign-in/")
    return answer.status_code in (401, 403, 404)


@pytest.mark.parametrize(("who", "verb"), some([*product(PEOPLE, ON_UPLOADS)], 13))
def test_nobody_acts_on_the_upload_of_another(
    who: str, verb: str, people: People, upload: Upload, attack: Try, sent: Sent
) -> None:
    client = people.browser(who)
    sent.clear()
    answer = attack(client, "post", reverse(f"upload-{verb}", args=[upload.pk]))
    assert is_refused(answer)
    upload.refresh_from_db()
    assert upload.state == State.CHECKED
    assert sent.writes == []


@pytest.mark.parametrize(("who", "what"), some([*product(PEOPLE, OF_UPLOADS)], 11))
def test_nobody_looks_at_the_upload_of_another(
    who: str, what: str, people: People, upload: Upload, attack: Try
) -> None:
    answer = attack(people.browser(who), "get", reverse(f"upload-{what}", args=[upload.pk]))
    assert is_refused(answer)
    assert upload.name not in ("" if answer.streaming else answer.content.decode())


@pytest.mark.parametrize(("who", "decision"), some([*product(PEOPLE, ON_DELETIONS)], 11))
def test_nobody_decides_about_the_deletion_of_another(
    who: str, decision: str, people: People, deletion: Deletion, attack: Try, sent: Sent
) -> None:
    client = people.browser(who)
    sent.clear()
    address = reverse("ephemeris-deletion", args=[deletion.source_identifier, deletion.pk])
    answer = attack(client, "post", address, {"decision": decision, "count": "3"})
    assert is_refused(answer)
    deletion.refresh_from_db()
    assert deletion.state == DeletionState.READY
    assert sent.writes == []


@pytest.mark.parametrize("verb", some(ON_UPLOADS, 4))
def test_a_role_taken_away_between_looking_and_deciding_counts_for_uploads(
    verb: str, people: People, as_admin: Client, upload: Upload, attack: Try
) -> None:
    assert attack(as_admin, "get", reverse("upload-detail", args=[upload.pk])).status_code == 200
    people.demote("admin")
    assert attack(as_admin, "post", reverse(f"upload-{verb}", args=[upload.pk])).status_code in (401, 403)
    upload.refresh_from_db()
    assert upload.state == State.CHECKED


@pytest.mark.parametrize("decision", some(ON_DELETIONS, 3))
def test_a_role_taken_away_between_looking_and_deciding_counts_for_deletions(
    decision: str, people: People, as_admin: Client, deletion: Deletion, attack: Try, sent: Sent
) -> None:
    address = reverse("ephemeris-deletion", args=[deletion.source_identifier, deletion.pk])
    assert attack(as_admin, "get", address).status_code == 200
    people.demote("admin")
    sent.clear()
    answer = attack(as_admin, "post", address, {"decision": decision, "count": "3"})
    assert answer.status_code in (401, 403)
    deletion.refresh_from_db()
    assert deletion.state == DeletionState.READY
    assert sent.writes == []
