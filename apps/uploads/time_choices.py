"""What a column of numbers can be as a time: every way of counting, with the times that come out of its first values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from apps.aurorax import AuroraX, errors
from apps.readers.headers import AS_SEPARATOR, HeaderMatcher
from apps.records.counts import Span
from apps.records.types import RecordType, type_of
from apps.uploads.models import Upload
from apps.validation import values
from apps.validation.time_columns import EARLIEST
from apps.validation.time_formats import DECLARED, TimeFormat
from apps.validation.time_parts import MARK, PARTS

ALWAYS = (TimeFormat.UNIX_SECONDS, TimeFormat.UNIX_MILLISECONDS)  # offered whatever comes out
# What names of columns say of their numbers.
WORDS = {
    "mjd": TimeFormat.MJD, "modifiedjuliandate": TimeFormat.MJD, "jd": TimeFormat.JULIAN_DATE,
    "juliandate": TimeFormat.JULIAN_DATE, "julday": TimeFormat.JULIAN_DATE, "datenum": TimeFormat.DATENUM,
    "matlab": TimeFormat.DATENUM, "tt2000": TimeFormat.TT2000, "cdfepoch": TimeFormat.CDF_EPOCH, "gps": TimeFormat.GPS_SECONDS,
    "excel": TimeFormat.EXCEL, "unixms": TimeFormat.UNIX_MILLISECONDS, "unix": TimeFormat.UNIX_SECONDS,
}  # fmt: skip
# Smaller numbers are the very first months of the count: nearly always they count something else.
YEAR = 366 * 86_400
LEAST = {
    TimeFormat.UNIX_SECONDS: YEAR, TimeFormat.UNIX_MILLISECONDS: YEAR * 1e3, TimeFormat.UNIX_MICROSECONDS: YEAR * 1e6,
    TimeFormat.UNIX_NANOSECONDS: YEAR * 1e9, TimeFormat.GPS_SECONDS: YEAR, TimeFormat.TT2000: 1e16,
}  # fmt: skip
DAYS = (
    TimeFormat.EXCEL,
    TimeFormat.EXCEL_1904,
    TimeFormat.MJD,
    TimeFormat.JULIAN_DATE,
    TimeFormat.DATENUM,
    TimeFormat.UNIX_DAYS,
)
DECIMALS = 6  # of a day: with fewer the minute is lost
FEW_COLUMNS = 40  # of files with more, no form lists the parts of times: it would be very long
MARGIN = timedelta(days=366)  # around the records there are


@dataclass(frozen=True)
class TimeChoices:
    """`numbers` are the first values of columns by their names in the file; `span` is where the source has records."""

    kind: RecordType
    numbers: Mapping[str, Sequence[float]]
    span: Span | None = None
    shows_parts: bool = False
    times: list[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "times", [column.name for column in self.kind.columns if column.holds == "time"]
        )

    def of(self, header: str, column: str) -> list[tuple[str, str]]:
        """The ways in which a column of the file can be this column of times, and their labels."""
        numbers = self.numbers.get(header, ())
        offered = []
        for counted in DECLARED:
            moments = _moments(numbers, counted)
            if moments or counted in ALWAYS:
                shown = ": " + ", ".join(map(_shown, moments)) if moments else ""
                label = f"{column}, as {counted}{shown or (': no times' if numbers else '')}"
                offered.append((f"{column}{AS_SEPARATOR}{counted}", label))
        return offered

    def parts(self, column: str) -> list[tuple[str, str]]:
        """What else a column of the file can be: a part of this column of times."""
        parts = PARTS if self.shows_parts else ()
        return [(f"{column}{MARK}{part}", f"{column}, one of its parts: {part}") for part in parts]

    def proposed(self, header: str) -> str:
        """The way that is chosen beforehand; empty where nothing speaks for one: its name has to say that it is a time, and the times
        that come out have to be those of data.
        """
        said = _said(header)
        column = HeaderMatcher(self.kind.columns, {}).of(header)
        if column not in self.times:
            column = self.times[0] if said and len(self.times) == 1 else None
        numbers = self.numbers.get(header, ())
        if not column or not numbers:
            return ""
        likely = [counted for counted in DECLARED if self._is_likely(numbers, counted)]
        first = said if said in likely else next(iter(likely), None)
        return f"{column}{AS_SEPARATOR}{first}" if first else ""

    def _is_likely(self, numbers: Sequence[float], counted: TimeFormat) -> bool:
        if any(abs(number) < LEAST.get(counted, 0) for number in numbers) or len({*numbers}) < len(numbers):
            return False
        moments = _moments(numbers, counted)
        if counted in DAYS and any(map(_is_coarse, numbers, moments)):
            return False
        first, last = self._years()
        return bool(moments) and all(first <= moment.date() <= last for moment in moments)

    def _years(self) -> tuple[date, date]:
        next_year = datetime.now(UTC).date() + MARGIN
        if self.span is None:
            return EARLIEST.date(), next_year
        return self.span.first - MARGIN, max(self.span.last, next_year)


def choices_for(upload: Upload, client: AuroraX | None = None) -> TimeChoices:
    """Those of an upload. AuroraX is asked where the source has records, where there is anything to choose."""
    kind, numbers = type_of(upload.kind), upload.dialect.get("numbers", {})
    asked = {header for header, name in upload.columns if name is None} & numbers.keys()
    span = _span(upload, kind, client) if asked and client else None
    return TimeChoices(kind, numbers, span, shows_parts=len(upload.columns) <= FEW_COLUMNS)


def _span(upload: Upload, kind: RecordType, client: AuroraX) -> Span | None:
    """None where AuroraX does not say."""
    try:
        stats = client.sources.get(upload.source_identifier, include_stats=True).stats
    except errors.AuroraXError:
        return None
    return kind.counts.span(stats) if stats else None


def _is_coarse(number: float, moment: datetime) -> bool:
    """Whether a number of days has been cut so short that its minute is lost."""
    decimals = len(f"{Decimal(repr(number)):f}".partition(".")[2])
    return decimals < DECIMALS and bool(moment.second or moment.microsecond)


def _said(header: str) -> TimeFormat | None:
    simple = "".join(filter(str.isalnum, header.lower()))
    return next((counted for word, counted in WORDS.items() if word in simple), None)


def _moments(numbers: Sequence[float], counted: TimeFormat) -> list[datetime]:
    """Naive UTC, to the millisecond; none where one of them is no time."""
    try:
        found = [values.parse_minute(number, counted) for number in numbers]
    except values.InvalidValue:
        return []
    return [values.EPOCH.replace(tzinfo=None) + timedelta(milliseconds=each.exact) for each in found]


def _shown(moment: datetime) -> str:
    is_whole = not (moment.second or moment.microsecond)
    return moment.isoformat(
        " ", "minutes" if is_whole else "milliseconds" if moment.microsecond else "seconds"
    )
