"""Every address x method x person: who gets in, who is refused, and what the pages offer.

The tables are written by hand from AuroraX's documentation, and not derived from the code they test.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, path, resolve, reverse

from apps.accounts.models import User
from apps.activity import snapshots
from apps.activity.recording import AuditEntry, record
from apps.aurorax import AuroraX, DataProductRecord, DataSource, EphemerisRecord
from apps.permissions.decorators import Access
from apps.permissions.middleware import UNDECLARED
from apps.records.types import record_types
from apps.tokens import services as tokens
from apps.uploads import incoming
from portal.urls import handler403, handler404, handler500
from portal.urls import urlpatterns as site
from tests.conftest import NewSource, Sent, SignIn

pytestmark = pytest.mark.any_database

EVERYBODY = {"anonymous", "user", "maintainer", "maintainer elsewhere", "owner", "owner elsewhere", "admin"}
SIGNED_IN = EVERYBODY - {"anonymous"}
OWNERS = {"owner", "admin"}
ANY_OWNER = OWNERS | {"owner elsewhere"}
RECORD_KEEPERS = OWNERS | {"maintainer"}

# Every address of the site by name, and who gets in. A new view has to be added here: that is meant.
WHO_GETS_IN: dict[str, set[str]] = {
    # Signing in, and the machine room
    "sign-in": EVERYBODY,
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
    "metrics": EVERYBODY,
    "sign-out": SIGNED_IN,
    "account": SIGNED_IN,
    "session-sign-out": SIGNED_IN,
    "sign-out-everywhere": SIGNED_IN,
    "draft-keep": SIGNED_IN,
    "draft-forget": SIGNED_IN,
    "token-list": SIGNED_IN,
    "token-key": SIGNED_IN,
    "token-revoke": SIGNED_IN,
    "notification-list": SIGNED_IN,
    "notification-open": SIGNED_IN,
    "notification-read-all": SIGNED_IN,
    "notification-settings": SIGNED_IN,
    "webhook-secret": SIGNED_IN,
    "webhook-try": SIGNED_IN,
    "api-openapi": EVERYBODY,
    "api-nothing": EVERYBODY,
    # Looking
    "overview": SIGNED_IN,
    "overview-counted": SIGNED_IN,
    "overview-uploads": SIGNED_IN,
    "permissions": SIGNED_IN,
    "activity-list": SIGNED_IN,
    "activity-export": SIGNED_IN,
    "activity-export-ndjson": SIGNED_IN,
    "activity-detail": SIGNED_IN,
    "source-list": SIGNED_IN,
    "source-map": SIGNED_IN,
    "source-export-csv": SIGNED_IN,
    "source-export-json": SIGNED_IN,
    "source-detail": SIGNED_IN,
    "source-stats": SIGNED_IN,
    "source-place": SIGNED_IN,
    "source-availability": SIGNED_IN,
    "source-schema": SIGNED_IN,
    "source-schema-json": SIGNED_IN,
    "source-activity": SIGNED_IN,
    "source-health": SIGNED_IN,
    "maintainers-source": SIGNED_IN,
    "ephemeris-browse": SIGNED_IN,
    "ephemeris-availability": SIGNED_IN,
    "ephemeris-map": SIGNED_IN,
    "ephemeris-export-csv": SIGNED_IN,
    "ephemeris-export-json": SIGNED_IN,
    "ephemeris-record": SIGNED_IN,
    "ephemeris-columns": SIGNED_IN,
    "ephemeris-records-csv": SIGNED_IN,
    "ephemeris-selection": SIGNED_IN,
    "ephemeris-selection-csv": SIGNED_IN,
    "ephemeris-export": SIGNED_IN,
    "ephemeris-export-download": SIGNED_IN,
    "products-browse": SIGNED_IN,
    "products-export": SIGNED_IN,
    "products-export-download": SIGNED_IN,
    "products-availability": SIGNED_IN,
    "products-columns": SIGNED_IN,
    "products-records-csv": SIGNED_IN,
    "products-selection": SIGNED_IN,
    "products-selection-csv": SIGNED_IN,
    # Data sources and their maintainers
    "source-create": ANY_OWNER,
    "source-edit": OWNERS,
    "source-replace": OWNERS,
    "source-schema-scan": OWNERS,
    "source-schema-copy": OWNERS,
    "source-delete": OWNERS,
    "maintainers-add": OWNERS,
    "maintainers-remove": OWNERS,
    "maintainers-split": OWNERS,
    "maintainers-all": ANY_OWNER,
    "maintainers-change": ANY_OWNER,
    "handover-list": {"admin"},
    "handover-new": {"admin"},
    "handover-detail": {"admin"},
    "handover-resume": {"admin"},
    "handover-cancel": {"admin"},
    "handover-ask": ANY_OWNER,
    # Records
    "source-repair": RECORD_KEEPERS,
    "source-health-look": RECORD_KEEPERS,
    "ephemeris-upload": RECORD_KEEPERS,
    "operating-times": RECORD_KEEPERS,
    "ephemeris-template": RECORD_KEEPERS,
    "ephemeris-add": RECORD_KEEPERS,
    "ephemeris-edit": RECORD_KEEPERS,
    "ephemeris-delete": RECORD_KEEPERS,
    "ephemeris-deletion": RECORD_KEEPERS,
    "ephemeris-deletion-calendar": RECORD_KEEPERS,
    "ephemeris-selection-delete": RECORD_KEEPERS,
    "products-upload": RECORD_KEEPERS,
    "products-template": RECORD_KEEPERS,
    "products-names": RECORD_KEEPERS,
    "products-add": RECORD_KEEPERS,
    "products-edit": RECORD_KEEPERS,
    "products-delete": RECORD_KEEPERS,
    "products-deletion": RECORD_KEEPERS,
    "products-deletion-calendar": RECORD_KEEPERS,
    "products-selection-delete": RECORD_KEEPERS,
    # Copies of records are for those who may write them, and so is taking back what was written
    "snapshot-download": RECORD_KEEPERS,
    "activity-undo": RECORD_KEEPERS,
    # Uploads: the list is one's own; a single one is for those who keep the records of its data source, and what is
    # done with it for its uploader (here the owner) and Administrators
    "upload-list": SIGNED_IN - {"user"},
    "feed-list": SIGNED_IN - {"user"},
    "feed-detail": SIGNED_IN - {"user"},
    "feed-run": SIGNED_IN - {"user"},
    "feed-pause": SIGNED_IN - {"user"},
    "feed-resume": SIGNED_IN - {"user"},
    "feed-delete": SIGNED_IN - {"user"},
    "feed-source": RECORD_KEEPERS,
    "upload-detail": RECORD_KEEPERS,
    "upload-calendar": RECORD_KEEPERS,
    "upload-problems": RECORD_KEEPERS,
    "upload-receipt": RECORD_KEEPERS,
    "upload-receipt-page": RECORD_KEEPERS,
    "upload-file": RECORD_KEEPERS,
    "upload-again": RECORD_KEEPERS,
    "upload-read": OWNERS,
    "upload-unusual": OWNERS,
    "upload-mend": OWNERS,
    "upload-mend-cells": OWNERS,
    "upload-mend-fix": OWNERS,
    "upload-mend-back": OWNERS,
    "upload-mend-recipe": OWNERS,
    "upload-corrected": OWNERS,
    "upload-records": OWNERS,
    "upload-rejected": OWNERS,
    "upload-compare": OWNERS,
    "upload-undo": OWNERS,
    "upload-check-again": OWNERS,
    "upload-send": OWNERS,
    "upload-pause": OWNERS,
    "upload-resume": OWNERS,
    "upload-cancel": OWNERS,
    # Administrators
    "people": {"admin"},
    "overview-everybody": {"admin"},
    "service-health": {"admin"},
    "search-list": {"admin"},
    "search-delete": {"admin"},
}

# The API, and who gets in with a token that may do everything; nobody's browser does. What an upload is for is its own
# uploader's (here the owner), and for everybody else it is not there.
UPLOADERS = SIGNED_IN - {"user"}
WHO_GETS_IN_BY_TOKEN: dict[str, set[str]] = {
    "api-token": SIGNED_IN,
    "api-new-file": RECORD_KEEPERS,
    "api-records": SIGNED_IN,
    "api-upload-list": UPLOADERS,
    "api-file": {"owner"},
    "api-file-upload": {"owner"},
    "api-upload": {"owner"},
    "api-upload-findings": {"owner"},
    "api-upload-problems": {"owner"},
    "api-upload-receipt": {"owner"},
    "api-upload-send": {"owner"},
    "api-upload-resume": {"owner"},
    "api-upload-cancel": {"owner"},
    "api-upload-undo": {"owner"},
}
WHO_GETS_IN |= {key: set[str]() for key in WHO_GETS_IN_BY_TOKEN}
# Which scopes open what; where there are several, each of them does.
SCOPES = {
    "api-token": {"push", "pull", "undo"},
    "api-records": {"pull"},
    "api-upload-undo": {"undo"},
    **{key: {"push"} for key in ["api-new-file", "api-file", "api-file-upload", "api-upload-send", "api-upload-resume", "api-upload-cancel"]},
    **{key: {"push", "undo"} for key in ["api-upload-list", "api-upload", "api-upload-findings", "api-upload-problems", "api-upload-receipt"]},
}  # fmt: skip
POSTED = {
    "api-new-file",
    "api-file-upload",
    "api-upload-send",
    "api-upload-resume",
    "api-upload-cancel",
    "api-upload-undo",
}

EVERYWHERE = "sign-out-everywhere"

# Who must be offered which act on the pages of a data source; nobody may be offered more.
OFFERS: dict[str, set[str]] = {
    "source-edit": OWNERS,
    "source-replace": OWNERS,
    "source-delete": OWNERS,
    "source-repair": RECORD_KEEPERS,
    "source-health-look": RECORD_KEEPERS,
    "maintainers-add": OWNERS,
    "maintainers-remove": OWNERS,
    "ephemeris-upload": RECORD_KEEPERS,
    "ephemeris-add": RECORD_KEEPERS,
    "ephemeris-edit": RECORD_KEEPERS,
    "ephemeris-delete": RECORD_KEEPERS,
    "ephemeris-selection-delete": RECORD_KEEPERS,
    "products-upload": RECORD_KEEPERS,
    "products-add": RECORD_KEEPERS,
    "products-edit": RECORD_KEEPERS,
    "products-delete": RECORD_KEEPERS,
    "products-selection-delete": RECORD_KEEPERS,
}


SOURCE_PAGES = [
    "source-detail",
    "ephemeris-browse",
    "products-browse",
    "maintainers-source",
    "source-schema",
    "source-health",
    "source-activity",
]
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class Visitor(NamedTuple):
    """Somebody at the door, and the data source they stand before."""

    client: Client
    source: DataSource
    upload: UUID
    file: UUID


@pytest.fixture
def visitors(sign_in: SignIn, new_source: NewSource, aurorax: AuroraX) -> dict[str, Visitor]:
    """The seven kinds of people, in a fresh browser each, before a source with a record, a product and an upload."""
    here = new_source(maintainers=["maintainer@example.org"])
    elsewhere = new_source()
    owner = sign_in("owner")
    places = {
        source.identifier: (source, furnish(source, owner), begin_file(source))
        for source in (here, elsewhere)
    }
    at_home, away = places[here.identifier], places[elsewhere.identifier]
    return {
        "anonymous": Visitor(Client(), *at_home),
        "user": Visitor(sign_in("user"), *at_home),
        "maintainer": Visitor(sign_in("maintainer"), *at_home),
        "maintainer elsewhere": Visitor(sign_in("maintainer"), *away),
        "owner": Visitor(owner, *at_home),
        "owner elsewhere": Visitor(sign_in("owner2"), *at_home),
        "admin": Visitor(sign_in("admin"), *at_home),
    }


def furnish(source: DataSource, owner: Client) -> UUID:
    """Put one ephemeris record and one data product into the source; the upload of the first, checked and not sent."""
    rows = {"text": "epoch,lat,lon\n2020-01-01T00:00:00,51.05,-114.07\n"}
    answer = owner.post(reverse("ephemeris-upload", args=[source.identifier]), rows)
    assert answer.status_code == 302, answer.content.decode()
    return UUID(answer.headers["Location"].rstrip("/").rpartition("/")[2])


def begin_file(source: DataSource) -> UUID:
    """A file of the owner that arrives in pieces; all none of its bytes are here."""
    owner = User.objects.get(username="owner@example.org")
    kind, digest = record_types()[0], sha256(b"").hexdigest()
    file = incoming.begin(
        by=owner, credential=None, kind=kind, source=source, name="empty.csv", size=0, sha256=digest
    )
    return file.pk


def site_map() -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the site, with its name (or its route, where it has none)."""

    def walk(entries: list[Any]) -> Iterator[tuple[str, URLPattern]]:
        for entry in entries:
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns)
            else:
                yield entry.name or str(entry.pattern), entry

    return walk(site)


def address(name: str, visitor: Visitor) -> str:
    """The address with this name, for the visitor's data source and things that exist."""
    owner = User.objects.get(email="owner@example.org")
    things = {
        "identifier": visitor.source.identifier,
        "upload_id": visitor.upload,
        "file_id": visitor.file,
        "rest": "nothing/here",
        "day": date(2020, 1, 1),
        "place": 1,
        "epoch": EPOCH,
        "name": "ephemeris_metadata_schema" if name == "source-schema-copy" else "ephemeris",
        "pk": 0 if name in ("session-sign-out", "token-revoke", "notification-open") else uuid4(),
        "request_id": uuid4(),
    }
    if name == "activity-detail":
        things["pk"] = record(by=owner, action="source.update", entry=AuditEntry("Changed")).pk
    if name == "activity-undo":
        told = {"epoch": "2020-01-01T00:00:00"}
        entry = AuditEntry("Changed", visitor.source, told, told, record_kind="ephemeris")
        things["pk"] = record(by=owner, action="ephemeris.update", entry=entry).pk
    if name == "snapshot-download":
        kept = snapshots.take(
            by=owner, kind="ephemeris", source_identifier=visitor.source.identifier, records=[]
        )
        things["pk"] = kept.pk
    wanted = get_resolver().reverse_dict.getlist(name)[0][0][0][1]
    return reverse(name, kwargs={key: things[key] for key in wanted})


def refusal(name: str, person: str, method: str) -> int:
    """How somebody who may not is answered: asked to sign in, or for a token, or told no."""
    if name in WHO_GETS_IN_BY_TOKEN:
        return 401
    if person != "anonymous":
        return 403
    return 302 if method == "get" else 401


def test_every_address_has_its_row_in_the_table() -> None:
    assert {name for name, _ in site_map()} == set(WHO_GETS_IN)


def test_every_view_declares_its_access() -> None:
    undeclared = [
        name for name, entry in site_map() if not isinstance(getattr(entry.callback, "access", None), Access)
    ]
    assert undeclared == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_everybody_gets_exactly_where_the_matrix_lets_them(
    visitors: dict[str, Visitor], sent: Sent, method: str
) -> None:
    surprises = []
    for person, visitor in visitors.items():
        # Signing out comes last: there is no way back from it.
        for name in sorted(WHO_GETS_IN.keys() - {EVERYWHERE}, key=lambda name: (name == "sign-out", name)):
            url = address(name, visitor)
            sent.clear()
            status = getattr(visitor.client, method)(url).status_code
            if person in WHO_GETS_IN[name]:
                as_expected = status not in (401, 403) and status < 500
            else:
                as_expected = status == refusal(name, person, method) and not sent.writes
            if not as_expected:
                surprises.append(
                    f"{method.upper()} {url} ({name}) as {person}: {status}, wrote {sent.writes}"
                )
    assert not surprises, "\n".join(surprises)


WHOSE = {"maintainer elsewhere": "maintainer", "owner elsewhere": "owner2"}


def by_token(name: str, program: Client, visitor: Visitor) -> int:
    """The status with which a program is answered."""
    url = address(name, visitor)
    if name in POSTED:
        body = {"name": "a.csv", "size": 1, "sha256": "0" * 64} if name == "api-new-file" else {}
        return program.post(url, body, "application/json").status_code
    span = {"start": "2020-01-01T00:00:00", "end": "2020-01-02T00:00:00"}
    return program.get(url, span if name == "api-records" else {}).status_code


def program_of(person: str, scopes: list[str]) -> Client:
    """A program with a fresh token of one of the people."""
    name = WHOSE.get(person, person)
    who = User.objects.get(username=f"{name}@example.org")
    _, text = tokens.make(
        by=who, name="walk", scopes=scopes, sources=[], days=1, api_key=f"sandbox-key-{name}"
    )
    return Client(headers={"authorization": f"Bearer {text}"})


def test_every_program_gets_exactly_where_the_matrix_lets_its_person(
    visitors: dict[str, Visitor], sent: Sent
) -> None:
    surprises = []
    for person in sorted(SIGNED_IN):
        program, visitor = program_of(person, ["push", "pull", "undo"]), visitors[person]
        for name, people in WHO_GETS_IN_BY_TOKEN.items():
            sent.clear()
            status = by_token(name, program, visitor)
            gets_in = status not in (401, 403) and status < 500
            if person not in people:
                as_expected = status in (403, 404) and not sent.writes
            else:
                as_expected = gets_in and (status != 404 or name == "api-upload-problems")
            if not as_expected:
                surprises.append(f"{name} as {person}: {status}, wrote {sent.writes}")
    assert not surprises, "\n".join(surprises)


@pytest.mark.parametrize("scope", ["push", "pull", "undo"])
def test_every_scope_opens_exactly_what_it_is_for(
    visitors: dict[str, Visitor], sent: Sent, scope: str
) -> None:
    program, visitor = program_of("owner", [scope]), visitors["owner"]
    opened = set()
    sent.clear()
    for name in WHO_GETS_IN_BY_TOKEN:
        status = by_token(name, program, visitor)
        assert status not in (401, 500), name
        if status != 403:
            opened.add(name)
    assert opened == {name for name, scopes in SCOPES.items() if scope in scopes}


@pytest.mark.parametrize("person", ["anonymous", "user", "maintainer", "owner", "admin"])
def test_everybody_who_is_signed_in_signs_out_everywhere(
    client: Client, sign_in: SignIn, person: str
) -> None:
    """Apart from the others: it signs out all browsers of a person."""
    browser = client if person == "anonymous" else sign_in(person)
    allowed = person in WHO_GETS_IN[EVERYWHERE]
    assert browser.get(reverse(EVERYWHERE)).status_code == (405 if allowed else 302)
    assert browser.post(reverse(EVERYWHERE)).status_code == (302 if allowed else 401)


def test_pages_offer_exactly_the_allowed_acts(visitors: dict[str, Visitor], aurorax: AuroraX) -> None:
    for visitor in (visitors["owner"], visitors["maintainer elsewhere"]):
        source = visitor.source
        aurorax.ephemeris.upload(source.identifier, [EphemerisRecord(epoch=EPOCH)], source=source)
        product = DataProductRecord("keogram", EPOCH, EPOCH, "test.jpg")
        aurorax.products.upload(source.identifier, [product], source=source)
    surprises = []
    for person, visitor in visitors.items():
        offered = offers(visitor) if person != "anonymous" else set()
        expected = {name for name, people in OFFERS.items() if person in people}
        if offered & set(OFFERS) != expected:
            surprises.append(
                f"{person}: offered {sorted(offered & set(OFFERS))}, expected {sorted(expected)}"
            )
        surprises += [
            f"{person}: is led to {name}" for name in sorted(offered) if person not in WHO_GETS_IN[name]
        ]
    assert not surprises, "\n".join(surprises)


def offers(visitor: Visitor) -> set[str]:
    """The names of all addresses that the pages of the visitor's data source lead or post to."""
    names = set()
    pages = [address(name, visitor) for name in [*SOURCE_PAGES, "ephemeris-record"]]
    for page in [*pages, f"{address('products-browse', visitor)}?view=table"]:
        answer = visitor.client.get(page)
        assert answer.status_code == 200, answer.content.decode()
        names |= {name for name in map(name_of, links(answer.content.decode())) if name}
    return names


def links(html: str) -> set[str]:
    """Where links, forms and htmx lead."""
    found: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            wanted = ("href", "action", "formaction", "hx-get", "hx-post")
            found.update(value for name, value in attributes if name in wanted and value)

    Reader().feed(html)
    return found


def name_of(url: str) -> str:
    """The URL name behind an address of this site, or nothing."""
    try:
        return resolve(urlsplit(url).path).url_name or ""
    except Resolver404:
        return ""


def undeclared(request: HttpRequest) -> HttpResponse:
    """A view whose author forgot to declare its access."""
    return HttpResponse("open to the world")


__all__ = ["handler403", "handler404", "handler500"]
urlpatterns = [*site, path("undeclared/", undeclared, name="undeclared")]


@pytest.mark.urls("tests.test_access")
def test_a_view_that_declares_nothing_is_closed_to_everybody(visitors: dict[str, Visitor]) -> None:
    for visitor in visitors.values():
        answer = visitor.client.get("/undeclared/")
        assert (answer.status_code, UNDECLARED in answer.content.decode()) == (403, True)


@pytest.mark.urls("tests.test_access")
def test_a_new_view_without_declared_access_fails_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_access.site", urlpatterns)
    with pytest.raises(AssertionError, match="undeclared"):
        test_every_view_declares_its_access()
    with pytest.raises(AssertionError, match="undeclared"):
        test_every_address_has_its_row_in_the_table()
