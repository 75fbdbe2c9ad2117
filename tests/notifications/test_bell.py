"""What people are told at the bell."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.aurorax import AuroraX, DataSource
from apps.jobs.models import PauseReason
from apps.notifications import occasions, retention, services
from apps.notifications.models import Notice, Topic
from apps.notifications.telling import tell
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.conftest import NewSource
from tests.support.sandbox import SandboxProcess
from tests.support.tokens import Program
from tests.support.uploads import UploadFile, act, csv_of, minutes


def told(person: str) -> list[tuple[str, str]]:
    found = Notice.objects.filter(person__username=f"{person}@example.org")
    return [(notice.topic, notice.subject) for notice in found]


def test_an_upload_that_arrived_is_told_of(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    act(as_owner, upload, "send")
    assert told("owner") == [(Topic.VERIFIED, f"Verified: day.csv for {upload.source_name}")]
    page = as_owner.get(reverse("overview")).content.decode()
    assert "Notifications: 1 unread" in page
    listed = as_owner.get(reverse("notification-list")).content.decode()
    assert "All 3 ephemeris records were read back" in listed


def test_opening_a_notice_reads_it_and_leads_to_what_it_is_about(
    as_owner: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    act(as_owner, upload, "send")
    answer = as_owner.post(reverse("notification-open", args=[Notice.objects.get().pk]))
    assert answer.headers["Location"] == reverse("upload-detail", args=[upload.pk])
    assert "unread" not in as_owner.get(reverse("overview")).content.decode()


def test_all_are_read_at_once(as_owner: Client, as_owner2: Client) -> None:
    for name in ("owner", "owner", "owner2"):
        say(name)
    as_owner.post(reverse("notification-read-all"))
    assert Notice.objects.filter(read_at=None).get().person.username == "owner2@example.org"


def say(name: str = "owner", topic: Topic = Topic.VERIFIED, about: str = "", thing: str = "") -> Notice:
    person = User.objects.get(username=f"{name}@example.org")
    notice = tell(
        person=person,
        topic=topic,
        subject="s",
        message="m",
        path="/",
        about=about or str(uuid4()),
        thing=thing,
    )
    assert notice is not None
    return notice


def test_nobody_reads_or_opens_the_notices_of_somebody_else(as_owner: Client, as_owner2: Client) -> None:
    notice = say()
    assert as_owner2.post(reverse("notification-open", args=[notice.pk])).status_code == 404
    assert "Nothing yet" in as_owner2.get(reverse("notification-list")).content.decode()
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_file_nobody_can_read_and_one_with_a_question_are_told_of(
    program: Program, source: DataSource, as_owner: Client
) -> None:
    program.bring(source.identifier, csv_of("2020-01-01T00:00:00,1,2", header="epoch,lat,strange"))
    assert [topic for topic, _ in told("owner")] == [Topic.WAITS]


def test_what_waits_no_more_counts_as_read(program: Program, source: DataSource, as_owner: Client) -> None:
    upload = program.bring(source.identifier, csv_of("2020-01-01T00:00:00,1,2", header="epoch,lat,strange"))
    program.post(f"uploads/{upload['id']}/cancel")
    assert services.unread(User.objects.get(username="owner@example.org")) == 0


def test_a_pause_until_aurorax_is_back_is_told_of_once(
    as_owner: Client, upload_file: UploadFile, portal: SandboxProcess
) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    with portal.switched(maintenance=True):
        act(as_owner, upload, "send")
        for _ in range(3):
            act(as_owner, upload, "resume")
    assert upload.state == State.PAUSED
    assert [topic for topic, _ in told("owner")] == [Topic.PAUSED]


@pytest.mark.parametrize(
    ("reason", "topic"),
    [
        (PauseReason.SIGN_IN, Topic.WAITS),
        (PauseReason.REFUSED, Topic.REFUSED),
        (PauseReason.FAULT, Topic.REFUSED),
        (PauseReason.YOU, None),
    ],
)
def test_each_pause_is_told_of_as_what_it_is(
    upload_file: UploadFile, reason: PauseReason, topic: Topic | None
) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    upload.transition(State.COMPARING)
    upload.pause(reason, "why")
    assert [found for found, _ in told("owner")] == ([topic] if topic else [])


def test_a_decision_is_told_of_where_nobody_looks_at_the_page_any_more(upload_file: UploadFile) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    assert told("owner") == []  # they have just uploaded it
    upload.update_fields(created_at=timezone.now() - timedelta(minutes=5))
    upload.transition(State.COMPARING)
    upload.transition(State.CHECKED)
    assert [topic for topic, _ in told("owner")] == [Topic.WAITS]


def test_who_is_made_a_maintainer_is_told_by_whom(
    as_owner: Client, as_maintainer: Client, new_source: NewSource
) -> None:
    source = new_source()
    add = reverse("maintainers-add", args=[source.identifier])
    as_owner.post(add, {"email": "maintainer@example.org"})
    expected = f"owner@example.org has made you a maintainer of {source.display_name}."
    assert told("maintainer") == [(Topic.MAINTAINER, expected)]
    assert told("owner") == []
    as_owner.post(add, {"email": "user@example.org"})
    assert len(told("maintainer")) == 1  # the others were there before


def test_who_a_data_source_is_handed_over_to_is_told(
    as_admin: Client, as_owner2: Client, new_source: NewSource, aurorax: AuroraX
) -> None:
    from apps.sources import services as sources  # noqa: PLC0415

    source, admin = new_source(), User.objects.get(username="admin@example.org")
    base, mine = {"owner": "owner@example.org"}, {"owner": "owner2@example.org"}
    sources.update(by=admin, client=aurorax, source=source, base=base, mine=mine)
    expected = f"admin@example.org has handed {source.display_name} over to you."
    assert told("owner2") == [(Topic.OWNER, expected)]


def test_work_goes_on_where_telling_fails(
    as_owner: Client, upload_file: UploadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**fields: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(occasions, "tell", broken)
    upload = upload_file(csv_of(*minutes(3)))
    act(as_owner, upload, "send")
    assert upload.is_verified


def test_the_bell_counts_no_further_than_it_can_say(
    as_owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_COUNTED", 2)
    for _ in range(3):
        say()
    assert "Notifications: 2+ unread" in as_owner.get(reverse("overview")).content.decode()


def test_the_tab_says_how_far_an_upload_is(as_owner: Client, upload_file: UploadFile) -> None:
    upload = upload_file(csv_of(*minutes(20)), name="big.csv")
    Upload.objects.filter(pk=upload.pk).update(
        state=State.SENDING, snapshot=uuid4(), sent=9, started_at=timezone.now(), lease_until=timezone.now() + timedelta(days=1)
    )  # fmt: skip
    page = as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()
    assert "<title>45% big.csv · Upload · AuroraX Provider Portal</title>" in page
    assert 'data-title="45% big.csv · Upload · AuroraX Provider Portal"' in page


def test_old_notices_are_forgotten(as_owner: Client) -> None:
    say()
    assert [*retention.old()] == []
    Notice.objects.update(made_at=timezone.now() - timedelta(days=91))
    for each in retention.old():
        each.remove()
    assert not Notice.objects.exists()
