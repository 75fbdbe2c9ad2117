"""Maintainers as AuroraX may hold them: any text. Each is seen, removed exactly, and stands for whom it should."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.entries import entries_of, key_of, label_of
from apps.accounts.models import User
from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource, errors
from apps.maintainers import services
from apps.maintainers.changes import MaintainerChange, Verb
from apps.permissions import Action, Role, decide
from tests.conftest import NewSource, SignIn
from tests.support.properties import property_settings

ODD = [
    "maintainer@example.org",
    " maintainer@example.org ",
    "Maintainer@Example.org",
    "maintainer@example.org",
    "",
    "   ",
    "nobody in particular",
    "a@example.org, b@example.org",
    "a@example.org;c@example.org\nd@example.org",
    "\ta@example.org",
    "Somebody <e@example.org>",
    "f@example.org",
]
texts = st.sampled_from(
    [*ODD, "A@EXAMPLE.ORG", "a@example.org", "\u00a0f@example.org", "\ufefff@example.org"]
)


@pytest.fixture
def source(new_source: NewSource) -> DataSource:
    return new_source(maintainers=ODD, display_name="Odd")


def now(aurorax: AuroraX, source: DataSource) -> list[str]:
    return list(aurorax.sources.get(source.identifier).maintainers)


def tab(client: Client, source: DataSource) -> Any:
    return client.get(reverse("maintainers-source", args=[source.identifier]))


def press(client: Client, source: DataSource, verb: str, text: str, **more: object) -> str:
    """Press a button of an entry as the page has it."""
    entry = next(each for each in tab(client, source).context["entries"] if each.text == text)
    posted = {"entry": entry.key, "shown": entry.number, **more}
    address = reverse(f"maintainers-{verb}", args=[source.identifier])
    return str(client.post(address, posted, follow=True).content.decode())


# One data source -----------------------------------------------------------------------------------------------------


def test_every_entry_is_seen(as_owner: Client, source: DataSource) -> None:
    answer = tab(as_owner, source)
    html = answer.content.decode()
    assert [entry.text for entry in answer.context["entries"]] == ODD
    for label in ("␣maintainer@example.org␣", "(empty entry)", ">␣␣␣<", "⇥a@example.org"):
        assert label in html.replace("\n", "") or label.strip("<>") in html
    assert "The same person as maintainer@example.org." in html
    assert "Written just so a second time." in html
    assert "2 addresses in one entry. It gives nobody access here" in html
    assert "More than an e-mail address." in html
    assert "No e-mail address." in html


@pytest.mark.parametrize("place", range(len(ODD)))
def test_each_entry_is_removed_exactly_and_all_others_stay(
    as_owner: Client, source: DataSource, aurorax: AuroraX, place: int
) -> None:
    press(as_owner, source, "remove", ODD[place])
    # Of two that are written just so it is the later one; nobody can tell.
    last = len(ODD) - 1 - ODD[::-1].index(ODD[place])
    assert now(aurorax, source) == [*ODD[:last], *ODD[last + 1 :]]
    event = Event.objects.get()
    assert event.before == {"maintainers": ODD}
    assert event.after == {"maintainers": now(aurorax, source)}


def test_a_button_pressed_twice_removes_one(as_owner: Client, source: DataSource, aurorax: AuroraX) -> None:
    address = reverse("maintainers-remove", args=[source.identifier])
    for _ in range(2):
        as_owner.post(address, {"entry": key_of("maintainer@example.org"), "shown": "2"})
    assert now(aurorax, source).count("maintainer@example.org") == 1


def test_whoever_removes_one_spelling_is_told_of_the_others(as_owner: Client, source: DataSource) -> None:
    html = press(as_owner, source, "remove", "f@example.org")
    assert "f@example.org is no longer a maintainer of Odd.<" in html.replace(" <", "<").replace("\n", "")
    html = press(as_owner, source, "remove", "Maintainer@Example.org")
    assert "Still listed for the same address: maintainer@example.org, ␣maintainer@example.org␣" in html


def test_an_entry_that_is_gone_already_is_said_to_be(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    address = reverse("maintainers-remove", args=[source.identifier])
    html = as_owner.post(address, {"entry": key_of("gone"), "shown": "1"}, follow=True).content.decode()
    assert "no entry that is still on the list" in html
    assert now(aurorax, source) == ODD


@pytest.mark.parametrize("shown", ["", "x", "-1", "0", "²", "99999999"])
def test_a_number_that_makes_no_sense_removes_no_more_than_one(
    as_owner: Client, source: DataSource, aurorax: AuroraX, shown: str
) -> None:
    address = reverse("maintainers-remove", args=[source.identifier])
    as_owner.post(address, {"entry": key_of("f@example.org"), "shown": shown})
    assert [entry for entry in ODD if entry not in now(aurorax, source)] in ([], ["f@example.org"])


def test_an_address_that_several_entries_could_mean_removes_none(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX
) -> None:
    source = new_source(maintainers=["A@example.org", " a@example.org", "b@example.org"])
    address = reverse("maintainers-remove", args=[source.identifier])
    html = as_owner.post(address, {"email": "a@example.org"}, follow=True).content.decode()
    assert "Several entries are this address in other letters: A@example.org, ␣a@example.org." in html
    assert now(aurorax, source) == ["A@example.org", " a@example.org", "b@example.org"]


def test_the_last_entry_is_asked_about_however_it_is_written(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX
) -> None:
    source = new_source(maintainers=["a@example.org\n"])
    html = press(as_owner, source, "remove", "a@example.org\n")
    assert "a@example.org⏎ is the last maintainer" in html
    assert f'name="entry" value="{key_of("a@example.org" + chr(10))}"' in html
    press(as_owner, source, "remove", "a@example.org\n", confirmed="on")
    assert now(aurorax, source) == []


def test_one_of_ones_own_spellings_can_go_without_a_question(as_admin: Client, new_source: NewSource) -> None:
    source = new_source(maintainers=["admin@example.org", "ADMIN@example.org ", "b@example.org"])
    assert "is no longer a maintainer" in press(as_admin, source, "remove", "ADMIN@example.org ")
    assert "This is your own address" in press(as_admin, source, "remove", "admin@example.org")


# Adding --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["New@Example.org", " new@example.org", "new@example.org\t"])
def test_somebody_who_is_listed_in_another_way_is_not_added_twice(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX, written: str
) -> None:
    source = new_source(maintainers=[written])
    address = reverse("maintainers-add", args=[source.identifier])
    answer = as_owner.post(address, {"email": "new@example.org"})
    assert now(aurorax, source) == [written]
    assert "is a maintainer of this data source already" in answer.content.decode()


def test_somebody_added_meanwhile_in_other_letters_is_told(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = new_source()
    really_apply = services.apply

    def late(**given: Any) -> services.Result:
        aurorax.sources.update(source.identifier, {"maintainers": ["NEW@example.org "]})
        return really_apply(**given)

    monkeypatch.setattr(services, "apply", late)
    address = reverse("maintainers-add", args=[source.identifier])
    html = as_owner.post(address, {"email": "new@example.org"}, follow=True).content.decode()
    assert "already, written as NEW@example.org␣." in html
    assert now(aurorax, source) == ["NEW@example.org "]


def test_the_owner_is_known_in_any_spelling(
    as_admin: Client, new_source: NewSource, aurorax: AuroraX
) -> None:
    source = new_source(owner="Owner@Example.org ")
    address = reverse("maintainers-add", args=[source.identifier])
    assert "owns this data source" in as_admin.post(address, {"email": "owner@example.org"}).content.decode()


def test_nobody_is_offered_an_entry_that_is_no_address(as_owner: Client, source: DataSource) -> None:
    known = tab(as_owner, source).context["form"].known
    assert "maintainer@example.org" in known
    assert all(address == address.strip() and " " not in address and "," not in address for address in known)


# Splitting -----------------------------------------------------------------------------------------------------------


def test_an_entry_of_several_addresses_is_split_where_it_stands(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX
) -> None:
    several = "a@example.org, B@example.org;c@example.org"
    source = new_source(maintainers=["x@example.org", several, "b@example.org "])
    html = press(as_owner, source, "split", several)
    assert now(aurorax, source) == ["x@example.org", "a@example.org", "c@example.org", "b@example.org "]
    assert "are now: x@example.org, a@example.org, c@example.org, b@example.org␣." in html
    assert Event.objects.get().before == {"maintainers": ["x@example.org", several, "b@example.org "]}


def test_what_has_no_address_in_it_cannot_be_split(
    as_owner: Client, source: DataSource, aurorax: AuroraX
) -> None:
    address = reverse("maintainers-split", args=[source.identifier])
    for posted in ({"entry": key_of("")}, {"entry": key_of("f@example.org")}, {"email": "f@example.org"}, {}):
        assert "Nothing was split" in as_owner.post(address, posted, follow=True).content.decode()
    assert now(aurorax, source) == ODD


# Several data sources ------------------------------------------------------------------------------------------------


def change(client: Client, verb: str, sources: list[DataSource], **fields: str) -> str:
    posted = {"verb": verb, "source": [source.identifier for source in sources], **fields}
    return str(client.post(reverse("maintainers-change"), posted).content.decode())


def test_all_entries_are_on_the_page_of_all_data_sources(as_owner: Client, source: DataSource) -> None:
    answer = as_owner.get(reverse("maintainers-all"))
    row = next(row for row in answer.context["rows"] if row.source.identifier == source.identifier)
    marks = {mark.label: mark.note for mark in row.marks if mark.listed}
    three = "maintainer@example.org, ␣maintainer@example.org␣, Maintainer@Example.org, maintainer@example.org"
    assert marks["maintainer@example.org"] == three
    assert marks["nobody in particular"] == ""
    assert {"(empty entry)", "a@example.org, b@example.org"} <= set(marks)
    offered = answer.context["form"].odd.values()
    assert set(offered) >= {entry for entry in ODD if entry not in ("f@example.org", *ODD[2:4])}


@pytest.mark.parametrize("text", [" maintainer@example.org ", "", "   ", "a@example.org, b@example.org"])
def test_an_entry_as_it_stands_is_removed_from_several(
    as_owner: Client, source: DataSource, new_source: NewSource, aurorax: AuroraX, text: str
) -> None:
    other = new_source(maintainers=[text])
    html = change(as_owner, "remove", [source, other], entry=key_of(text))
    assert "is the last maintainer of" in html
    assert now(aurorax, source) == ODD
    html = change(as_owner, "remove", [source, other], entry=key_of(text), confirmed="on")
    assert html.count(">removed<") == 2
    assert now(aurorax, source) == [entry for entry in ODD if entry != text]
    assert now(aurorax, other) == []


def test_an_address_removed_from_several_takes_no_other_spelling(
    as_owner: Client, source: DataSource, new_source: NewSource, aurorax: AuroraX
) -> None:
    twice = new_source(maintainers=["MAINTAINER@example.org", "maintainer@example.org ", "b@example.org"])
    once = new_source(maintainers=["Maintainer@example.org", "b@example.org"])
    html = change(as_owner, "remove", [source, twice, once], email="maintainer@example.org")
    assert now(aurorax, source) == [entry for entry in ODD if entry != "maintainer@example.org"]
    assert "Still listed for the same address: ␣maintainer@example.org␣, Maintainer@Example.org" in html
    assert now(aurorax, twice) == ["MAINTAINER@example.org", "maintainer@example.org ", "b@example.org"]
    assert "Several entries are this address in other letters" in html
    assert now(aurorax, once) == ["b@example.org"]


def test_adding_to_several_tells_who_is_listed_in_other_letters(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX
) -> None:
    listed, empty = new_source(maintainers=["NEW@example.org "]), new_source()
    html = change(as_owner, "add", [listed, empty], email="new@example.org")
    assert "Listed as NEW@example.org␣" in html
    assert [now(aurorax, each) for each in (listed, empty)] == [["NEW@example.org "], ["NEW@example.org"]]


@pytest.mark.parametrize(
    ("verb", "fields", "message"),
    [
        ("add", {"entry": key_of("")}, "can only be removed"),
        ("remove", {"entry": key_of(""), "email": "f@example.org"}, "not both"),
        ("remove", {"entry": "nonsense"}, "on no list any more"),
        ("remove", {"entry": ""}, "Give the e-mail address"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_explained(
    as_owner: Client, source: DataSource, aurorax: AuroraX, verb: str, fields: dict[str, str], message: str
) -> None:
    assert message in change(as_owner, verb, [source], **fields)
    assert now(aurorax, source) == ODD


# Access --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "allowed"),
    [
        ("maintainer@example.org", True),
        (" Maintainer@Example.ORG\t", True),
        ("maintainer@example.org, b@example.org", False),
        ("b@example.org;maintainer@example.org", False),
        ("Maintainer <maintainer@example.org>", False),
        ("maintainer@example.organisation", False),
        ("", False),
    ],
)
def test_an_entry_gives_access_to_the_person_it_names_and_to_nobody_else(
    as_maintainer: Client, new_source: NewSource, entry: str, allowed: bool
) -> None:
    source = new_source(maintainers=["x@example.org", entry])
    answer = as_maintainer.get(reverse("ephemeris-upload", args=[source.identifier]))
    assert answer.status_code == (200 if allowed else 403)
    mine = as_maintainer.get(reverse("source-list"), {"mine": "on"}).content.decode()
    assert (source.display_name in mine) == allowed


def test_the_owner_has_access_in_any_spelling(as_owner: Client, new_source: NewSource) -> None:
    source = new_source(owner="  Owner@Example.org ")
    assert as_owner.get(reverse("source-edit", args=[source.identifier])).status_code == 200
    overview = as_owner.get(reverse("source-detail", args=[source.identifier])).content.decode()
    assert "␣␣Owner@Example.org␣" in overview
    found = as_owner.get(reverse("source-list"), {"owner": "owner@example.org"}).content.decode()
    assert source.display_name in found


def test_an_empty_entry_is_nobodys(new_source: NewSource, sign_in: SignIn) -> None:
    source = new_source(maintainers=["", " "])
    nobody = User(username="", email="", role=Role.MAINTAINER)
    assert not decide(nobody, Action.EPHEMERIS_CREATE, source)
    assert sign_in("maintainer").get(reverse("products-upload", args=[source.identifier])).status_code == 403


# For any list --------------------------------------------------------------------------------------------------------


@property_settings
@given(st.lists(texts, max_size=8), st.data())
def test_removing_an_entry_leaves_all_others_as_they_are(listed: list[str], data: st.DataObject) -> None:
    for entry in entries_of(listed):
        assert label_of(entry.text)
    if not listed:
        return
    text = data.draw(st.sampled_from(listed))
    change = MaintainerChange(Verb.REMOVE, text, exact=True, left=listed.count(text) - 1)
    after = change.settled(listed).on(listed)
    last = len(listed) - 1 - listed[::-1].index(text)
    assert after == [*listed[:last], *listed[last + 1 :]]
    assert change.is_made(after)
    assert not change.is_made(listed)


@property_settings
@given(st.lists(texts, max_size=8), texts)
def test_adding_an_address_only_ever_adds_one_entry(listed: list[str], text: str) -> None:
    change = MaintainerChange(Verb.ADD, text)
    after = change.on(listed)
    assert after in (listed, [*listed, text])
    assert change.on(after) == after or not text.strip()


@property_settings
@given(st.lists(texts, max_size=8), texts)
def test_an_address_removes_entries_of_one_spelling_or_none(listed: list[str], text: str) -> None:
    try:
        change = MaintainerChange(Verb.REMOVE, text).settled(listed)
    except errors.Refused:
        assert text not in listed
        return
    gone = [entry for entry in listed if entry not in change.on(listed)]
    assert len(set(gone)) <= 1
    assert [entry for entry in listed if entry not in gone] == change.on(listed)


@pytest.mark.django_db(transaction=True)
def test_people_who_remove_and_add_at_the_same_moment_hit_nobody_else(
    portal: object, aurorax: AuroraX, new_source: NewSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = new_source(maintainers=ODD)
    owner = User(username="owner@example.org", email="owner@example.org", role=Role.OWNER)
    monkeypatch.setattr(
        services,
        "_send",
        lambda by, client, current, change, cause: client.sources.update(
            current.identifier, {"maintainers": change.on(current.maintainers)}
        ),
    )
    changes = [
        MaintainerChange(Verb.REMOVE, "Maintainer@Example.org", exact=True),
        MaintainerChange(Verb.REMOVE, "", exact=True),
        MaintainerChange(Verb.ADD, "new@example.org"),
        MaintainerChange(Verb.ADD, "NEW@example.org "),
        MaintainerChange(Verb.REMOVE, "f@example.org", exact=True),
    ]
    with ThreadPoolExecutor(5) as threads:
        list(
            threads.map(
                lambda change: services.apply(by=owner, client=aurorax, source=source, change=change), changes
            )
        )
    left = now(aurorax, source)
    expected = [entry for entry in ODD if entry not in ("Maintainer@Example.org", "", "f@example.org")]
    assert left[: len(expected)] == expected
    assert left[len(expected) :] in (["new@example.org"], ["NEW@example.org "])
