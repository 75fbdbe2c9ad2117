"""Which fixes are offered for a cause, where it is known what went wrong; each with what it would do to the first rows."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import NamedTuple

from apps.aurorax.records import DATA_PRODUCT_TYPES
from apps.uploads.mending.causes import WrongCause
from apps.uploads.models import Upload
from apps.uploads.reader.wrong_rows import WrongRow
from apps.validation import rules, values
from apps.validation.fixes import Fix, changes
from apps.validation.rounding import MinuteRounding
from apps.validation.row import Row
from apps.validation.value_formats import DATE_ORDER, DAY_FIRST, NEAREST, SECONDS

SAMPLES = 10
LIKE = 0.6  # how much alike a value and an allowed one are
OTHER_YEARS = (rules.FUTURE.slug, rules.EARLY.slug, rules.YEAR.slug)
_year = re.compile(r"(?<!\d)\d{4}(?!\d)")
Allowed = Callable[[str], Collection[str]]  # the values that a column may have; none where it may have any


class Sample(NamedTuple):
    """One value before and after."""

    place: str
    column: str
    before: str
    after: str


class OfferedFix(NamedTuple):
    """A fix; `rows` of those that are kept would change. With `asks` the person has to say what is written."""

    fix: Fix
    samples: Sequence[Sample] = ()
    rows: int = 0
    asks: bool = False
    label: str = ""

    @property
    def words(self) -> str:
        """What it does."""
        return self.label or self.fix.words


def offers(upload: Upload, cause: WrongCause, rows: Sequence[WrongRow], allowed: Allowed) -> list[OfferedFix]:
    """Those for one cause, the likeliest first. `rows` are the first of its rows."""
    placed: list[tuple[str, Row]] = [(row.place, row.cells) for row in rows]
    if not placed:
        column = cause.problem.column
        placed = [(each["place"], {column: each["value"]}) for each in cause.problem.placed_examples]
    fixes = [fix for fix in _fixes(upload, cause, placed, allowed) if fix]
    found = [_offer(fix, placed) for fix in fixes]
    found = [offer for offer in found if offer.samples or offer.fix.kind == "answer"]
    return [*found, *_always(cause)]


def _fixes(
    upload: Upload, cause: WrongCause, placed: Sequence[tuple[str, Row]], allowed: Allowed
) -> list[Fix | None]:
    slug, column = cause.problem.slug, cause.problem.column
    texts = [str(row.get(column) or "") for _, row in placed]
    known: dict[str, Callable[[], list[Fix | None]]] = {
        rules.LATITUDE.slug: lambda: [Fix("swap", column.rpartition(".")[0])],
        rules.PRODUCT_TYPE.slug: lambda: [_nearest(column, texts, DATA_PRODUCT_TYPES)],
        rules.METADATA_VALUE.slug: lambda: [_nearest(column, texts, allowed(column))],
        **dict.fromkeys(OTHER_YEARS, lambda: [_other_year(upload, column, texts)]),
        rules.SECONDS_CUT.slug: lambda: [Fix("answer", column, f"{SECONDS}{column}", NEAREST)],
        rules.NO_SUCH_TIME.slug: lambda: [_day_first(column, texts), Fix("trim", column)],
    }
    return known.get(slug, lambda: [Fix("trim", column)] if column else [])()


def _always(cause: WrongCause) -> list[OfferedFix]:
    """What can be done whatever is wrong."""
    slug, column = cause.problem.slug, cause.problem.column
    found = []
    if slug == rules.REQUIRED.slug:
        found.append(
            OfferedFix(
                Fix("set", column), asks=True, label=f"Write one value into {column} where it is empty"
            )
        )
    if column.startswith("metadata.") or column == "data_product_type":
        found.append(
            OfferedFix(Fix("set all", column), asks=True, label=f"Write one value into {column} of every row")
        )
    if cause.problem.severity == rules.PROBLEM:
        count = cause.problem.count
        label = "Leave this row out" if count == 1 else f"Leave these {count:,} rows out"
        found.append(OfferedFix(Fix("leave out", column, slug), rows=cause.problem.count, label=label))
    return found


def _offer(fix: Fix, placed: Sequence[tuple[str, Row]]) -> OfferedFix:
    changed = [(place, row, found) for place, row in placed if (found := changes(fix, row))]
    samples = [
        Sample(place, column, str(row.get(column) or ""), str(after))
        for place, row, found in changed[:SAMPLES]
        for column, after in found.items()
    ]
    label = {
        NEAREST: f"Round all times of {fix.column} to the nearest minute",
        DAY_FIRST: f"Read all dates of {fix.column} with the day before the month",
    }
    return OfferedFix(
        fix, samples, len(changed), label=label.get(fix.new, "") if fix.kind == "answer" else ""
    )


def _nearest(column: str, texts: Sequence[str], allowed: Collection[str]) -> Fix | None:
    """Each value that is not allowed becomes the one that is most like it, where there is one."""
    by_case = {each.lower(): each for each in allowed}
    found = {}
    for text in dict.fromkeys(texts):
        simple = re.sub(r"[\s-]+", "_", text.strip().lower())
        near = get_close_matches(simple, by_case, n=1, cutoff=LIKE)
        if near and text not in allowed:
            found[text] = by_case[near[0]]
    return Fix("nearest", column, values=found) if found else None


def _other_year(upload: Upload, column: str, texts: Sequence[str]) -> Fix | None:
    """The year most of these rows have, and the one that was meant: of the file's other rows, or this year."""
    years = Counter(found[0] for text in texts if (found := _year.search(text)))
    if not years:
        return None
    usual = Counter[str]()
    for day, count in upload.report.days.items():
        if day[:4] not in years:
            usual[day[:4]] += count
    this_year = str(datetime.now(UTC).year)
    meant = usual.most_common(1)[0][0] if usual else this_year
    wrong = years.most_common(1)[0][0]
    return Fix("year", column, wrong, meant) if wrong != meant else None


def _day_first(column: str, texts: Sequence[str]) -> Fix | None:
    """Where all of these dates exist once day and month change places."""
    turned = MinuteRounding(day_first=True)
    try:
        for text in texts:
            values.parse_minute(text, None, turned)
    except values.InvalidValue:
        return None
    return Fix("answer", column, DATE_ORDER, DAY_FIRST) if texts else None
