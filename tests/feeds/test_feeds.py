"""Feeds over https, of a folder and of S3: what is new arrives, what is doubtful waits, and nothing else is done."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Credential, User
from apps.aurorax import AuroraX, DataSource
from apps.feeds.models import Feed, RunOutcome
from apps.feeds.running import run
from apps.notifications.models import Notice
from apps.tokens import services as tokens
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.conftest import Sent, SignIn
from tests.feeds.conftest import DataServer, MakeFeed, look
from tests.support.bucket import bucket
from tests.support.ports import free_port
from tests.support.uploads import csv_of, minutes

BAD = csv_of(*minutes(2), "2020-01-01T00:02:00,951.05,-114.07,wrong")


def outcome(feed: Feed) -> str:
    return feed.runs.latest("started_at").outcome


def upload_of(feed: Feed) -> Upload:
    return Upload.objects.filter(brought_by=feed.pk).latest("created_at")


def page(client: Client, feed: Feed) -> str:
    return client.get(reverse("feed-detail", args=[feed.pk])).content.decode()


def test_a_file_arrives_unchanged_costs_one_conditional_request_and_changed_arrives_again(
    data: DataServer, make_feed: MakeFeed, as_owner: Client, sent: Sent
) -> None:
    data.files["/week.csv"] = csv_of(*minutes(3))
    feed = make_feed(data.url)
    assert upload_of(feed).is_verified
    assert (upload_of(feed).verified, outcome(feed)) == (3, RunOutcome.BROUGHT)
    data.asked.clear()
    sent.clear()
    look(feed)
    ((path, condition),) = data.asked
    assert (path, bool(condition), outcome(feed), list(sent)) == ("/week.csv", True, RunOutcome.NOTHING, [])
    data.files["/week.csv"] = csv_of(*minutes(5))
    look(feed)
    assert upload_of(feed).is_verified
    assert (upload_of(feed).new, upload_of(feed).identical) == (2, 3)
    assert Notice.objects.filter(topic="waits").count() == 0
    shown = page(as_owner, feed)
    assert "Nothing new" in shown
    assert "The next look is at" in shown
    upload_page = as_owner.get(reverse("upload-detail", args=[upload_of(feed).pk])).content.decode()
    assert "The feed that brought it" in upload_page


def test_the_same_bytes_under_another_etag_are_nothing_new(data: DataServer, make_feed: MakeFeed) -> None:
    data.files["/week.csv"] = csv_of(*minutes(3))
    feed = make_feed(data.url)
    feed.items.update(etag='"forgotten"')
    look(feed)
    assert (outcome(feed), Upload.objects.count()) == (RunOutcome.NOTHING, 1)


def test_a_bad_file_waits_and_says_where_on_the_bell_the_feed_and_the_upload(
    data: DataServer, make_feed: MakeFeed, as_owner: Client, sent: Sent
) -> None:
    data.files["/week.csv"] = BAD
    feed = make_feed(data.url)
    upload = upload_of(feed)
    assert (upload.state, sent.writes) == (State.CHECKED, [])
    because = "1 row cannot be sent as it is."
    notice = Notice.objects.get(topic="waits")
    assert because in notice.message
    assert notice.path == reverse("upload-detail", args=[upload.pk])
    for address in (notice.path, reverse("feed-detail", args=[feed.pk]), reverse("notification-list")):
        assert because in as_owner.get(address).content.decode()
    data.files["/week.csv"] = csv_of(*minutes(3))  # put right at its place: the bad one is over
    look(feed)
    upload.refresh_from_db()
    assert (upload.state, upload_of(feed).is_verified) == (State.CANCELLED, True)
    notice.refresh_from_db()
    assert notice.read_at is not None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"policy": "new"}, "3 records that AuroraX holds would be replaced."),
        ({"policy": "wait"}, "It does not go by itself."),
        ({"policy": "replace", "most_records": "2"}, "more than the 2 that may go by themselves"),
        ({"policy": "replace", "most_records": "3"}, ""),
    ],
)
def test_what_is_outside_policy_waits(
    data: DataServer, make_feed: MakeFeed, as_owner: Client, fields: dict[str, str], reason: str
) -> None:
    data.files["/week.csv"] = csv_of(*minutes(3))
    make_feed(data.url)
    data.files["/week.csv"] = (
        csv_of(*minutes(3)).replace(b"state ", b"other ").replace(b"metadata.other", b"metadata.state")
    )
    feed = make_feed(data.url, name="another", **fields)
    upload = upload_of(feed)
    assert upload.is_verified is not bool(reason)
    assert reason in as_owner.get(reverse("upload-detail", args=[upload.pk])).content.decode()


def test_unknown_columns_wait_and_are_remembered_for_the_next_file(
    data: DataServer, make_feed: MakeFeed, as_owner: Client
) -> None:
    rows = [row.replace(",state", ",a") for row in minutes(3)]
    data.files["/week.csv"] = csv_of(*rows, header="epoch,north,location_geo.lon,metadata.state")
    feed = make_feed(data.url)
    upload = upload_of(feed)
    assert upload.state == State.NEEDS_COLUMNS
    form = as_owner.get(reverse("upload-detail", args=[upload.pk])).context["form"]
    asked = {
        name: form[name].value() or "location_geo.lat" for name in form.fields if name.startswith("column-")
    }
    as_owner.post(reverse("upload-read", args=[upload.pk]), asked)
    upload.refresh_from_db()
    assert upload.state == State.CHECKED, upload.message  # who has answered is there, and sends it
    as_owner.post(reverse("upload-send", args=[upload.pk]))
    data.files["/week.csv"] += b"\n2020-01-01T00:03:00,51.05,-114.07,a 3"
    look(feed)
    assert upload_of(feed).is_verified
    assert upload_of(feed).recalled_from is not None


def test_what_cannot_be_read_is_said_and_not_fetched_again_before_it_is_another(
    data: DataServer, make_feed: MakeFeed, as_owner: Client
) -> None:
    data.files["/week.csv"] = b"\x00\x01\x02 no table"
    feed = make_feed(data.url)
    assert outcome(feed) == RunOutcome.WAITS
    assert "Cannot be read" in page(as_owner, feed)
    assert "cannot be read" in Notice.objects.get(topic="waits").subject
    look(feed)
    assert (outcome(feed), Notice.objects.count()) == (RunOutcome.NOTHING, 1)


def test_a_list_brings_its_files_and_one_that_fails_stops_no_other(
    data: DataServer, make_feed: MakeFeed
) -> None:
    data.files["/files.txt"] = b"# of this week\nmonday.csv\nhttps://127.0.0.1:1/away.csv\n/tuesday.csv\n"
    data.files["/monday.csv"] = csv_of(*minutes(2))
    data.files["/tuesday.csv"] = csv_of(*minutes(4)[2:])
    feed = make_feed(f"https://{data.host}/files.txt", place="list")
    assert {each.name for each in Upload.objects.all()} == {"monday.csv", "tuesday.csv"}
    assert all(each.is_verified for each in Upload.objects.all())
    assert "away.csv: 127.0.0.1 is in a private network" in feed.runs.latest("started_at").message


def test_after_failures_it_waits_longer_each_time_tells_once_and_is_well_again(
    data: DataServer, make_feed: MakeFeed, as_owner: Client
) -> None:
    data.status = 404
    feed = make_feed(data.url)
    waits = []
    for _ in range(4):
        feed.refresh_from_db()
        waits.append((feed.next_at - timezone.now()).total_seconds())
        look(feed)
    assert all(4 * 60 * 0.75 <= wait / 2**n <= 6.1 * 60 for n, wait in enumerate(waits))
    assert len({round(wait / 2**n, 3) for n, wait in enumerate(waits)}) > 1  # never quite the same
    notice = Notice.objects.get()
    assert (notice.topic, "There is nothing at this address." in notice.message) == ("paused", True)
    data.status, data.headers = 503, {"Retry-After": "7200"}
    look(feed)
    assert feed.next_at > timezone.now() + timedelta(hours=1)  # as the server asks
    assert "Trying again later" in page(as_owner, feed)
    data.status, data.files["/week.csv"] = 200, csv_of(*minutes(1))
    look(feed)
    notice.refresh_from_db()
    assert (feed.failures, notice.read_at is not None, outcome(feed)) == (0, True, RunOutcome.BROUGHT)


def test_who_loses_the_right_has_no_feed_any_more(
    data: DataServer, make_feed: MakeFeed, source: DataSource, aurorax: AuroraX, as_owner: Client, sent: Sent
) -> None:
    data.files["/week.csv"] = csv_of(*minutes(1))
    feed = make_feed(data.url)
    aurorax.sources.update(source.identifier, {"owner": "owner2@example.org"})
    data.files["/week.csv"] = csv_of(*minutes(2))
    sent.clear()
    look(feed)
    assert (outcome(feed), sent.writes) == (RunOutcome.ENDED, [])
    assert feed.token is not None
    feed.token.refresh_from_db()
    assert feed.token.revoked_at is not None
    assert not Credential.objects.filter(token=feed.token, ended_at=None).exists()
    assert "you are not its owner" in Notice.objects.get(topic="waits").message
    assert as_owner.post(reverse("feed-resume", args=[feed.pk])).status_code == 403


def test_a_revoked_token_stops_it_and_resuming_gives_it_another(
    data: DataServer, make_feed: MakeFeed, as_owner: Client
) -> None:
    data.files["/week.csv"] = csv_of(*minutes(1))
    feed = make_feed(data.url)
    assert feed.token is not None
    assert (feed.token.scopes, feed.token.sources) == (["push"], [feed.source_identifier])
    tokens.revoke(by=feed.owner, token=feed.token)
    data.asked.clear()
    look(feed)
    assert (outcome(feed), data.asked) == (RunOutcome.ENDED, [])
    refused = as_owner.post(reverse("feed-resume", args=[feed.pk]))
    assert refused.status_code == 422
    as_owner.post(reverse("feed-resume", args=[feed.pk]), {"api_key": "sandbox-key-owner"})
    feed.refresh_from_db()
    assert (feed.paused_at, outcome(feed), len(data.asked)) == (None, RunOutcome.NOTHING, 1)


def test_pausing_looking_now_and_deleting(data: DataServer, make_feed: MakeFeed, as_owner: Client) -> None:
    data.files["/week.csv"] = csv_of(*minutes(1))
    feed = make_feed(data.url)
    as_owner.post(reverse("feed-run", args=[feed.pk]))
    assert len(data.asked) == 2
    as_owner.post(reverse("feed-pause", args=[feed.pk]))
    look(feed)
    as_owner.post(reverse("feed-run", args=[feed.pk]))
    assert len(data.asked) == 2
    assert "looks no more" in page(as_owner, feed)
    as_owner.post(reverse("feed-resume", args=[feed.pk]))
    assert len(data.asked) == 3
    as_owner.post(reverse("feed-delete", args=[feed.pk]))
    assert not Feed.objects.exists()
    assert feed.owner.tokens.usable().count() == 0
    assert Upload.objects.get().is_verified
    assert as_owner.get(reverse("upload-detail", args=[Upload.objects.get().pk])).status_code == 200


def test_nobody_else_sees_or_changes_a_feed_but_an_administrator(
    data: DataServer, make_feed: MakeFeed, as_maintainer: Client, as_admin: Client
) -> None:
    data.files["/week.csv"] = csv_of(*minutes(1))
    feed = make_feed(data.url)
    source_page = reverse("feed-source", args=[feed.source_identifier])
    assert "weekly" in as_maintainer.get(source_page).content.decode()  # but not its address
    assert data.host not in as_maintainer.get(source_page).content.decode()
    assert as_maintainer.get(reverse("feed-detail", args=[feed.pk])).status_code == 403
    for verb in ("run", "pause", "resume", "delete"):
        assert as_maintainer.post(reverse(f"feed-{verb}", args=[feed.pk])).status_code == 403
    assert "weekly" not in as_maintainer.get(reverse("feed-list")).content.decode()
    assert "weekly" in as_admin.get(reverse("feed-list")).content.decode()
    assert (
        as_admin.post(reverse("feed-resume", args=[feed.pk])).status_code == 403
    )  # it acts with the owner's key
    as_admin.post(reverse("feed-pause", args=[feed.pk]))
    feed.refresh_from_db()
    assert feed.paused_at is not None


def test_two_workers_look_once(data: DataServer, make_feed: MakeFeed) -> None:
    feed = make_feed(data.url)
    Feed.objects.update(lease_holder="another", lease_until=timezone.now() + timedelta(minutes=1))
    data.asked.clear()
    run(feed)
    assert data.asked == []


def test_a_folder_brings_what_has_settled_in_it(
    tmp_path: Path, settings: Settings, make_feed: MakeFeed, source: DataSource
) -> None:
    settings.FEED_FOLDERS = {str(tmp_path): frozenset({source.identifier})}
    (tmp_path / "outside.csv").write_bytes(csv_of(*minutes(9)))
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "link.csv").symlink_to(tmp_path / "outside.csv")
    for name, age in (("old.csv", 60), (".hidden.csv", 60), ("new.csv", 0)):
        (drop / name).write_bytes(csv_of(*minutes(2)))
        os.utime(drop / name, (time.time() - age, time.time() - age))
    feed = make_feed(str(drop), place="folder")
    assert [each.name for each in Upload.objects.all()] == ["old.csv"]
    assert upload_of(feed).is_verified
    look(feed)
    assert outcome(feed) == RunOutcome.NOTHING
    settings.FEED_FOLDERS = {}  # the operator has thought otherwise
    look(feed)
    assert outcome(feed) == RunOutcome.ENDED


@pytest.fixture
def s3(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    port = free_port()
    settings.FEED_S3_ENDPOINT_URL = f"http://127.0.0.1:{port}"
    settings.FEED_BUCKETS = {"observatory/drop": frozenset()}
    for name, value in (
        ("ACCESS_KEY_ID", "a"),
        ("SECRET_ACCESS_KEY", "test"),
        ("DEFAULT_REGION", "ca-west-1"),
    ):
        monkeypatch.setenv(f"AWS_{name}", value)
    with bucket(port) as objects:
        yield objects


def test_a_prefix_in_s3_brings_its_files_and_no_others(s3: dict[str, bytes], make_feed: MakeFeed) -> None:
    s3["/observatory/drop/week.csv"] = csv_of(*minutes(2))
    s3["/observatory/dropped/other.csv"] = csv_of(*minutes(4))
    feed = make_feed("s3://observatory/drop", place="bucket")
    assert [each.name for each in Upload.objects.all()] == ["week.csv"], feed.runs.latest(
        "started_at"
    ).message
    assert upload_of(feed).is_verified
    s3["/observatory/drop/week.csv"] = csv_of(*minutes(3))
    look(feed)
    assert (upload_of(feed).new, upload_of(feed).is_verified) == (1, True)
    look(feed)
    assert outcome(feed) == RunOutcome.NOTHING


@pytest.mark.parametrize(
    ("place", "address", "said"),
    [
        ("file", "http://data.example.org/week.csv", "has to begin with https"),
        ("file", "https://me:secret@data.example.org/", "Leave name and password out"),
        ("file", "https://other.example.org/week.csv", "is not among the hosts"),
        ("file", "https://data.exämple.org/", "in plain letters"),
        ("list", "files.txt", "Write an address such as"),
        ("folder", "/srv/drop", "Select a valid choice"),
        ("bucket", "s3://portal-files/", "Select a valid choice"),
    ],
)
def test_an_address_that_is_not_allowed_is_refused_on_the_form(
    as_owner: Client, source: DataSource, settings: Settings, place: str, address: str, said: str
) -> None:
    settings.FEED_HOSTS = ["data.example.org"]
    told = {
        "name": "x",
        "kind": "ephemeris",
        "place": place,
        "address": address,
        "policy": "new",
        "minutes": "60",
    }
    answer = as_owner.post(reverse("feed-source", args=[source.identifier]), told)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Feed.objects.exists()


@pytest.mark.parametrize("address", ["/srv/other", "/srv/drop/../other", "drop", "/srv/dropped"])
def test_a_folder_outside_of_what_is_allowed_is_refused(
    as_owner: Client, source: DataSource, settings: Settings, address: str
) -> None:
    settings.FEED_FOLDERS = {"/srv/drop": frozenset(), "/srv/other": frozenset({-1})}
    told = {
        "name": "x",
        "kind": "ephemeris",
        "place": "folder",
        "address": address,
        "policy": "new",
        "minutes": "60",
    }
    answer = as_owner.post(reverse("feed-source", args=[source.identifier]), told)
    assert answer.status_code == 422
    assert not Feed.objects.exists()


def test_a_person_without_a_key_is_asked_for_one(as_owner: Client, source: DataSource) -> None:
    told = {
        "name": "x",
        "kind": "ephemeris",
        "place": "file",
        "address": "https://data.example.org/",
        "policy": "new",
        "minutes": "60",
    }
    answer = as_owner.post(reverse("feed-source", args=[source.identifier]), told)
    assert (answer.status_code, User.objects.get().tokens.count()) == (422, 0)
    assert "Give your AuroraX API key" in answer.content.decode()


def test_feeds_of_somebody_without_any_right_are_not_made(sign_in: SignIn, source: DataSource) -> None:
    assert sign_in("user").post(reverse("feed-source", args=[source.identifier])).status_code == 403
