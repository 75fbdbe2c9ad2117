"""What is unusual about ephemeris records, in sentences."""

from collections.abc import Callable, Iterator, Sequence

from apps.aurorax.records import GROUND
from apps.validation.unusual.distances import kilometres_between
from apps.validation.unusual.remark import LISTED, Known, Remark
from apps.validation.unusual.runs import length, shared
from apps.validation.unusual.summaries import SeenPlace, TrackSummary

SPACE = ("leo", "heo", "lunar")
OPTICAL = ("asi", "dslr", "camera", "imager", "photometer", "spectrograph", "blueline", "redline", "rgb")
FAR_KM = 50.0  # from where a ground source stands, or from its other records
NEAR_KM = 5.0  # places of one station
FEW_BRIGHT = 0.01  # of the sample: a shutter may be late
LEAST_BRIGHT = 3  # records of the sample
MOSTLY = 0.9  # of the steps: then the others are gaps
MOST_GAPS = 20  # more are a habit
LEAST_STEPS = 10
STILL = 0.01  # of the records: the highest point of an orbit, to the last digit
HOUR = 60
MOST_SHIFTS = 12  # hours
LEAST_SHARED = 0.7  # of the minutes of the file, that are operating minutes when shifted
LEAST_GAIN = 0.05

Spot = tuple[float, float]


def remarks_of(seen: TrackSummary, known: Known) -> Sequence[Remark]:
    """All that is unusual, the place first."""
    checks = _GROUND if known.source_type == GROUND else _SPACE if known.source_type in SPACE else ()
    return [found for check in checks for found in check(seen, known)]


def _site(seen: TrackSummary, known: Known) -> Iterator[Remark]:
    """A ground source is where it is."""
    if seen.is_moving:
        yield Remark(
            "moves",
            "This is a ground source, and the records are at more than 20 places. Is this the file of a spacecraft?",
            count=seen.placed,
        )
        return
    if not seen.places:
        return
    main, *others = seen.places
    spot = main.lat, main.lon
    if known.place and (far := kilometres_between(spot, known.place)) > FAR_KM:
        yield _far_from_site(main, known.place, far)
    elsewhere = [place for place in others if kilometres_between(spot, (place.lat, place.lon)) > NEAR_KM]
    if elsewhere:
        farthest = max(kilometres_between(spot, (place.lat, place.lon)) for place in elsewhere)
        count = sum(place.count for place in elsewhere)
        yield Remark(
            "several-places",
            f"{_records(count)} {'stands' if count == 1 else 'stand'} up to {farthest:,.0f} km from {_written(spot)}, where"
            f" the other {seen.placed - count:,} {_are(seen.placed - count)}. A ground source stands still.",
            detail=_written(spot),
            count=count,
            rows=sorted(row for place in elsewhere for row in place.rows)[:LISTED],
        )


def _far_from_site(main: SeenPlace, site: Spot, far: float) -> Remark:
    cause = next((words for words, spot in _slips(main) if kilometres_between(spot, site) <= FAR_KM), "")
    return Remark(
        "far-from-site",
        f"{_records(main.count)} {_are(main.count)} at {_written((main.lat, main.lon))}, {far:,.0f} km from {_written(site)}, where AuroraX"
        f" has the latest record of this data source.{cause}",
        detail=_written((round(main.lat), round(main.lon))),
        count=main.count,
        rows=main.rows,
    )


def _slips(place: SeenPlace) -> Iterator[tuple[str, Spot]]:
    """Where it would be, but for a slip."""
    lat, lon = place.lat, place.lon
    if abs(lon) <= 90:
        yield " Exchanged, latitude and longitude would fit.", (lon, lat)
        yield " Exchanged and with the other sign, they would fit.", (-lon, lat)
        yield " Exchanged and with the other sign, they would fit.", (lon, -lat)
    yield " With the other sign the longitude would fit.", (lat, -lon)
    yield " With the other sign the latitude would fit.", (-lat, lon)
    yield " With the other signs both would fit.", (-lat, -lon)


def _daylight(seen: TrackSummary, known: Known) -> Iterator[Remark]:
    """A camera works in the dark."""
    words = known.instrument_type.lower().replace("-", " ").split()
    middle = len(seen.bright) // 2
    bright = seen.bright[middle]
    if not any(word in words for word in OPTICAL) or bright < max(LEAST_BRIGHT, FEW_BRIGHT * seen.sampled):
        return
    dark = [hours - middle for hours, count in enumerate(seen.bright) if count < FEW_BRIGHT * seen.sampled]
    part = round(100 * bright / seen.sampled)
    text = (
        f"In about {max(part, 1)}% of the records it is day, or bright twilight, at the place they name: the Sun stands higher"
        f" than 3° below the horizon. Instruments such as {known.instrument_type} work in the dark."
    )
    if dark:
        text += f" {_shifted(min(dark, key=abs))} nearly all would be in the dark: are these times UTC?"
    yield Remark(
        "daylight",
        text,
        count=round(seen.placed * bright / seen.sampled),
        rows=sorted(seen.bright_rows),
        is_sample=seen.sampled < seen.placed,
    )


def _gsm(seen: TrackSummary, known: Known) -> Iterator[Remark]:
    if seen.gsm:
        yield Remark(
            "gsm-on-ground",
            f"{_records(seen.gsm)} of this ground source {'has' if seen.gsm == 1 else 'have'} a GSM place, which spacecraft have.",
            count=seen.gsm,
            rows=sorted(seen.gsm_rows),
        )


def _clock(seen: TrackSummary, known: Known) -> Iterator[Remark]:
    """Shifted by whole hours, the minutes would be those that AuroraX has."""
    if not seen.runs or not known.runs:
        return
    longest = [max(seen.runs, key=lambda run: run[1] - run[0])]
    minutes = length(longest)
    hours = range(-MOST_SHIFTS, MOST_SHIFTS + 1)
    there = {shift: shared(longest, known.runs, shift * HOUR) for shift in hours}
    best = max(there, key=lambda shift: (there[shift], -abs(shift)))
    gain = there[best] - there[0]
    if there[best] >= LEAST_SHARED * minutes and gain > max(LEAST_GAIN * minutes, HOUR / 2):
        yield Remark(
            "hours-off",
            f"{_shifted(best)} {there[best]:,} of the {minutes:,} minutes of the longest run would be minutes that AuroraX has already; as"
            f" they are written {there[0]:,} are. Are these times UTC?",
            detail=str(best),
            count=seen.records,
        )


def _cadence(seen: TrackSummary, known: Known) -> Iterator[Remark]:
    """AuroraX keeps one record for each minute, and finds conjunctions minute by minute."""
    steps = sum(count for _, count in seen.steps)
    if steps < LEAST_STEPS:
        return
    usual, often = max(seen.steps, key=lambda step: step[1])
    if usual > 1 and often >= MOSTLY * steps:
        yield Remark(
            "cadence",
            f"There is a record every {usual:,} minutes. AuroraX finds conjunctions minute by minute: between two records"
            " the source is nowhere.",
            detail=str(usual),
            count=seen.records,
        )


def _gaps(seen: TrackSummary, known: Known) -> Iterator[Remark]:
    """A few, where all else goes on minute by minute."""
    steps = sum(count for _, count in seen.steps)
    longest = max((length for length, _ in seen.steps), default=1)
    if 0 < seen.gaps <= MOST_GAPS and steps >= LEAST_STEPS and (steps - seen.gaps) >= MOSTLY * steps:
        yield Remark(
            "gaps",
            f"Minutes are missing in {seen.gaps:,} place{'' if seen.gaps == 1 else 's'}, up to {longest - 1:,} in a row; all"
            " other records follow each other minute by minute.",
            detail=str(seen.gaps),
            count=seen.gaps,
            rows=sorted(seen.gap_rows),
        )


def _way(seen: TrackSummary, known: Known) -> Iterator[Remark]:
    """A spacecraft goes on, and no faster than it can."""
    if seen.jumps:
        told = max(seen.jumps_listed, key=lambda jump: jump.kilometres / jump.minutes)
        yield Remark(
            "jumps",
            f"{seen.jumps:,} step{'' if seen.jumps == 1 else 's'} to the next record are wider than anything flies: up to"
            f" {told.kilometres:,} km in {told.minutes} minute{'' if told.minutes == 1 else 's'}. Look at the signs of latitude and"
            " longitude there.",
            count=seen.jumps,
            rows=sorted(jump.row for jump in seen.jumps_listed),
        )
    if seen.still > max(2, STILL * seen.records):
        yield Remark(
            "stands-still",
            f"{_records(seen.still)} {_are(seen.still)} exactly where the one before was, and the others move.",
            count=seen.still,
            rows=sorted(seen.still_rows),
        )
    if not seen.is_moving and seen.placed >= LEAST_STEPS * 6:
        places = len(seen.places)
        yield Remark(
            "never-moves",
            f"All {seen.placed:,} records are at {places:,} place{'' if places == 1 else 's'}. Does a spacecraft stand still,"
            " or is this the file of a ground source?",
            count=seen.placed,
        )


def _shifted(hours: int) -> str:
    count = abs(hours)
    return f"{count} hour{'' if count == 1 else 's'} {'earlier' if hours < 0 else 'later'},"


def _written(spot: Spot) -> str:
    return f"{spot[0]:g}, {spot[1]:g}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _records(count: int) -> str:
    return f"{count:,} record{'' if count == 1 else 's'}"


Check = Callable[[TrackSummary, Known], Iterator[Remark]]
_GROUND: Sequence[Check] = (_site, _clock, _daylight, _cadence, _gsm)
_SPACE: Sequence[Check] = (_way, _cadence, _gaps)
