"""Deleting records: shown first, copied, deleted, read back to nothing; and never more than was shown."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from apps.activity import snapshots
from apps.activity.models import Event, Snapshot
from apps.aurorax import AuroraX, AuroraXCredential, DataProductRecord, DataSource, EphemerisRecord, Location
from apps.deletions import context
from apps.deletions.models import TRANSITIONS, Deletion, DeletionState
from apps.deletions.tasks import carry_out
from apps.deletions.views import spread
from apps.jobs.models import WrongTransition
from apps.jobs.recovery import recover_all
from tests.conftest import NewSource
from tests.support.sandbox import SandboxProcess

DAY = datetime(2020, 1, 1, tzinfo=UTC)
RANGE = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T00:09:00"}


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    return new_source(maintainers=["maintainer@example.org"])


@pytest.fixture
def twenty(aurorax: AuroraX, source: DataSource) -> list[EphemerisRecord]:
    """Twenty minutes of records, of which `RANGE` covers ten."""
    return put(aurorax, source, range(20))


def put(aurorax: AuroraX, source: DataSource, minutes: range, note: str = "") -> list[EphemerisRecord]:
    records = [
        EphemerisRecord(DAY + timedelta(minutes=minute), Location(51.0, -114.0), metadata={"note": note})
        for minute in minutes
    ]
    aurorax.ephemeris.upload(source.identifier, records, source=source)
    return records


def minutes_left(aurorax: AuroraX, source: DataSource) -> list[int]:
    return [record.epoch.minute for record in aurorax.ephemeris.search(source, DAY, DAY + timedelta(days=1))]


def begin(client: Client, source: DataSource, kind: str = "ephemeris", **fields: Any) -> str:
    """Choose what to look at; answers the address of the page that shows it."""
    answer = client.post(reverse(f"{kind}-delete", args=[source.identifier]), RANGE | fields)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def confirm(client: Client, address: str, count: object) -> Any:
    return client.post(address, {"decision": "confirm", "count": count}, follow=True)


# Ephemeris -----------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_the_range_holds_and_deletes_nothing(
    as_maintainer: Client, source: DataSource, twenty: list[EphemerisRecord], aurorax: AuroraX
) -> None:
    page = as_maintainer.get(begin(as_maintainer, source)).content.decode()
    for words in ("10 ephemeris records", "2020-01-01T00:00:00", "2020-01-01T00:09:00", "both included"):
        assert words in page
    assert Deletion.objects.get().survey["days"] == {"2020-01-01": 10}
    assert len(minutes_left(aurorax, source)) == 20
    assert not Event.objects.exists()


def test_confirmed_it_deletes_both_ends_and_nothing_else(
    as_maintainer: Client, source: DataSource, twenty: list[EphemerisRecord], aurorax: AuroraX
) -> None:
    page = confirm(as_maintainer, begin(as_maintainer, source), 10).content.decode()
    assert "Deleted and checked" in page
    assert minutes_left(aurorax, source) == list(range(10, 20))

    event = Event.objects.get()
    assert (event.action, event.outcome, event.actor) == (
        "ephemeris.delete",
        "done",
        "maintainer@example.org",
    )
    assert event.summary == "Deleted 10 ephemeris records, 2020-01-01 00:00:00 to 2020-01-01 00:09:00 UTC"
    assert (event.before or {})["count"] == 10
    copy = Snapshot.objects.get(pk=str(event.snapshot))
    assert [record["epoch"][14:16] for record in snapshots.records_of(copy)] == [f"{n:02}" for n in range(10)]
    assert reverse("snapshot-download", args=[copy.pk]) in page


def test_two_hundred_years_are_looked_through_quickly_and_only_what_is_there_is_deleted(
    as_owner: Client, source: DataSource, twenty: list[EphemerisRecord], aurorax: AuroraX
) -> None:
    put(aurorax, source, range(60 * 24 * 70, 60 * 24 * 70 + 1))
    address = begin(as_owner, source, start="1900-01-01T00:00:00", end="2100-12-31T23:59:59")
    assert Deletion.objects.get().count == 21
    assert "Deleted and checked" in confirm(as_owner, address, 21).content.decode()
    assert minutes_left(aurorax, source) == []


@pytest.mark.parametrize("typed", ["", "9", "ten", "1010"])
def test_anything_but_the_number_shown_confirms_nothing(
    as_owner: Client, source: DataSource, twenty: list[EphemerisRecord], aurorax: AuroraX, typed: str
) -> None:
    answer = confirm(as_owner, begin(as_owner, source), typed)
    assert answer.status_code == 422
    assert Deletion.objects.get().state == DeletionState.READY
    assert len(minutes_left(aurorax, source)) == 20


@pytest.mark.parametrize("change", ["added", "changed"])
def test_records_added_or_changed_since_stop_it(
    as_owner: Client, source: DataSource, twenty: list[EphemerisRecord], aurorax: AuroraX, change: str
) -> None:
    address = begin(as_owner, source, end="2020-01-01T00:30:00")
    put(aurorax, source, range(25, 26) if change == "added" else range(3, 4), note="new")
    page = confirm(as_owner, address, 20).content.decode()
    assert "Records were added or changed since you looked" in page
    assert Deletion.objects.get().state == DeletionState.STOPPED
    left = minutes_left(aurorax, source)
    assert len(left) == (21 if change == "added" else 20)
    assert not Event.objects.exists()

    as_owner.post(address, {"decision": "look_again"})
    assert Deletion.objects.get().count == len(left)
    assert "Deleted and checked" in confirm(as_owner, address, len(left)).content.decode()


def test_records_that_come_after_the_copy_are_left_alone_and_listed(
    as_owner: Client, source: DataSource, twenty: list[EphemerisRecord], aurorax: AuroraX
) -> None:
    begin(as_owner, source)
    deletion = Deletion.objects.get()
    records = (record.to_api() for record in twenty[:10])
    copy = snapshots.take(
        by=deletion.user, kind="ephemeris", source_identifier=source.identifier, records=records
    )
    Deletion.objects.update(state=DeletionState.DELETING, snapshot=copy.pk)
    put(aurorax, source, range(5, 6), note="someone else's")
    carry_out.call(str(deletion.pk))
    deletion.refresh_from_db()
    assert (deletion.state, deletion.count_deleted) == (DeletionState.DONE, 9)
    assert deletion.left_alone["listed"] == ["2020-01-01T00:05:00"]
    assert minutes_left(aurorax, source) == [5, *range(10, 20)]


def test_a_range_without_records_says_so_and_offers_no_button(as_owner: Client, source: DataSource) -> None:
    address = begin(as_owner, source)
    assert "There is nothing to delete" in as_owner.get(address).content.decode()
    assert confirm(as_owner, address, 0).status_code == 422
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"start": "", "end": ""}, "This field is required"),
        ({"start": "yesterday"}, "Write a time as 2020-01-01T00:00:00"),
        ({"start": "2020-02-01T00:00:00"}, "The end is before the start"),
        ({"start": "0001-01-01T00:00:00"}, "Choose a year from 1900 to 2100"),
        ({"end": "9999-12-31T23:59:59"}, "Choose a year from 1900 to 2100"),
    ],
)
def test_a_range_that_makes_no_sense_is_explained(
    as_owner: Client, source: DataSource, fields: dict[str, str], words: str
) -> None:
    answer = as_owner.post(reverse("ephemeris-delete", args=[source.identifier]), RANGE | fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Deletion.objects.exists()


def test_cancelled_nothing_happens_and_nothing_can(
    as_owner: Client, source: DataSource, twenty: list[EphemerisRecord], aurorax: AuroraX
) -> None:
    address = begin(as_owner, source)
    assert (
        "Nothing was deleted" in as_owner.post(address, {"decision": "cancel"}, follow=True).content.decode()
    )
    assert confirm(as_owner, address, 10).status_code == 409
    assert len(minutes_left(aurorax, source)) == 20


def test_maintenance_pauses_it_and_it_goes_on_later(
    portal: SandboxProcess,
    as_owner: Client,
    source: DataSource,
    twenty: list[EphemerisRecord],
    aurorax: AuroraX,
) -> None:
    address = begin(as_owner, source)
    with portal.switched(maintenance="true"):
        page = confirm(as_owner, address, 10).content.decode()
    assert "Paused" in page
    assert "maintenance" in page
    assert Event.objects.get().outcome == "failed"
    page = as_owner.post(address, {"decision": "resume"}, follow=True).content.decode()
    assert "Deleted and checked" in page
    assert minutes_left(aurorax, source) == list(range(10, 20))


def test_an_ended_session_pauses_it_until_somebody_signs_in(
    portal: SandboxProcess, as_owner: Client, source: DataSource, twenty: list[EphemerisRecord]
) -> None:
    address = begin(as_owner, source)
    Deletion.objects.update(state=DeletionState.SAVING)
    portal.expire_sessions()
    carry_out.call(str(Deletion.objects.get().pk))
    deletion = Deletion.objects.get()
    assert (deletion.state, deletion.resumes_at) == (DeletionState.PAUSED, DeletionState.SAVING)
    assert "Sign in again" in deletion.message
    as_owner.post(address, {"decision": "resume", "sign_in_again": "sandbox-owner"})
    assert Deletion.objects.get().state == DeletionState.DONE


def test_records_that_do_not_go_away_are_reported(
    portal: SandboxProcess,
    as_owner: Client,
    source: DataSource,
    twenty: list[EphemerisRecord],
    settings: Settings,
) -> None:
    settings.UPLOAD_VERIFY_SECONDS = 0
    address = begin(as_owner, source)
    with portal.switched(ingest_delay=60):
        page = confirm(as_owner, address, 10).content.decode()
    assert "still shows records" in page
    portal.ingest()
    page = as_owner.post(address, {"decision": "resume"}, follow=True).content.decode()
    assert "Deleted and checked" in page
    assert Event.objects.count() == 1


def test_what_is_uploaded_after_the_deletion_is_no_sign_that_it_failed(
    as_owner: Client, source: DataSource, twenty: list[EphemerisRecord], aurorax: AuroraX
) -> None:
    confirm(as_owner, begin(as_owner, source), 10)
    put(aurorax, source, range(5), note="new")
    Deletion.objects.update(state=DeletionState.CHECKING)
    carry_out.call(str(Deletion.objects.get().pk))
    assert Deletion.objects.get().state == DeletionState.DONE
    assert len(minutes_left(aurorax, source)) == 15


def test_whoever_comes_back_finds_the_latest_deletions(
    as_owner: Client, source: DataSource, twenty: list[EphemerisRecord]
) -> None:
    address = begin(as_owner, source)
    page = as_owner.get(reverse("ephemeris-delete", args=[source.identifier])).content.decode()
    assert "Latest deletions here" in page
    assert f'href="{address.split("/")[-2]}/"' in page
    assert "Latest" not in as_owner.get(reverse("products-delete", args=[source.identifier])).content.decode()


def test_many_days_are_shown_by_the_month() -> None:
    year = {(DAY + timedelta(days=n)).date().isoformat(): 2 for n in range(366)}
    assert spread(year)[:2] == [("2020-01", 62), ("2020-02", 58)]
    assert len(spread(dict(list(year.items())[:92]))) == 92


@pytest.mark.parametrize("state", [DeletionState.SAVING, DeletionState.LOOKING])
def test_a_killed_worker_is_followed_by_another_when_its_lease_has_run_out(
    as_owner: Client,
    source: DataSource,
    twenty: list[EphemerisRecord],
    aurorax: AuroraX,
    state: DeletionState,
) -> None:
    address = begin(as_owner, source)
    hour = timedelta(hours=1)
    Deletion.objects.update(state=state, lease_until=timezone.now() + hour)
    carry_out.call(str(Deletion.objects.get().pk))
    assert Deletion.objects.get().state == state  # somebody is at it

    Deletion.objects.update(lease_until=timezone.now() - hour)
    cache.clear()
    as_owner.get(address)
    expected = DeletionState.DONE if state == DeletionState.SAVING else DeletionState.READY
    assert Deletion.objects.get().state == expected


def test_workers_find_what_was_left_lying(
    as_owner: Client, source: DataSource, twenty: list[EphemerisRecord], aurorax: AuroraX
) -> None:
    begin(as_owner, source)
    Deletion.objects.update(state=DeletionState.SAVING, lease_until=timezone.now() - timedelta(seconds=1))
    cache.clear()
    assert recover_all() == 1
    assert Deletion.objects.get().state == DeletionState.DONE
    assert recover_all() == 0


def test_a_worker_that_slept_too_long_leaves_it_to_the_next(
    as_owner: Client, source: DataSource, twenty: list[EphemerisRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(as_owner, source)
    Deletion.objects.update(state=DeletionState.SAVING)
    taken = timezone.now() + timedelta(hours=1)

    def slept(credential: AuroraXCredential) -> AuroraX:
        Deletion.objects.update(lease_holder="another worker", lease_until=taken)
        return AuroraX(credential)

    monkeypatch.setattr(context, "AuroraX", slept)
    carry_out.call(str(Deletion.objects.get().pk))
    deletion = Deletion.objects.get()
    assert (deletion.state, deletion.lease_until) == (DeletionState.SAVING, taken)


def test_a_worker_killed_right_after_asking_asks_again_without_harm(
    as_owner: Client, source: DataSource, twenty: list[EphemerisRecord], aurorax: AuroraX
) -> None:
    confirm(as_owner, begin(as_owner, source), 10)
    Deletion.objects.update(state=DeletionState.DELETING)
    carry_out.call(str(Deletion.objects.get().pk))
    assert Deletion.objects.get().state == DeletionState.DONE
    assert minutes_left(aurorax, source) == list(range(10, 20))
    assert Event.objects.count() == 1


def test_the_page_updates_itself_only_while_something_goes_on(
    as_owner: Client, source: DataSource, twenty: list[EphemerisRecord]
) -> None:
    address = begin(as_owner, source)
    headers = {"HX-Request": "true", "HX-Target": "section#deletion-progress"}
    ready = as_owner.get(address, headers=headers).content.decode()
    assert ready.startswith('<section id="deletion-progress"')
    assert 'hx-trigger="every' not in ready
    Deletion.objects.update(state=DeletionState.CHECKING, lease_until=timezone.now() + timedelta(hours=1))
    assert 'hx-trigger="every 2s"' in as_owner.get(address, headers=headers).content.decode()


def test_only_those_with_the_right_on_this_source_may_look_or_decide(
    as_owner: Client, as_owner2: Client, as_user: Client, as_admin: Client, source: DataSource, new_source: NewSource,
    twenty: list[EphemerisRecord], aurorax: AuroraX,
) -> None:  # fmt: skip
    address = begin(as_owner, source)
    for client in (as_owner2, as_user):
        assert client.get(address).status_code == 403
        assert confirm(client, address, 10).status_code == 403
        assert client.post(reverse("ephemeris-delete", args=[source.identifier]), RANGE).status_code == 403
    pk = Deletion.objects.get().pk
    elsewhere = new_source(owner="owner2@example.org")
    assert as_owner2.get(reverse("ephemeris-deletion", args=[elsewhere.identifier, pk])).status_code == 404
    assert as_owner.get(reverse("products-deletion", args=[source.identifier, pk])).status_code == 404
    assert len(minutes_left(aurorax, source)) == 20
    assert "Deleted and checked" in confirm(as_admin, address, 10).content.decode()
    assert Event.objects.get().actor == "admin@example.org"


def test_the_event_names_who_decided_and_who_began(
    as_owner: Client, as_admin: Client, source: DataSource, twenty: list[EphemerisRecord]
) -> None:
    confirm(as_admin, begin(as_owner, source), 10)
    event = Event.objects.get()
    assert (event.actor, event.made_by) == ("admin@example.org", "owner@example.org")


def test_a_stated_address_does_not_meddle_with_what_others_began(
    as_owner: Client, client: Client, source: DataSource, twenty: list[EphemerisRecord], aurorax: AuroraX
) -> None:
    address = begin(as_owner, source)
    client.post("/sign-in/?with=key", {"email": "owner@example.org", "api_key": "sandbox-key-user"})
    for decision in ("cancel", "confirm"):
        answer = client.post(address, {"decision": decision, "count": "10"})
        assert answer.status_code == 403
        assert "Somebody else began this deletion" in answer.content.decode()
    assert Deletion.objects.get().state == DeletionState.READY
    assert len(minutes_left(aurorax, source)) == 20


def test_somebody_who_loses_the_right_meanwhile_deletes_nothing(
    as_maintainer: Client, source: DataSource, twenty: list[EphemerisRecord], aurorax: AuroraX
) -> None:
    begin(as_maintainer, source)
    Deletion.objects.update(state=DeletionState.SAVING)
    aurorax.sources.update(source.identifier, {"maintainers": []})
    carry_out.call(str(Deletion.objects.get().pk))
    deletion = Deletion.objects.get()
    assert deletion.state == DeletionState.PAUSED
    assert "not possible here" in deletion.message
    assert len(minutes_left(aurorax, source)) == 20


# Data products -------------------------------------------------------------------------------------------------------

SPAN = {"start": "2020-01-01T00:00:00", "end": "2020-01-03T23:59:59"}


@pytest.fixture
def three(aurorax: AuroraX, source: DataSource) -> list[str]:
    """Three keograms, one a day."""
    urls = [f"https://example.org/{number}.jpg" for number in range(3)]
    records = [
        DataProductRecord(
            "keogram", DAY + timedelta(days=n), DAY + timedelta(days=n, hours=23, minutes=59), url
        )
        for n, url in enumerate(urls)
    ]
    aurorax.products.upload(source.identifier, records, source=source)
    return urls


def urls_left(aurorax: AuroraX, source: DataSource) -> list[str]:
    return [record.url for record in aurorax.products.search(source, DAY, DAY + timedelta(days=9))]


def test_exactly_the_ticked_urls_go(
    as_maintainer: Client, source: DataSource, three: list[str], aurorax: AuroraX
) -> None:
    query = "first=2020-01-01&last=2020-01-03"
    table = as_maintainer.get(f"{reverse('products-browse', args=[source.identifier])}?{query}&view=table")
    keys = [row.key for row in table.context["table"].rows]
    address = as_maintainer.post(
        f"{reverse('products-selection-delete', args=[source.identifier])}?{query}",
        {"shown": " ".join(keys), "ticked": keys[:2]},
    ).headers["Location"]
    page = as_maintainer.get(address).content.decode()
    assert three[0] in page
    assert three[2] not in page
    assert "Deleted and checked" in confirm(as_maintainer, address, 2).content.decode()
    assert urls_left(aurorax, source) == three[2:]
    event = Event.objects.get()
    assert (event.action, (event.before or {})["urls"]) == ("products.delete", three[:2])


def test_a_span_takes_what_lies_wholly_within_it(
    as_owner: Client, source: DataSource, three: list[str], aurorax: AuroraX
) -> None:
    address = begin(as_owner, source, "products", start="2020-01-01T00:00:00", end="2020-01-02T12:00:00")
    assert Deletion.objects.get().count == 1
    confirm(as_owner, address, 1)
    assert urls_left(aurorax, source) == three[1:]


def test_a_product_that_came_into_the_span_since_stops_it(
    as_owner: Client, source: DataSource, three: list[str], aurorax: AuroraX
) -> None:
    address = begin(as_owner, source, "products", **SPAN)
    late = DataProductRecord("movie", DAY, DAY + timedelta(hours=1), "late.mp4")
    aurorax.products.upload(source.identifier, [late], source=source)
    assert "Records were added or changed" in confirm(as_owner, address, 3).content.decode()
    assert len(urls_left(aurorax, source)) == 4


# States --------------------------------------------------------------------------------------------------------------


def test_every_state_has_its_transitions_and_only_those(db: None) -> None:
    assert set(TRANSITIONS) == set(DeletionState)
    user = User.objects.remember(username="x@example.org", email="x@example.org")
    for state in DeletionState:
        for to in DeletionState:
            deletion = Deletion.objects.create(
                kind="ephemeris", source_identifier=1, user=user, start=DAY, end=DAY, state=state
            )
            if to in TRANSITIONS[state]:
                deletion.transition(to)
            else:
                with pytest.raises(WrongTransition):
                    deletion.transition(to)
            assert Deletion.objects.get(pk=deletion.pk).state == (to if to in TRANSITIONS[state] else state)


def test_of_two_decisions_at_once_one_wins(db: None) -> None:
    user = User.objects.remember(username="x@example.org", email="x@example.org")
    deletion = Deletion.objects.create(
        kind="ephemeris", source_identifier=1, user=user, start=DAY, end=DAY, state=DeletionState.READY
    )
    late = Deletion.objects.get(pk=deletion.pk)
    deletion.transition(DeletionState.CANCELLED)
    with pytest.raises(WrongTransition):
        late.transition(DeletionState.SAVING)
    assert Deletion.objects.get().state == DeletionState.CANCELLED
