"""Records that a search found: how they are read, kept in a file, and written out in the wanted form."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Raw

from apps.sandbox.formats import source_document
from apps.sandbox.models import DataProduct, DataSource, Ephemeris
from apps.sandbox.records import Location
from apps.sandbox.search.filters import matcher
from apps.sandbox.search.query import Search
from apps.sandbox.sources import search as search_sources

EPHEMERIS_COLUMNS = (
    "source_id", "epoch", "geo_lat", "geo_lon", "gsm_lat", "gsm_lon",
    "nbtrace_lat", "nbtrace_lon", "sbtrace_lat", "sbtrace_lon", "metadata",
)  # fmt: skip
DATA_PRODUCT_COLUMNS = ("source_id", "start", "end", "url", "data_product_type", "metadata")


class EphemerisResult(msgspec.Struct, gc=False):
    """One ephemeris record, keys in the API's order. In a file `data_source` is the identifier alone."""

    data_source: Raw
    epoch: str
    location_geo: Location
    location_gsm: Location
    nbtrace: Location
    sbtrace: Location
    metadata: Raw


class DataProductResult(msgspec.Struct, gc=False):
    """One data product record, keys in the API's order. In a file `data_source` is the identifier alone."""

    start: str
    end: str
    data_source: Raw
    url: str
    data_product_type: str
    metadata: Raw


Result = EphemerisResult | DataProductResult


def find(search: Search) -> list[Result]:
    """The records that meet `search`: ephemeris of a source in time order, data products in no particular one."""
    sources = list(search_sources(search.programs, search.platforms, search.instrument_types))
    rows = _ephemeris(search, sources) if search.kind == "ephemeris" else _data_products(search, sources)
    matches = matcher(search)
    return list(rows if matches is None else _matching(rows, matches))


def _ephemeris(search: Search, sources: Sequence[DataSource]) -> Iterator[Result]:
    """Records whose epoch lies in the span, both ends included."""
    records = Ephemeris.objects.filter(source__in=sources, epoch__range=(search.start, search.end))
    rows = records.order_by("source_id", "epoch").values_list(*EPHEMERIS_COLUMNS)
    ids = {source.identifier: Raw(str(source.identifier).encode()) for source in sources}
    # Written out rather than looped over: a month is 44,640 records of four places each.
    for source, epoch, geo_lat, geo_lon, gsm_lat, gsm_lon, nb_lat, nb_lon, sb_lat, sb_lon, metadata in rows:
        yield EphemerisResult(
            data_source=ids[source],
            epoch=epoch,
            location_geo=Location(geo_lat, geo_lon),
            location_gsm=Location(gsm_lat, gsm_lon),
            nbtrace=Location(nb_lat, nb_lon),
            sbtrace=Location(sb_lat, sb_lon),
            metadata=Raw(metadata.encode()),
        )


def _data_products(search: Search, sources: Sequence[DataSource]) -> Iterator[Result]:
    """Records that lie wholly in the span: those across one of its ends are left out (seen in the API's description)."""
    rows = DataProduct.objects.filter(source__in=sources, start__gte=search.start, end__lte=search.end)
    if search.data_product_types:
        rows = rows.filter(data_product_type__in=search.data_product_types)
    for source, start, end, url, kind, metadata in rows.order_by("-url").values_list(*DATA_PRODUCT_COLUMNS):
        identifier = Raw(str(source).encode())
        yield DataProductResult(start, end, identifier, url, kind, Raw(metadata.encode()))


def _matching(rows: Iterator[Result], matches: Callable[[str], bool]) -> Iterator[Result]:
    return (row for row in rows if matches(bytes(row.metadata).decode()))


def with_sources(results: list[Result], source_format: str) -> list[Result]:
    """The records with their data source in the wanted format instead of its identifier."""
    documents = {
        str(source.identifier).encode(): Raw(msgspec.json.encode(source_document(source, source_format)))
        for source in _sources_of(results)
    }
    for result in results:
        result.data_source = documents.get(bytes(result.data_source), result.data_source)
    return results


def formatted(results: list[Result], wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """The records with only the wanted keys. A place that is not known comes as {} here (seen by IDL's client)."""
    documents: list[dict[str, Any]] = msgspec.json.decode(
        msgspec.json.encode(with_sources(results, "full_record"))
    )
    return [_pick(document, wanted) for document in documents]


def _pick(document: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    return {key: _part(value, wanted[key]) for key, value in document.items() if wanted.get(key)}


def _part(value: Any, wanted: Any) -> Any:
    """A wanted value: whole for true, its wanted keys for an object."""
    if not isinstance(wanted, dict):
        return _known(value)
    if isinstance(value, list):
        return [_pick(entry, wanted) for entry in value]
    return _pick(_known(value), wanted) if isinstance(value, dict) else value


def _known(value: Any) -> Any:
    """An empty place as {}; anything else as it is."""
    return {} if value == {"lat": None, "lon": None} else value


def stored_size(results: list[Result], file: bytes) -> int:
    """Bytes the real API would report: its files hold the complete source with every record, and 5 for no record."""
    if not results:
        return 5
    counts: dict[bytes, int] = {}
    for result in results:
        identifier = bytes(result.data_source)
        counts[identifier] = counts.get(identifier, 0) + 1
    sizes = {
        str(source.identifier).encode(): len(msgspec.json.encode(source_document(source, "full_record")))
        for source in _sources_of(results)
    }
    return len(file) + sum(sizes.get(identifier, 0) * count for identifier, count in counts.items())


def _sources_of(results: list[Result]) -> list[DataSource]:
    identifiers = {int(bytes(result.data_source)) for result in results}
    return list(DataSource.objects.filter(pk__in=identifiers))
