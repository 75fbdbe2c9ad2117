"""The menu of a data source: what is done to it seldom, or takes something away. An app that adds an act adds a line."""

from typing import NamedTuple

from django.urls import reverse

from apps.accounts import source_tabs
from apps.accounts.models import User
from apps.aurorax import DataSource
from apps.permissions import Action, decide


class MenuEntry(NamedTuple):
    """One act, and where it begins; `takes_away` sets it apart from the others."""

    label: str
    url: str
    takes_away: bool = False


# Label, URL name, and the action that one must be allowed on this data source.
ACTS = [
    ("In repair", "source-repair", Action.EPHEMERIS_CREATE),
    ("Replace the whole record", "source-replace", Action.SOURCE_UPDATE),
]
# The same of what takes something away; record types put theirs before.
REMOVALS = [("Delete", "source-delete", Action.SOURCE_DELETE)]


def menu_of(person: User, source: DataSource) -> list[MenuEntry]:
    """What this person may do here."""
    ranges = [
        (f"Delete a range of {pages.label.lower()}", f"{pages.slug}-delete", pages.delete)
        for pages in source_tabs.RECORD_PAGES.values()
    ]
    acts = [(*act, False) for act in ACTS] + [(*act, True) for act in [*ranges, *REMOVALS]]
    return [
        MenuEntry(label, reverse(name, args=[source.identifier]), takes_away)
        for label, name, action, takes_away in acts
        if decide(person, action, source)
    ]
