"""Records: uploaded and read back, exported, deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.aurorax import times
from apps.aurorax.times import TimeSpan
from apps.snippets.literals import Code, curl, here, instant, listed, literal, names, python

MOST_INLINE = 100  # records, or addresses, that stand in a script
LONGEST_SEARCH = timedelta(days=30)  # of records kept by their time: AuroraX searches a month at most
FILE = "records.json"
DATETIME = "from datetime import datetime, timedelta, timezone"
TOO_MANY = "By curl alone it takes the address of each record. Choose fewer, or use the Python script."
WHOLE = "PyAuroraX finds what lies wholly within the span; the page's file also has what only touches it."


@dataclass(frozen=True)
class Records:
    """The records of one type in one data source. `api_name` is the type's in AuroraX's addresses, `key` the field by which
    AuroraX keeps one, which is a time or not; `source` is its program, platform and instrument type.
    """

    base_url: str
    api_name: str
    key: str
    key_is_time: bool
    identifier: int
    source: Mapping[str, str]

    @property
    def address(self) -> str:
        """Where they are sent to, and deleted."""
        return f"$API/data_sources/{self.identifier}/{self.api_name}"

    def windows(self, start: datetime, end: datetime) -> list[TimeSpan]:
        """The searches for a span."""
        longest = LONGEST_SEARCH if self.key_is_time else end - start
        found = []
        while start <= end:
            found.append((start, min(start + longest, end)))
            start += longest + times.SECOND
        return found


SEARCH = """

def found(start, end):
    \"\"\"What AuroraX holds from start to end, both included: a month in one search at most.\"\"\"
    while start <= end:
        last = min(start + {longest}, end)
        yield from aurorax.search.{api_name}.search(start, last, {names}).data
        start = last + timedelta(seconds=1)


def key_of(record):
    \"\"\"By what AuroraX keeps it. PyAuroraX answers times without zone, in UTC.\"\"\"
    return {key_of}

"""
READ_BACK = """
# Records, and no objects: those of PyAuroraX lose their seconds, and their data source, when they are sent.
aurorax.search.{api_name}.upload({identifier}, RECORDS)

# PyAuroraX says nothing where AuroraX refuses, and AuroraX takes records in later: what it holds does.
wanted = {{record[{key!r}][:{letters}] for record in RECORDS}}
for attempt in range(60):
    missing = wanted - {{key_of(record) for record in found(START, END)}}
    if not missing:
        break
    time.sleep(5)
else:
    raise SystemExit(f"{{len(missing)}} records are not there.")
print(len(wanted), "records are there.")
"""
EXPORT = """
def plain(value):
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, pyaurorax.search.Location):
        return {{"lat": value.lat, "lon": value.lon}}
    return value


records = [
    {{**NAMES, **{{name: plain(value) for name, value in vars(record).items() if name != "data_source"}}}}
    for record in found(START, END)
]
with open({file!r}, "w", encoding="utf-8") as file:
    json.dump(records, file, ensure_ascii=False)
print(len(records), "records.")
"""
DELETED = """
for attempt in range(60):
    left = {left}
    if not left:
        break
    time.sleep(5)
else:
    raise SystemExit(f"AuroraX still holds {{len(left)}} of them.")
print("Deleted.")
"""
CURL_SEARCH = """
search() {
  # The host that AuroraX names is not asked: the key is for this one only.
  id=$(api --request POST "$API/NAME/search" --dump-header - --output /dev/null --data @- |
    tr -d '\\r' | sed -n 's|^[Ll]ocation: .*/\\([0-9a-f-]*\\)$|\\1|p')
  until status=$(api "$API/NAME/requests/$id"); printf '%s' "$status" | grep -q '"data_uri": *"'; do
    if printf '%s' "$status" | grep -q '"error_condition": *true'; then echo "$status" >&2; exit 1; fi
    sleep 1
  done
  api "$API/NAME/requests/$id/data" --output "$1"
}

"""


def uploaded(of: Records, records: Sequence[Mapping[str, Any]] | None, span: TimeSpan) -> Code:
    """These records, which lie in the span; None for many, which the scripts read from `FILE`. A record with the same key is
    replaced.
    """
    given = f'with open({FILE!r}, encoding="utf-8") as file:\n    RECORDS = json.load(file)\n'
    values = given if records is None else f"RECORDS = {listed(records)}\n"
    text = READ_BACK.format(
        api_name=of.api_name, identifier=of.identifier, key=of.key, letters=19 if of.key_is_time else ""
    )
    body = f"\n{values}{_span(span)}{_search(of)}{text}"
    imports = [DATETIME, "import time", *(["import json"] if records is None else [])]
    send = f'\napi --request POST "{of.address}" '
    send += f"--data @{FILE}\n" if records is None else here(list(records))
    note = f"Save the records beside it as {FILE} first." if records is None else ""
    return Code(python(of.base_url, body, *imports), curl(of.base_url, send), note)


def exported(of: Records, span: TimeSpan) -> Code:
    """All of the span, in a file that can be uploaded again."""
    body = f"\nNAMES = {literal(dict(of.source))}\n{_span(span)}{_search(of)}{EXPORT.format(file=FILE)}"
    searches = "".join(
        f"search records-{number}.json <<'JSON'\n{_query(of, window)}\nJSON\n"
        for number, window in enumerate(of.windows(*span), start=1)
    )
    send = CURL_SEARCH.replace("NAME", of.api_name) + searches
    note = "" if of.key_is_time else WHOLE
    return Code(python(of.base_url, body, DATETIME, "import json"), curl(of.base_url, send), note)


def deleted_span(of: Records, span: TimeSpan) -> Code:
    """Records kept by their time: all from the first to the last moment, both included."""
    ask = f"""
source = aurorax.search.sources.get_using_identifier({of.identifier})
aurorax.search.{of.api_name}.delete(source, START, END)
# PyAuroraX says nothing where AuroraX refuses, and AuroraX deletes later: what it still holds does.
"""
    body = f"\n{_span(span)}{_search(of)}{ask}{DELETED.format(left='list(found(START, END))')}"
    start, end = map(times.write, span)
    told = {**of.source, "start": start, "end": end}
    send = f'\napi --request DELETE "{of.address}" {here(told)}'
    return Code(python(of.base_url, body, DATETIME, "import time"), curl(of.base_url, send))


def deleted_keys(of: Records, keys: Sequence[str] | None, span: TimeSpan) -> Code:
    """Records kept by their addresses: these, or (None, as they are many) all that lie wholly within the span."""
    wanted = (
        "KEYS = [key_of(record) for record in found(START, END)]\n"
        if keys is None
        else f"KEYS = {listed(sorted(keys))}\n"
    )
    ask = f"""
source = aurorax.search.sources.get_using_identifier({of.identifier})
aurorax.search.{of.api_name}.delete_urls(source, KEYS)
# PyAuroraX says nothing where AuroraX refuses: what it still holds does.
"""
    left = "set(KEYS) & {key_of(record) for record in found(START, END)}"
    body = f"\n{_span(span)}{_search(of)}{wanted}{ask}{DELETED.format(left=left)}"
    script = python(of.base_url, body, DATETIME, "import time")
    if keys is None:
        return Code(script, note=TOO_MANY)
    send = f'\napi --request DELETE "{of.address}" {here({**of.source, "urls": sorted(keys)})}'
    return Code(script, curl(of.base_url, send))


def _span(span: TimeSpan) -> str:
    start, end = map(instant, span)
    return f"START = {start}\nEND = {end}\n"


def _search(of: Records) -> str:
    longest = f"timedelta(days={LONGEST_SEARCH.days})" if of.key_is_time else "(end - start)"
    key = f"record.{of.key}"
    return SEARCH.format(
        longest=longest,
        api_name=of.api_name,
        names=names(of.source),
        key_of=f'{key}.strftime("%Y-%m-%dT%H:%M:%S")' if of.key_is_time else key,
    )


def _query(of: Records, window: TimeSpan) -> str:
    lists = {f"{name}s": [value] for name, value in of.source.items()}
    start, end = map(times.write, window)
    return (
        here({"data_sources": lists, "start": start, "end": end}).partition("\n")[2].removesuffix("\nJSON\n")
    )
