"""Values that one program or another takes for something else, as AuroraX may hold them."""

from typing import Any

from apps.aurorax.records import MetadataField
from apps.validation.metadata_values import METADATA_TYPES

# Any text that JSON and PostgreSQL hold, and what programs take for something else.
WORDS = [
    "", " ", "definitive", "-3 dB", "null", "NULL", "None", "NA", "N/A", "#N/A", "nan", "NaN", "\\N", "true", "TRUE", "false",
    "5", "5.0", "-5", "+5", "1e300", "007", "1,5", "inf", " blank ", "\ttab", "tab\t", "two\nlines", "two\r\nlines", "\r",
    'say "yes"', '"', "a,b;c|d", "=1+1", " =1+1", "+1", "-1", "@SUM(A1)", "'=1+1", "'quoted'", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x",
    "{", "[1]", "{}", '{"a": 1}', "Gödel 5°", "𝄞", "\u2028", "\xa0", "\ufeff", "\x7f", "\x85", "2020-01-01T00:00:00", "-999",
]  # fmt: skip
URLS = [url for url in WORDS if url.strip()] + [" https://example.org/1.jpg ", "=https://example.org/2.jpg"]
STRANGE: dict[str, Any] = {
    word: word for word in WORDS
} | {"list": [1, 2], "deep": {"a": {"b": None}}, "yes": True, "five": 5, "5.0": 5.0, "large": 1e300, "none": None}  # fmt: skip
# A field of every type for each of them, so that most values are of another type than the schema says.
EVERY_TYPE = tuple(
    MetadataField(name, data_type=kind)
    for name, kind in zip(STRANGE, [*METADATA_TYPES, "timestamp"] * len(STRANGE), strict=False)
)
