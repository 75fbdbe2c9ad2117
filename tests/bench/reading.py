"""From an uploaded file to chunks that are ready to send: rows a second, and memory whatever the size of the file."""

import statistics
from pathlib import Path

from tests.bench import files
from tests.bench.case import Outcome, run
from tests.bench.figures import Figure

OURS = "tests.bench.uploading.read"
ROUNDS = 3
MILLION, FEW, MANY = 1_000_000, 100_000, 5_000_000
# Others, and how many rows they get: enough to be measured, few enough to wait for.
PEERS = {
    "csv, checks by hand, msgspec": ("tests.bench.peers.by_hand", FEW),
    "csv and pydantic": ("tests.bench.peers.pydantic", FEW),
    "pandas and pandera": ("tests.bench.peers.pandera", MILLION),
    "frictionless": ("tests.bench.peers.frictionless", 20_000),
    "django-import-export": ("tests.bench.peers.import_export", 20_000),
}
ROWS_A_SECOND = {"csv": 200_000, "ndjson": 150_000, "json": 150_000, "products": 200_000, "wrong": 100_000}
MOST_MEMORY = 300  # MB
QUOTED = 0.8  # of the speed of plain CSV
WORKBOOK = 2.5  # times as long as its library alone


def figures(folder: Path) -> list[Figure]:
    """CSV beside everybody, JSON and NDJSON beside the json module, and peak memory."""
    for count in (20_000, FEW, MILLION):
        files.write(folder, count)
    files.write_csv(folder, MANY)
    return [
        *_csv(folder),
        *_json(folder),
        *_memory(folder),
        *science(folder),
        *products(folder),
        *wrong(folder),
        *quoted(folder),
        *workbook(folder),
    ]


def _csv(folder: Path) -> list[Figure]:
    path = folder / f"{MILLION}.csv"
    found: dict[str, list[Outcome]] = {name: [] for name in ("ours", *PEERS)}
    for _ in range(ROUNDS):
        found["ours"].append(run(OURS, path))
        for name, (case, count) in PEERS.items():
            found[name].append(run(case, folder / f"{count}.csv"))
    ours = _rate(found["ours"])
    what = f"read, check and prepare a CSV of {MILLION:,} rows"
    return [
        Figure(what, ours, "rows/s", name, _rate(found[name]), ROWS_A_SECOND["csv"]) for name in PEERS
    ] + [
        Figure(
            "the same: peak memory",
            _megabytes(found["ours"]),
            "MB",
            name,
            _megabytes(found[name]),
            MOST_MEMORY,
        )
        for name in ("pandas and pandera",)
    ]


def _json(folder: Path) -> list[Figure]:
    found = []
    for kind in ("ndjson", "json"):
        ours = [run(OURS, folder / f"{MILLION}.{kind}") for _ in range(ROUNDS)]
        peer = [run("tests.bench.peers.json_module", folder / f"{FEW}.{kind}") for _ in range(ROUNDS)]
        what = f"read, check and prepare {kind.upper()} of {MILLION:,} records"
        found.append(Figure(what, _rate(ours), "rows/s", "json module", _rate(peer), ROWS_A_SECOND[kind]))
    return found


def science(folder: Path) -> list[Figure]:
    """CDF and netCDF of a million records, beside CSV of the same places: the target is half as many."""
    paths = files.write_science(folder, MILLION)
    rates = {kind: _rate([run(OURS, path) for _ in range(ROUNDS)]) for kind, path in paths.items()}
    csv = rates.pop("CSV")
    return [
        Figure(
            f"read, check and prepare {kind} of {MILLION:,} records",
            rate,
            "rows/s",
            "ours, CSV",
            csv,
            csv / 2,
        )
        for kind, rate in rates.items()
    ]


def _memory(folder: Path) -> list[Figure]:
    """The peer is the same with a hundred thousand rows: the target is a tenth more."""
    few = _megabytes([run(OURS, folder / f"{FEW}.csv") for _ in range(ROUNDS)])
    many = run(OURS, folder / f"{MANY}.csv")
    what = f"read {MANY:,} rows: peak memory"
    return [Figure(what, many.megabytes, "MB", f"ours with {FEW:,} rows", few, few * 1.1)]


def products(folder: Path) -> list[Figure]:
    """A million data products, each with a URL of its own, beside a tenth of them."""
    few, many = (run(OURS, files.write_products(folder, count), "products") for count in (FEW, MILLION))
    what = f"read, check and prepare {MILLION:,} data products"
    return [Figure(what, many.rate, "rows/s", f"ours, {FEW:,}", few.rate, ROWS_A_SECOND["products"])]


def wrong(folder: Path) -> list[Figure]:
    """A million rows that are all wrong, beside as many right ones."""
    files.write_csv(folder, MILLION, wrong=False)
    right = run(OURS, folder / f"{MILLION}-right.csv")
    found = run(OURS, files.write_all_wrong(folder, MILLION))
    what = f"read and refuse {MILLION:,} wrong rows"
    return [Figure(what, found.rate, "rows/s", "right ones", right.rate, ROWS_A_SECOND["wrong"])]


def quoted(folder: Path) -> list[Figure]:
    """The same rows with every cell in quotes, beside those without any."""
    files.write_csv(folder, MILLION, wrong=False)
    plain = run(OURS, folder / f"{MILLION}-right.csv")
    found = run(OURS, files.write_quoted(folder, MILLION))
    what = f"read a CSV of {MILLION:,} rows, every cell in quotes"
    return [Figure(what, found.rate, "rows/s", "without quotes", plain.rate, QUOTED * plain.rate)]


def workbook(folder: Path) -> list[Figure]:
    """A workbook, beside what its library takes to read it."""
    path = files.write_workbook(folder, FEW)
    library, found = run("tests.bench.peers.calamine", path), run(OURS, path)
    what = f"read, check and prepare a workbook of {FEW:,} rows"
    return [Figure(what, found.rate, "rows/s", "calamine alone", library.rate, library.rate / WORKBOOK)]


def _rate(outcomes: list[Outcome]) -> float:
    return statistics.median(outcome.rate for outcome in outcomes)


def _megabytes(outcomes: list[Outcome]) -> float:
    return statistics.median(outcome.megabytes for outcome in outcomes)
