"""Data products as pictures: keograms of successive days under one another on one scale of time, everything else as tiles.

The pictures themselves are loaded by the browser from where the products' URLs point, when they come into sight: those of
trusted hosts by themselves, all others only when a person asks for them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from mimetypes import MimeTypes
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from apps.aurorax import DataProductRecord
from apps.aurorax.times import DAY, MINUTE
from apps.products.forms import TYPE_LABELS
from apps.products.spans import DaySpan, edge_words, file_name, is_link
from apps.products.table import edit_address

SHORTEST_STRIP = timedelta(minutes=30)  # what is shorter would be too narrow to see on a scale of a day
PICTURE_TYPES = ("keogram", "montage", "summary_plot")
HEADINGS = {
    "keogram": "Keograms",
    "montage": "Montages",
    "movie": "Movies",
    "summary_plot": "Summary plots",
    "data_availability": "Data availability",
}
HOURS = [(f"{hour:02}", f"{hour / 24:.4%}") for hour in range(0, 25, 3)]  # the scale: label and place

_by_name = MimeTypes()


@dataclass(frozen=True)
class Item:
    """One product. `words` say what the picture cannot: its type and its `times`. `url` is empty where it is none to
    follow.
    """

    type: str
    name: str
    words: str
    times: str
    start: datetime
    until: datetime
    address: str
    url: str
    is_picture: bool
    edit_url: str
    host: str
    is_loaded: bool


@dataclass(frozen=True)
class KeogramStrip:
    """A keogram on the scale of a day: its left edge and its width, in per cent of 24 hours of UTC."""

    item: Item
    left: str
    width: str


@dataclass(frozen=True)
class StackDay:
    """The keograms of one UTC day. Those that overlap in time lie in different lanes."""

    day: date
    lanes: Sequence[Sequence[KeogramStrip]]


@dataclass(frozen=True)
class ProductGroup:
    """All other products of one type, by the day they start on."""

    heading: str
    days: Sequence[tuple[date, Sequence[Item]]]


@dataclass(frozen=True)
class Gallery:
    """The products of a page, as they are shown."""

    stack: Sequence[StackDay]
    groups: Sequence[ProductGroup]
    hours: Sequence[tuple[str, str]]
    waiting: Sequence[str]  # hosts whose pictures are not loaded before a person asks for them


def gallery_of(
    span: DaySpan, records: Iterable[DataProductRecord], *, may_edit: bool, load_all: bool = False
) -> Gallery:
    """Each product in its place. Pictures of `settings.GALLERY_HOSTS` are loaded; those of any other host would tell it
    who looks, and are loaded with `load_all` only.
    """
    edit = reverse("products-edit", args=[span.source.identifier]) if may_edit else ""
    items = [
        _item(record, edit, edge_words(record, span.first, span.last), load_all=load_all)
        for record in records
    ]
    waiting = sorted({item.host for item in items if item.is_picture and not item.is_loaded})
    strips = [item for item in items if _is_strip(item)]
    tiles = [item for item in items if not _is_strip(item)]
    return Gallery(_stack(strips, span), _groups(tiles), HOURS, waiting)


def is_picture(record: DataProductRecord) -> bool:
    """Whether a browser is asked to show it: by the ending of its file, and where that says nothing, by its type."""
    if not is_link(record.url):
        return False
    kind, _ = _by_name.guess_type(file_name(record.url), strict=False)
    return kind.startswith("image/") if kind else record.data_product_type in PICTURE_TYPES


def _item(record: DataProductRecord, edit: str, elsewhere: str, *, load_all: bool) -> Item:
    """`elsewhere` are words for what of it lies on days that are not shown."""
    label, times = TYPE_LABELS.get(record.data_product_type, record.data_product_type), _times(record)
    times += f" ({elsewhere})" if elsewhere else ""
    host = _host(record.url)
    return Item(
        type=record.data_product_type,
        name=file_name(record.url),
        words=f"{label}, {record.start:%Y-%m-%d} {times}",
        times=times,
        start=record.start,
        until=_until(record.end),
        address=record.url,
        url=record.url if is_link(record.url) else "",
        is_picture=is_picture(record),
        edit_url=edit_address(edit, record) if edit else "",
        host=host,
        is_loaded=load_all or host in settings.GALLERY_HOSTS,
    )


def _host(url: str) -> str:
    """The host, with its port where one is named, that a picture comes from; an address that is broken has none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def _times(record: DataProductRecord) -> str:
    """Start and end to the minute, to be read behind the day of the start."""
    same_day = record.start.date() == record.end.date()
    return f"{record.start:%H:%M} to {record.end:{'%H:%M' if same_day else '%Y-%m-%d %H:%M'}} UTC"


def _until(end: datetime) -> datetime:
    """Where the picture of a product ends. Providers write the end of an hour as 02:59, 02:59:59 or 03:00."""
    return end.replace(second=0, microsecond=0) + MINUTE if end.minute == 59 else end


def _is_strip(item: Item) -> bool:
    return item.type == "keogram" and item.is_picture and SHORTEST_STRIP <= item.until - item.start <= DAY


def _stack(items: Sequence[Item], span: DaySpan) -> list[StackDay]:
    """A keogram that goes on after midnight is shown under both days, cut off at their edges."""
    days = sorted({day for item in items for day in _days(item, span)})
    return [StackDay(day, _lanes(day, [item for item in items if day in _days(item, span)])) for day in days]


def _days(item: Item, span: DaySpan) -> set[date]:
    """Those of its days that are shown; one that only ends as they begin has nothing to show there, but on its own."""
    days = {item.start.date(), (item.until - MINUTE).date()}
    return {day for day in days if span.first <= day <= span.last} or days


def _lanes(day: date, items: Iterable[Item]) -> list[list[KeogramStrip]]:
    """The longer ones first, so that the keogram of a day lies above those of its hours."""
    lanes: list[list[Item]] = []
    for item in sorted(items, key=lambda item: (item.start - item.until, item.start, item.name)):
        free = next((lane for lane in lanes if not any(_overlap(item, other) for other in lane)), None)
        if free is None:
            lanes.append([item])
        else:
            free.append(item)
    return [[_strip(day, item) for item in sorted(lane, key=lambda item: item.start)] for lane in lanes]


def _overlap(one: Item, other: Item) -> bool:
    return one.start < other.until and other.start < one.until


def _strip(day: date, item: Item) -> KeogramStrip:
    midnight = datetime.combine(day, time(), UTC)
    return KeogramStrip(
        item, f"{(item.start - midnight) / DAY:.4%}", f"{(item.until - item.start) / DAY:.4%}"
    )


def _groups(items: Sequence[Item]) -> list[ProductGroup]:
    """In the order of `HEADINGS`; then types the API does not know, as they come."""
    types = [*HEADINGS, *(item.type for item in items)]
    groups = []
    for type_ in dict.fromkeys(types):
        of_type = [item for item in items if item.type == type_]
        days = [(day, list(found)) for day, found in groupby(of_type, key=lambda item: item.start.date())]
        if days:
            groups.append(ProductGroup(HEADINGS.get(type_, type_), days))
    return groups
