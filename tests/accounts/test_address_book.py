"""Addresses that may be a slip are asked about, in every form that takes one."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.address_book import AddressBook, slips
from apps.aurorax import AuroraX
from tests.conftest import NewSource

KNOWN = ("owner2@example.org", "jo@ucalgary.ca", "Anna.Smith@example.org")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ownr2@example.org", "owner2@example.org"),
        ("owner2@exmaple.org", "owner2@example.org"),
        ("somebody@exmaple.org", "somebody@example.org"),
        ("anna.smiht@example.org", "Anna.Smith@example.org"),
        ("js@ucalgary.ca", ""),
        ("new.person@elsewhere.net", ""),
    ],
)
def test_a_slip_is_told_from_a_new_address(typed: str, meant: str) -> None:
    assert AddressBook(KNOWN).like(typed) == meant
    assert bool(AddressBook(KNOWN).doubt(typed)) == bool(meant)


def test_with_accounts_listed_only_an_account_is_beyond_doubt() -> None:
    book = AddressBook(KNOWN, {"jo@ucalgary.ca": "Owner"})
    assert book.doubt("Jo@ucalgary.ca") == ""
    assert book.doubt("owner2@example.org") == "No AuroraX account has the address owner2@example.org."
    assert "Did you mean jo@ucalgary.ca?" in book.doubt("jo@ucalgray.ca")


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("ab", "ba", 1), ("abc", "ac", 1), ("abc", "abd", 1), ("abcd", "badc", 2), ("a", "abcd", 3)],
)
def test_slips_are_counted_as_people_make_them(one: str, other: str, count: int) -> None:
    assert slips(one, other, 2) == count


def test_a_maintainer_who_may_be_a_slip_is_asked_about_first(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX
) -> None:
    source = new_source()
    address = reverse("maintainers-add", args=[source.identifier])
    html = as_owner.post(address, {"email": "maintaner@example.org"}).content.decode()
    assert "Did you mean maintainer@example.org?" in html
    assert "maintaner@example.org is right: use it all the same" in html
    assert aurorax.sources.get(source.identifier).maintainers == ()
    as_owner.post(address, {"email": "maintaner@example.org", "sure": "maintaner@example.org"})
    assert aurorax.sources.get(source.identifier).maintainers == ("maintaner@example.org",)


def test_being_sure_of_one_address_is_not_being_sure_of_another(
    as_owner: Client, new_source: NewSource, aurorax: AuroraX
) -> None:
    source = new_source()
    posted = {"email": "owner2@exmaple.org", "sure": "maintaner@example.org"}
    answer = as_owner.post(reverse("maintainers-add", args=[source.identifier]), posted)
    assert answer.status_code == 422
    assert aurorax.sources.get(source.identifier).maintainers == ()
