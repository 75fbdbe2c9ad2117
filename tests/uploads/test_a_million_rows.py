"""A file of a million rows in which a thousand are wrong, each in one of thirteen ways."""

import csv
import io
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from apps.uploads.models import Upload
from apps.validation import rules
from apps.validation.rules import Rule
from tests.support.uploads import UploadFile

pytestmark = pytest.mark.slow

ROWS, ERRORS, SEED = 1_000_000, 1_000, 20261126
HEADER = ("epoch", "location_geo.lat", "location_geo.lon", "location_gsm.lat", "metadata.state")
START = datetime(2020, 1, 1, tzinfo=UTC)
TIME, LAT, LON, GSM = 0, 1, 2, 3

Cells = list[str]
Spoil = Callable[[Cells], None]


def put(column: int, *texts: str) -> Spoil:
    """Writes one of these texts into the column, another one each time."""
    turns = iter(range(ERRORS))

    def spoil(cells: Cells) -> None:
        cells[column] = texts[next(turns) % len(texts)]

    return spoil


def repeat_another(cells: Cells) -> None:
    """The time of the file's second row, which stays right, and another place."""
    cells[TIME:GSM] = [f"{START + timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}", "0", "0"]


def repeat_whole(cells: Cells) -> None:
    """The file's second row once more."""
    cells[TIME:GSM] = [f"{START + timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}", "-89", "-179"]


# What is done to a row, the rule it breaks then, and the column that is told.
KINDS: list[tuple[Rule, str, Spoil]] = [
    (rules.REQUIRED, "epoch", put(TIME, "")),
    (rules.NOT_A_TIME, "epoch", put(TIME, "soon", "2020-01", "T00:00:00")),
    (rules.NO_SUCH_TIME, "epoch", put(TIME, "2021-02-29T00:00:00", "2020-06-31T12:00:00", "2020-01-01T25:00:00")),
    (rules.YEAR, "epoch", put(TIME, "1820-01-01T00:00:00", "2202-01-01T00:00:00")),
    (rules.OTHER_SPELLING, "epoch", put(TIME, "2020/01/01 00:00", "2020-001T00:00:00")),
    (rules.OTHER_VALUES, "epoch", repeat_another),
    (rules.DUPLICATE, "epoch", repeat_whole),
    (rules.NOT_A_NUMBER, "location_geo.lat", put(LAT, "51.05N", "north", "--1")),
    (rules.DECIMAL_COMMA, "location_geo.lon", put(LON, "-114,07")),
    (rules.LATITUDE, "location_geo.lat", put(LAT, "90.0001", "-150.25")),
    (rules.LONGITUDE, "location_geo.lon", put(LON, "360.5", "-180.01")),
    (rules.ONE_SIDED, "location_gsm.lon", put(GSM, "12.5")),
    (rules.RAGGED, "", lambda cells: cells.append("one too many")),
]  # fmt: skip


def spoilt_file(dice: random.Random) -> tuple[bytes, dict[int, tuple[Rule, str]]]:
    """The file, and what is wrong with it by line."""
    wrong = dict(zip(sorted(dice.sample(range(2, ROWS), ERRORS)), _kinds(dice), strict=True))
    text, told = io.StringIO(), {}
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*HEADER[:4], "location_gsm.lon", HEADER[4]])
    for number in range(ROWS):
        when = f"{START + timedelta(minutes=number):%Y-%m-%dT%H:%M:%S}"
        cells = [when, f"{number % 180 - 90}", f"{number % 360 - 180}", "", "", "definitive"]
        if found := wrong.get(number):
            rule, column, spoil = found
            spoil(cells)
            told[number + 2] = (rule, column)
        writer.writerow(cells)
    return text.getvalue().encode(), told


def _kinds(dice: random.Random) -> list[tuple[Rule, str, Spoil]]:
    return [KINDS[number % len(KINDS)] for number in dice.sample(range(ERRORS), ERRORS)]


def told(upload: Upload) -> dict[int, tuple[str, str]]:
    """What the list of problems says, by line: the cause and the column."""
    with upload.problem_list.open("rt") as file:
        listing = list(csv.DictReader(file))
    found = {int(row["line"]): (row["problem"], row["column"]) for row in listing}
    assert len(found) == len(listing), "A line is told twice."
    return found


def test_every_one_of_a_thousand_errors_is_found_at_its_line_and_none_invented(
    upload_file: UploadFile,
) -> None:
    content, wrong = spoilt_file(random.Random(SEED))
    upload = upload_file(content)
    assert (upload.rows, upload.valid) == (ROWS, ROWS - ERRORS)
    assert told(upload) == {line: (rule.message, column) for line, (rule, column) in wrong.items()}
    counts = {problem.slug: problem.count for problem in upload.problems.all()}
    assert sum(counts.values()) == ERRORS
    assert set(counts) == {rule.slug for rule, _, _ in KINDS}
