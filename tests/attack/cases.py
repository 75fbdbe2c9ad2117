"""The cases. All of it is harmless to other software: odd, wrong, or meant for somebody else."""

from typing import NamedTuple

DEEP = 3_000
ROW = '{"epoch": "2020-01-01T00:00:00", "location_geo": {"lat": 1, "lon": 2}}'

# Bodies that parsers of JSON disagree about, by what is odd about them.
JSON_BODIES: dict[str, bytes] = {
    "nothing": b"",
    "a blank": b" ",
    "a NUL": b"\x00",
    "a byte order mark alone": b"\xef\xbb\xbf",
    "a number": b"17",
    "a lone minus": b"-",
    "a leading zero": b"[007]",
    "a leading plus": b"[+1]",
    "a point without digits": b"[1.]",
    "an exponent without digits": b"[1e]",
    "an enormous exponent": b"[1e400000]",
    "an enormous integer": b"[" + b"9" * 5_000 + b"]",
    "not a number": b"[NaN]",
    "infinity": b"[-Infinity]",
    "hexadecimal": b"[0x1F]",
    "text": b'"text"',
    "text without an end": b'["text',
    "single quotes": b"['a']",
    "a bare word": b"[word]",
    "true in capitals": b"[True]",
    "null": b"null",
    "a half escape": b'["\\u12"]',
    "an unknown escape": b'["\\x41"]',
    "a lone surrogate": b'["\\ud800"]',
    "surrogates the wrong way round": b'["\\udc00\\ud800"]',
    "an escaped NUL": b'[{"epoch": "\\u0000"}]',
    "a raw line end in text": b'["a\nb"]',
    "bytes that are no UTF-8": b'["\xff\xfe\xfd"]',
    "an overlong encoding": b'["\xc0\xaf"]',
    "UTF-16": '[{"epoch": "2020"}]'.encode("utf-16"),
    "UTF-32": '[{"epoch": "2020"}]'.encode("utf-32"),
    "an empty array": b"[]",
    "an empty object": b"{}",
    "an empty object in an array": b"[{}]",
    "a comma too many": f"[{ROW},]".encode(),
    "a comma too few": f"[{ROW}{ROW}]".encode(),
    "nothing but commas": b"[,,,,]",
    "an array without an end": f"[{ROW}".encode(),
    "an array closed twice": f"[{ROW}]]".encode(),
    "closed by the other bracket": b"[{]}",
    "a colon too many": b'[{"a":: 1}]',
    "a name that is no text": b"[{1: 2}]",
    "a name without a value": b'[{"epoch"}]',
    "a name twice": b'[{"epoch": "2020-01-01T00:00:00", "epoch": "2021-01-01T00:00:00"}]',
    "an empty name": b'[{"": 1}]',
    "a name of blanks": b'[{"   ": 1}]',
    "a very long name": b'[{"' + b"n" * 100_000 + b'": 1}]',
    "ten thousand names": b"[{" + b",".join(b'"n%d": 1' % n for n in range(10_000)) + b"}]",
    "a comment": f"[{ROW} /* a comment */]".encode(),
    "text after the end": f"[{ROW}] and more".encode(),
    "arrays within arrays": b"[" * DEEP + b"]" * DEEP,
    "arrays without an end": b"[" * DEEP,
    "objects within objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep metadata": b'[{"epoch": "2020-01-01T00:00:00", "metadata": '
    + b'{"a":' * 400
    + b"1"
    + b"}" * 400
    + b"}]",
    "records within records": f"[[{ROW}]]".encode(),
    "records and numbers": f"[{ROW}, 1, null, []]".encode(),
    "an object where a text is meant": b'[{"epoch": {"a": 1}}]',
    "a text where an object is meant": b'[{"epoch": "2020-01-01T00:00:00", "location_geo": "here"}]',
    "an array where an object is meant": b'[{"epoch": "2020-01-01T00:00:00", "metadata": [1, 2]}]',
    "true where a number is meant": b'[{"epoch": "2020-01-01T00:00:00", "location_geo": {"lat": true, "lon": 2}}]',
    "a year of five digits": b'[{"epoch": "12020-01-01T00:00:00"}]',
    "the thirtieth of February": b'[{"epoch": "2020-02-30T00:00:00"}]',
    "a thirteenth month": b'[{"epoch": "2020-13-01T00:00:00"}]',
    "an epoch of a million digits": b'[{"epoch": ' + b"1" * 1_000_000 + b"}]",
    "an empty line between lines": f"{ROW}\n\n{ROW}\n".encode(),
    "lines of which one is wrong": f"{ROW}\n{{\n{ROW}\n".encode(),
    "lines with carriage returns alone": f"{ROW}\r{ROW}\r".encode(),
    "__proto__ and constructor": b'[{"__proto__": {"a": 1}, "constructor": {"b": 1}}]',
}

# Texts that forms, databases, templates and logs stumble over.
TEXTS: dict[str, str] = {
    "nothing": "",
    "blanks": " \t  ",
    "a NUL": "a\x00b",
    "control characters": "\x01\x02\x07\x1b[31m\x7f",
    "line ends": "a\r\nSet-Cookie: a=b\r\n\r\n",
    "markup": "<script>document.title='x'</script>",
    "an attribute": '" onmouseover="x" x="',
    "a template": "{{ settings.SECRET_KEY }}{% debug %}${7*7}#{7*7}",
    "a quotation mark for databases": "' OR '1'='1' --",
    "wildcards for databases": "%_%%__",
    "a way up": "../../../../etc/passwd",
    "a formula": "=HYPERLINK(1)",
    "a format": "%s%d%n {0} {a.b}",
    "an address of another kind": "javascript:void(0)",
    "right to left": "\u202egnp.exe\u200f",
    "no width": "a\u200bb\u2060c\ufeff",
    "combining marks": "Z" + "\u0351" * 300,
    "beyond 16 bits": "\U0001f680\U0001d54f\U00020000",
    "not assigned": "\ufdd0\uffff\U000e0001",
    "full width": "\uff1cscript\uff1e\uff07",
    "Turkish": "\u0130\u0131I\u017f",
    "a very long line": "x" * 60_000,
    "a very long number": "9" * 4_301,
    "a negative zero": "-0",
    "not a number": "nan",
    "infinity": "-inf",
    "null": "null",
    "true": "true",
    "a date of another world": "0000-00-00T99:99:99",
    "a list": "['a', 'b']",
}


class Target(NamedTuple):
    """A form or a filter: the name of its address, its fields, and how it is sent."""

    name: str
    fields: tuple[str, ...]
    method: str = "post"
    on_source: bool = False


TARGETS = (
    Target("sign-in", ("email", "password", "next")),
    Target("source-list", ("q", "program", "platform", "instrument_type", "owner", "sort", "page"), "get"),
    Target(
        "source-create",
        ("program", "platform", "instrument_type", "display_name", "owner", "maintainers", "metadata"),
    ),
    Target("activity-list", ("person", "source", "action", "outcome", "after", "before", "q", "page"), "get"),
    Target("activity-export", ("person", "source", "action", "after", "before"), "get"),
    Target("upload-list", ("page",), "get"),
    Target("source-edit", ("display_name", "owner", "metadata", "program", "base"), on_source=True),
    Target("ephemeris-browse", ("start", "end", "day", "page", "q"), "get", on_source=True),
    Target("ephemeris-export-download", ("start", "end", "format"), "get", on_source=True),
    Target(
        "ephemeris-add", ("epoch", "location_geo.lat", "location_geo.lon", "metadata", "more"), on_source=True
    ),
    Target("ephemeris-delete", ("start", "end", "urls"), on_source=True),
    Target("ephemeris-upload", ("text", "only_if_all_valid"), on_source=True),
    Target("ephemeris-selection-delete", ("keys", "key", "all"), on_source=True),
    Target("products-add", ("url", "start", "end", "data_product_type", "metadata"), on_source=True),
    Target("products-browse", ("start", "end", "type", "page", "q"), "get", on_source=True),
    Target("maintainers-add", ("address",), on_source=True),
)

# Who tries what with an upload and a deletion of the owner's: nobody of them may.
PEOPLE = (
    "anonymous",
    "user",
    "maintainer elsewhere",
    "owner elsewhere",
    "a key with the owner's address",
    "former administrator",
)
ON_UPLOADS = ("read", "compare", "send", "pause", "resume", "cancel", "undo", "check-again")
OF_UPLOADS = ("detail", "calendar", "problems", "receipt-page", "receipt")
ON_DELETIONS = ("confirm", "look_again", "resume", "cancel", "restore")


def count() -> dict[str, int]:
    """How many cases there are of each kind; docs/security.md says the same."""
    return {
        "bodies that are JSON, or nearly": len(JSON_BODIES),
        "odd texts in every field of a form or a filter": len(TEXTS) * len(TARGETS),
        "deeds of people who may not, on an upload": len(PEOPLE) * len(ON_UPLOADS),
        "looks of people who may not, at an upload": len(PEOPLE) * len(OF_UPLOADS),
        "deeds of people who may not, on a deletion": len(PEOPLE) * len(ON_DELETIONS),
        "roles changed between looking and deciding": len(ON_UPLOADS) + len(ON_DELETIONS),
    }
