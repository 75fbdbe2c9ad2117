"""Handing data sources over: asked, previewed, one run with a result for each, and told to Owners who may not."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource, errors
from apps.aurorax.sources import Sources
from apps.handovers import steps
from apps.handovers.models import Handover, HandoverState, ItemState
from apps.handovers.tasks import hand_over
from tests.conftest import NewSource, Sent
from tests.sources.forms import Form

LEAVER = "leaver@example.org"


class Killed(BaseException):
    """The worker is gone: nothing of it runs any more."""


@pytest.fixture
def sources(new_source: NewSource) -> list[DataSource]:
    return [
        new_source(owner=LEAVER, maintainers=["maintainer@example.org", LEAVER]),
        new_source(owner=LEAVER, maintainers=[]),
        new_source(owner="Leaver@Example.org", maintainers=[LEAVER]),
    ]


def form(sources: list[DataSource], **fields: Any) -> dict[str, Any]:
    chosen = [each.identifier for each in sources]
    return {
        "owner": LEAVER,
        "new_owner": "owner2@example.org",
        "previous": "as it is",
        "source": chosen,
        **fields,
    }


def preview(client: Client, sources: list[DataSource], **fields: Any) -> Any:
    return client.post(reverse("handover-new"), form(sources, **fields))


def run(client: Client, sources: list[DataSource], **fields: Any) -> str:
    """Look, then hand over; answers the page of the hand-over."""
    shown = preview(client, sources, **fields)
    assert shown.status_code == 200, shown.content.decode()
    seen = {"looked_at": shown.context["looked_at"]}
    answer = client.post(reverse("handover-new"), form(sources, **fields) | seen, follow=True)
    return str(answer.content.decode())


def event_of(pk: UUID | None) -> Any:
    assert pk is not None
    return Event.objects.get(pk=pk)


def people(aurorax: AuroraX, sources: list[DataSource]) -> list[tuple[str | None, list[str]]]:
    now = [aurorax.sources.get(each.identifier) for each in sources]
    return [(each.owner, list(each.maintainers)) for each in now]


def test_all_of_somebodys_sources_go_to_another_owner(
    as_admin: Client, sources: list[DataSource], new_source: NewSource, aurorax: AuroraX
) -> None:
    other = new_source()
    html = run(as_admin, [], everything="on", note="She leaves in May")
    assert "3 of 3 data sources belong to owner2@example.org, as read back from AuroraX" in html
    assert "She leaves in May" in html
    assert [owner for owner, _ in people(aurorax, sources)] == ["owner2@example.org"] * 3
    assert people(aurorax, [other])[0][0] == "owner@example.org"


@pytest.mark.parametrize(
    ("previous", "expected"),
    [
        ("as it is", [["maintainer@example.org", LEAVER], [], [LEAVER]]),
        ("stays", [["maintainer@example.org", LEAVER], [LEAVER], [LEAVER]]),
        ("goes", [["maintainer@example.org"], [], []]),
    ],
)
def test_the_previous_owner_stays_or_goes_and_everybody_else_stays(
    as_admin: Client, sources: list[DataSource], aurorax: AuroraX, previous: str, expected: list[list[str]]
) -> None:
    assert (
        "It would have no maintainer then." in preview(as_admin, sources, previous=previous).content.decode()
    ) == (previous == "goes")
    run(as_admin, sources, previous=previous)
    assert [maintainers for _, maintainers in people(aurorax, sources)] == expected


def test_looking_writes_nothing(as_admin: Client, sources: list[DataSource], sent: Sent) -> None:
    html = preview(as_admin, sources).content.decode()
    assert "Hand over 3 data sources" in html
    assert not sent.writes
    assert not Handover.objects.exists()


def test_one_event_tells_of_all_and_one_of_each(as_admin: Client, sources: list[DataSource]) -> None:
    run(as_admin, sources)
    handover = Handover.objects.get()
    whole = event_of(handover.event)
    assert (whole.outcome, whole.summary) == ("done", "Handed 3 data sources over to owner2@example.org")
    assert [each["owner"] for each in whole.before["sources"]] == [LEAVER, LEAVER, "Leaver@Example.org"]
    assert {each["owner"] for each in whole.after["sources"]} == {"owner2@example.org"}
    for item in handover.items.all():
        event = event_of(item.event)
        assert event.before == item.before
        assert (event.source_identifier, event.outcome) == (item.source_identifier, "done")
        assert event.after == item.after == item.before | {"owner": "owner2@example.org"}


def test_a_hand_over_is_undone_through_its_event(
    as_admin: Client, sources: list[DataSource], aurorax: AuroraX
) -> None:
    before = people(aurorax, sources)
    html = run(as_admin, sources, previous="goes", note="She leaves")
    handover = Handover.objects.get()
    whole = event_of(handover.event)
    assert whole.note == "She leaves"
    assert Event.objects.filter(part_of=whole.pk, note="She leaves").count() == 3
    address = reverse("activity-undo", args=[whole.pk])
    assert address in html
    aurorax.sources.update(sources[1].identifier, {"owner": "owner@example.org"})
    as_admin.post(address)
    assert people(aurorax, sources) == [before[0], ("owner@example.org", []), before[2]]


def test_what_has_changed_since_it_was_shown_is_shown_again(
    as_admin: Client, sources: list[DataSource], aurorax: AuroraX, sent: Sent
) -> None:
    seen = preview(as_admin, sources).context["looked_at"]
    aurorax.sources.update(sources[0].identifier, {"owner": "owner@example.org"})
    sent.clear()
    html = preview(as_admin, sources[1:], looked_at=seen).content.decode()
    assert "have changed since you looked" in html
    assert not sent.writes


def test_a_source_that_gets_another_owner_meanwhile_is_left_alone(
    as_admin: Client, sources: list[DataSource], aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_write = steps._write

    def late(handover: Any, item: Any, client: AuroraX) -> None:
        if item.position == 1:
            aurorax.sources.update(item.source_identifier, {"owner": "owner@example.org"})
        really_write(handover, item, client)

    monkeypatch.setattr(steps, "_write", late)
    html = run(as_admin, sources)
    assert "Its owner is owner@example.org by now" in html
    assert [owner for owner, _ in people(aurorax, sources)] == [
        "owner2@example.org",
        "owner@example.org",
        "owner2@example.org",
    ]
    assert event_of(Handover.objects.get().event).summary.endswith("; 1 of them could not be")


def test_what_aurorax_refuses_on_one_does_not_stop_the_others(
    as_admin: Client, sources: list[DataSource], aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_update = Sources.update

    def picky(self: Sources, identifier: int, changes: Any) -> DataSource:
        if identifier == sources[1].identifier:
            raise errors.Refused("AuroraX does not want this.")
        return really_update(self, identifier, changes)

    monkeypatch.setattr(Sources, "update", picky)
    html = run(as_admin, sources)
    assert "2 of 3 data sources" in html
    assert "AuroraX does not want this." in html
    assert [owner for owner, _ in people(aurorax, sources)][1] == LEAVER


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("which", [0, 1, 2])
def test_killed_anywhere_it_ends_whole(
    as_admin: Client,
    sources: list[DataSource],
    aurorax: AuroraX,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
    which: int,
) -> None:
    really_update = Sources.update
    monkeypatch.setattr("apps.handovers.services.wake", lambda handover: None)
    run(as_admin, sources)
    handover = Handover.objects.get()

    def killed(self: Sources, identifier: int, changes: Any) -> DataSource:
        is_it = identifier == sources[which].identifier
        updated = really_update(self, identifier, changes) if when == "after" or not is_it else None
        if is_it or updated is None:
            raise Killed
        return updated

    with monkeypatch.context() as patch:
        patch.setattr(Sources, "update", killed)
        with pytest.raises(Killed):
            hand_over.call(str(handover.pk))
    hand_over.call(str(handover.pk))
    hand_over.call(str(handover.pk))
    handover.refresh_from_db()
    assert handover.state == HandoverState.DONE
    assert [each.state for each in handover.items.all()] == [ItemState.DONE] * 3
    assert [owner for owner, _ in people(aurorax, sources)] == ["owner2@example.org"] * 3
    about: Any = Event.objects.filter(source_identifier__in=[each.identifier for each in sources])
    assert [(each.outcome, each.before["owner"].lower()) for each in about] == [("done", LEAVER)] * 3
    assert event_of(handover.event).outcome == "done"


def test_while_aurorax_is_away_it_waits_and_can_be_stopped(
    as_admin: Client, sources: list[DataSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: Sources, identifier: int, changes: Any) -> DataSource:
        raise errors.Maintenance

    with monkeypatch.context() as patch:
        patch.setattr(Sources, "update", away)
        html = run(as_admin, sources)
    assert "Paused." in html
    handover = Handover.objects.get()
    html = as_admin.post(reverse("handover-cancel", args=[handover.pk]), follow=True).content.decode()
    assert html.count(">not done<") == 3
    assert (
        "is cancelled by now"
        in as_admin.post(reverse("handover-resume", args=[handover.pk]), follow=True).content.decode()
    )


def test_a_paused_one_goes_on_when_asked(
    as_admin: Client, sources: list[DataSource], aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: Sources, identifier: int, changes: Any) -> DataSource:
        raise errors.Maintenance

    with monkeypatch.context() as patch:
        patch.setattr(Sources, "update", away)
        run(as_admin, sources)
    handover = Handover.objects.get()
    html = as_admin.post(reverse("handover-resume", args=[handover.pk]), follow=True).content.decode()
    assert "3 of 3 data sources belong to" in html


def test_a_new_owner_without_an_account_is_asked_about_first(
    as_admin: Client, sources: list[DataSource], aurorax: AuroraX
) -> None:
    answer = preview(as_admin, sources, new_owner="ownr2@example.org")
    assert answer.status_code == 422
    assert "No AuroraX account has the address ownr2@example.org. Did you mean owner2@example.org?" in (
        answer.content.decode()
    )
    html = preview(
        as_admin, sources, new_owner="ownr2@example.org", sure="ownr2@example.org"
    ).content.decode()
    assert "Hand over 3 data sources" in html


def test_a_new_owner_whose_role_is_not_enough_is_told(as_admin: Client, sources: list[DataSource]) -> None:
    html = preview(as_admin, sources, new_owner="maintainer@example.org").content.decode()
    assert "maintainer@example.org has the role Maintainer in AuroraX" in html


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"source": []}, "Choose at least one data source, or all of them."),
        ({"source": ["1"]}, "is not, or no longer, of this owner"),
        ({"new_owner": LEAVER}, "owns them already"),
        ({"new_owner": "nobody"}, "This is not an e-mail address"),
    ],
)
def test_what_cannot_be_meant_is_explained(
    as_admin: Client, sources: list[DataSource], fields: dict[str, Any], message: str
) -> None:
    answer = preview(as_admin, sources, **fields)
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_the_people_page_leads_to_it(as_admin: Client) -> None:
    html = as_admin.get(reverse("people")).content.decode()
    assert f"{reverse('handover-new')}?owner=owner%40example.org" in html


def test_an_owner_is_told_whom_to_ask_with_the_message_written(
    as_owner: Client, new_source: NewSource, settings: Settings
) -> None:
    settings.AURORAX_CONTACT = "team@example.org"
    mine, other = new_source(), new_source()
    detail = as_owner.get(reverse("source-detail", args=[mine.identifier])).content.decode()
    address = f"{reverse('handover-ask')}?source={mine.identifier}"
    assert address in detail
    answer = as_owner.get(f"{address}&new_owner=owner2@example.org")
    body = answer.context["asked"].body
    assert (
        "please make owner2@example.org the owner of 1 data source, which I own as owner@example.org" in body
    )
    assert f"- {mine.display_name} (identifier {mine.identifier})" in body
    assert other.display_name not in body
    assert "mailto:team%40example.org?subject=Hand%20over" in answer.content.decode()
    everything = as_owner.get(reverse("handover-ask")).context["asked"].body
    assert mine.display_name in everything
    assert other.display_name in everything


def test_a_crafted_form_of_an_owner_is_refused(
    as_owner: Client, sources: list[DataSource], aurorax: AuroraX, sent: Sent
) -> None:
    assert as_owner.post(reverse("handover-new"), form(sources)).status_code == 403
    assert not sent.writes


def test_the_preview_can_be_sent_by_its_own_form(as_admin: Client, sources: list[DataSource]) -> None:
    html = preview(as_admin, sources[:1], note="Why").content.decode()
    posted = Form(html, "handover-preview").values
    posted.pop("csrfmiddlewaretoken", "")
    assert as_admin.post(reverse("handover-new"), posted).status_code == 302
    assert Handover.objects.get().note == "Why"
