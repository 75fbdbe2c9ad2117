"""Finding data sources: what the person filters by, in which order, and the answer."""

from collections.abc import Callable, Sequence
from operator import eq
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from apps.accounts.models import User
from apps.aurorax import DataSource, ListedSource
from apps.permissions.addresses import folded, is_same
from apps.sources.labels import FIELD_LABELS
from apps.ui.forms import PortalForm

# The fields one can choose a value of, from those that occur.
CHOOSABLE = ("program", "platform", "instrument_type", "source_type", "owner")
SEARCHED = ("identifier", "display_name", "program", "platform", "instrument_type", "owner")
SORTABLE = ("identifier", "display_name", "program", "platform", "instrument_type", "source_type", "owner")
MOST_CHOICES = 200  # of one field; more make a page of hundreds of kilobytes that nobody scrolls through
SORTS = [*SORTABLE, *(f"-{name}" for name in SORTABLE)]


class SourceFilter(PortalForm):
    """The filter of the table of data sources. Anything posted gives an answer: nonsense finds nothing."""

    q = forms.CharField(
        label="Search",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, number, platform…"}),
    )
    program = forms.CharField(label="Program", required=False, widget=forms.Select)
    platform = forms.CharField(label="Platform", required=False, widget=forms.Select)
    instrument_type = forms.CharField(label="Instrument type", required=False, widget=forms.Select)
    source_type = forms.CharField(label="Source type", required=False, widget=forms.Select)
    owner = forms.CharField(label="Owner", required=False, widget=forms.Select)
    mine = forms.BooleanField(label="Only mine", required=False)
    stats = forms.BooleanField(label="Show record counts", required=False)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict, *, sources: Sequence[ListedSource], person: User) -> None:
        super().__init__(query)
        self.sources = sources
        self.person = person
        self.typed = {name for name in CHOOSABLE if not self._offer(name)}
        self.full_clean()

    def _offer(self, name: str) -> bool:
        """Offer the values that occur, unless they are too many to choose from: then a part of one is written instead."""
        values = self._values(name)
        if len(values) > MOST_CHOICES:
            self.fields[name].widget = forms.TextInput(attrs={"placeholder": "All or part of it"})
            return False
        widget = cast("forms.Select", self.fields[name].widget)
        widget.choices = [("", "Any"), *((value, value) for value in values)]
        return True

    @property
    def choosable(self) -> list[BoundField]:
        """The fields with a choice of values."""
        return [self[name] for name in CHOOSABLE]

    @property
    def order(self) -> str:
        """The column sorted by, with a minus in front for downwards."""
        asked = self.cleaned_data.get("sort", "")
        return asked if asked in SORTS else "identifier"

    @property
    def order_in_words(self) -> str:
        """The same for people."""
        label = FIELD_LABELS[self.order.lstrip("-")].lower()
        return f"{label}, downwards" if self.order.startswith("-") else label

    @property
    def is_filtering(self) -> bool:
        """Whether anything narrows the table."""
        return any(self.cleaned_data.get(name) for name in ("q", "mine", *CHOOSABLE))

    def matching(self) -> list[ListedSource]:
        """The data sources that pass, in the order asked for. Each test is made of all that have passed those before it:
        they are thousands, and mostly nothing is asked.
        """
        chosen = self.cleaned_data
        found = list(self.sources)
        for name in CHOOSABLE:
            if wanted := chosen.get(name):
                passes = _holds if name in self.typed else is_same if name == "owner" else eq
                found = [source for source in found if passes(getattr(source, name), wanted)]
        for word in chosen.get("q", "").casefold().split():
            found = [source for source in found if word in _text(source)]
        if chosen.get("mine"):
            found = [source for source in found if is_mine(source, self.person)]
        name, downwards = self.order.lstrip("-"), self.order.startswith("-")
        return sorted(found, key=sort_key(name), reverse=downwards)

    def _values(self, name: str) -> list[str]:
        """The values that occur, and the one asked for, so that the form shows what it filters by."""
        values = {getattr(source, name) for source in self.sources} | {self.data.get(name, "")}
        return sorted((value for value in values if value), key=str.casefold)


def _holds(value: str | None, wanted: str) -> bool:
    return wanted.casefold() in (value or "").casefold()


def _text(source: ListedSource) -> str:
    return " ".join(str(getattr(source, name) or "") for name in SEARCHED).casefold()


def is_mine(source: DataSource | ListedSource, person: User) -> bool:
    """Whether the person owns or maintains it."""
    address = folded(person.email)
    # An entry that does not hold the address at all needs no closer look, which takes ten times as long.
    return any(
        entry and address in entry.lower() and is_same(entry, address)
        for entry in (source.owner, *source.maintainers)
    )


def sort_key(name: str) -> Callable[[DataSource | ListedSource], Any]:
    """Sorts numbers as numbers and texts without case; equal ones by identifier."""
    if name == "identifier":
        return lambda source: source.identifier
    return lambda source: (str(getattr(source, name) or "").casefold(), source.identifier)


def columns(order: str) -> list[dict[str, str]]:
    """The heads of the table: label, how it is sorted now, and what a click sorts by."""
    return [
        {
            "label": FIELD_LABELS[name],
            "sorted": {name: "ascending", f"-{name}": "descending"}.get(order, "none"),
            "next": f"-{name}" if order == name else name,
        }
        for name in SORTABLE
    ]
