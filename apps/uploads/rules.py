"""Every rule a row can break, as data: what is wrong in words, and what to do about it.

A *problem* keeps the row from being sent. A *warning* is sent all the same: AuroraX would take it too. A *notice* says
what the portal (or AuroraX) changes on the way.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters, worst first."""

    PROBLEM = "problem"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True)
class Rule:
    """One rule. `cause` heads the group of everything that broke it; `cure` says what to do."""

    slug: str
    severity: Severity
    cause: str
    cure: str


_TIME = "Write UTC as YYYY-MM-DDTHH:MM:SS, such as 2020-01-01T00:00:00."
PROBLEM, WARNING, NOTICE = Severity.PROBLEM, Severity.WARNING, Severity.NOTICE

# The file ------------------------------------------------------------------------------------------------------------
RAGGED = Rule(
    "ragged",
    PROBLEM,
    "The row has more or fewer cells than the header",
    "Look for a separator inside a value without quotes, or for a missing cell.",
)
NOT_JSON = Rule("not-json", PROBLEM, "Not a JSON object", "Write one complete JSON object: {…}.")
UNKNOWN_FIELD = Rule(
    "unknown-field",
    PROBLEM,
    "A field that the first record does not have and AuroraX does not know",
    "Check its spelling, or move it into metadata.",
)
REPEATED_NAME = Rule(
    "repeated-name",
    PROBLEM,
    "A name or column that is given twice in one record",
    "Keep one of them: AuroraX would take the last without a word.",
)
MULTI_LINE = Rule(
    "multi-line",
    WARNING,
    "A quoted text runs over several lines",
    "Check that a closing quote is not missing.",
)
CELL_ERROR = Rule(
    "cell-error",
    PROBLEM,
    "A cell that holds an error instead of a value",
    "Correct its formula or its value, or empty the cell.",
)
NOT_CALCULATED = Rule(
    "not-calculated",
    PROBLEM,
    "A formula whose result is not in the file",
    "Open the workbook in a spreadsheet program, save it there, and upload it again.",
)
MERGED = Rule(
    "merged",
    PROBLEM,
    "A cell that is merged with another, which alone holds the value",
    "Split the merged cells, and write the value into each of them that it stands for.",
)
NO_FORM = Rule(
    "no-form",
    PROBLEM,
    "A value of a type that has no place in AuroraX",
    "Save it as text or as a number: JSON has no durations, no bytes, no decimals of more digits than a double, no NaN"
    " inside a list, and no map with other keys than texts.",
)
OTHER_SOURCE = Rule(
    "other-source",
    PROBLEM,
    "The row names another data source",
    "Upload it to that data source, or correct program, platform and instrument type.",
)
REQUIRED = Rule("required", PROBLEM, "A required value is missing", "Every row needs this value.")
NOT_STORABLE = Rule(
    "not-storable",
    PROBLEM,
    "A character that AuroraX cannot store",
    "Remove control characters from the texts of the row.",
)
DUPLICATE = Rule(
    "duplicate",
    PROBLEM,
    "The same record is further up in the file",
    "Keep one of the two rows: all their values are equal. The portal counts the first.",
)
OTHER_VALUES = Rule(
    "other-values",
    PROBLEM,
    "Another record of the same time or URL, with other values, is further up in the file",
    "Decide which of the two is right, and remove the other: AuroraX would keep only the last. The portal counts the first.",
)
NOT_COMPARED = Rule(
    "not-compared",
    PROBLEM,
    "A record of the same time or URL is further up in the file; their values were not compared",
    "Keep one of the two rows: AuroraX would keep only the last. The portal counts the first. It compares the first 100,000"
    " repeated rows.",
)
SAME_MINUTE = Rule(
    "same-minute",
    PROBLEM,
    "Another time in the same minute as a row further up",
    "AuroraX keeps one record a minute: keep one row of each. The portal counts the first.",
)

# Times ---------------------------------------------------------------------------------------------------------------
NOT_A_TIME = Rule("not-a-time", PROBLEM, "Not a time", _TIME)
AMBIGUOUS_TIME = Rule("ambiguous-time", PROBLEM, "Day and month cannot be told apart", _TIME)
OTHER_SPELLING = Rule(
    "other-spelling",
    PROBLEM,
    "A time written in another way than the first one of its column",
    "Write all times of a column alike.",
)
NOT_UNIX = Rule("not-unix", PROBLEM, "Not a number of seconds or milliseconds since 1970", _TIME)
NO_TIME_OF_DAY = Rule("no-time-of-day", PROBLEM, "A date without a time of day", _TIME)
NO_SUCH_TIME = Rule("no-such-time", PROBLEM, "There is no such date or time", _TIME)
YEAR = Rule("year", PROBLEM, "A year before 1900 or after 2100", "Check the year.")
START_AFTER_END = Rule(
    "start-after-end", PROBLEM, "The start is after the end", "Write the earlier time as start."
)
OFFSET = Rule(
    "offset", NOTICE, "A time with an offset, converted to UTC", "Nothing to do if the offset is right."
)
SECONDS_CUT = Rule(
    "seconds-cut",
    NOTICE,
    "Seconds are cut: rounded to the nearest millisecond, then cut to the minute, by which records are kept",
    "Nothing to do if that is what you expect.",
)
FLOAT_NOISE = Rule(
    "float-noise",
    NOTICE,
    "Less than a millisecond beside a whole minute: rounded to the nearest millisecond, then cut to the minute",
    "Nothing to do: programs that count days or seconds write such times.",
)
TO_NEAREST = Rule(
    "to-nearest",
    NOTICE,
    "Rounded to the nearest minute, as you answered",
    "Nothing to do. The answer can be changed under “How it was read”.",
)
END_OF_DAY = Rule(
    "end-of-day",
    NOTICE,
    "The end of a day, written a moment before midnight: kept as 23:59 of that day",
    "Nothing to do if that is what you expect.",
)
EARLY = Rule(
    "early",
    WARNING,
    "A time before there was anything to observe with",
    "Check what the column counts: no data are from before 1957, and Unix times in 1970 are nearly always something"
    " else, such as days or milliseconds.",
)
FUTURE = Rule(
    "future",
    WARNING,
    "A time further ahead than records of this kind reach",
    "Check the year. Orbits are predicted for up to ten years; what is on the ground has been observed already.",
)
FAR = Rule(
    "far",
    WARNING,
    "A few times far from all others of the file",
    "Check them: a receiver that was reset writes 1980-01-06. The list names up to a hundred of each group.",
)

# Numbers and locations -----------------------------------------------------------------------------------------------
NOT_A_NUMBER = Rule("not-a-number", PROBLEM, "Not a number", "Write degrees such as 51.05.")
DECIMAL_COMMA = Rule(
    "decimal-comma",
    PROBLEM,
    "A decimal comma",
    "Write decimals with a point: 51.05. If all of the file's have a comma, say so under “How it was read”.",
)
LATITUDE = Rule(
    "latitude",
    PROBLEM,
    "A latitude outside -90 to 90",
    "Check the value, and that lat and lon are not swapped.",
)
GSM_LATITUDE = Rule("gsm-latitude", PROBLEM, "A GSM latitude outside -180 to 180", "Check the value.")
LONGITUDE = Rule("longitude", PROBLEM, "A longitude outside -180 to 360", "Check the value.")
ONE_SIDED = Rule(
    "one-sided",
    PROBLEM,
    "A latitude without its longitude, or the other way round",
    "Give both, or leave both empty.",
)
FILL_VALUE = Rule(
    "fill-value",
    NOTICE,
    "A fill value, sent as no value",
    "Nothing to do: -999, -9999, ±1e31 and NaN mean none.",
)
NO_VALUE = Rule(
    "no-value",
    NOTICE,
    "A word for no value, sent as none",
    "Nothing to do: NA, N/A, NULL, None, NaN, NaT, #N/A and \\N mean none. If one is meant as text, say so under “How it"
    " was read”.",
)
LONGITUDE_TURNED = Rule(
    "longitude-turned", NOTICE, "A longitude over 180, sent as itself minus 360", "Nothing to do."
)
LATITUDE_FOLDED = Rule(
    "latitude-folded",
    NOTICE,
    "A GSM latitude over 90: AuroraX keeps 180 minus it",
    "Nothing to do if that is what you expect.",
)

# Data products -------------------------------------------------------------------------------------------------------
PRODUCT_TYPE = Rule(
    "product-type",
    PROBLEM,
    "A data product type AuroraX does not know",
    "Use keogram, montage, movie, summary_plot or data_availability.",
)

PRODUCT_TYPE_SPELLING = Rule(
    "product-type-spelling",
    NOTICE,
    "A data product type with capital letters or blanks, sent without",
    "Nothing to do: AuroraX takes small letters only.",
)
URL_JSON = Rule(
    "url-json",
    PROBLEM,
    "Not a URL as JSON text, or a second URL beside one",
    'Write the URL in quotation marks in url_json, such as "=1.jpg", or as it is in url, and leave the other empty.',
)
URL_BLANKS = Rule(
    "url-blanks",
    WARNING,
    "A URL with blanks at its beginning or end, which are sent as part of it",
    "Remove them, unless AuroraX has this URL with the same blanks.",
)
URL_TRIMMED = Rule(
    "url-trimmed",
    NOTICE,
    "Blanks around a URL, sent without",
    "Nothing to do. Blanks that belong to a URL are kept in url_json, in quotation marks.",
)

# Metadata: AuroraX stores any, the schema only describes (so these never keep a row back) --------------------------------
NOT_METADATA = Rule(
    "not-metadata",
    PROBLEM,
    "Metadata that is not a JSON object",
    'Write an object such as {"state": "definitive"}.',
)
NO_NUMBER = Rule(
    "no-number",
    PROBLEM,
    "A number that JSON does not have, or that is larger than any computer keeps",
    "Write null where there is no number (JSON has no NaN and no Infinity), and very long numbers as text.",
)
NO_VALUE_TEXT = Rule(
    "no-value-text",
    NOTICE,
    "A word for no value inside a JSON object, sent as the text it is",
    "Nothing to do if it is meant as text: JSON has null for no value. If none is meant, say so under “How it was read”.",
)
NUMBER_AS_TEXT = Rule(
    "number-as-text",
    NOTICE,
    "A number, or true or false, that the schema does not describe, sent as text",
    "Nothing to do if that is what you expect: in CSV everything is text, while a workbook, JSON and Parquet tell numbers"
    " from text. Describe the field in the metadata schema, or choose “numbers, true and false” under “How it was read”.",
)
NUMBER_AS_NUMBER = Rule(
    "number-as-number",
    NOTICE,
    "A number, or true or false, that the schema does not describe, sent as such",
    "Nothing to do if that is what you expect: from CSV the same would be sent as text. Describe the field in the metadata"
    " schema, or choose “text” under “How it was read”.",
)
METADATA_FIELD = Rule(
    "metadata-field",
    WARNING,
    "A metadata field that the schema of the data source does not describe",
    "Check its spelling, or add it to the metadata schema.",
)
METADATA_TYPE = Rule(
    "metadata-type",
    WARNING,
    "Metadata of another type than the schema says",
    "Check the value or the schema.",
)
METADATA_VALUE = Rule(
    "metadata-value",
    WARNING,
    "Metadata outside the values the schema allows",
    "Check the value, or add it to the allowed values.",
)

RULES: dict[str, Rule] = {rule.slug: rule for rule in list(globals().values()) if isinstance(rule, Rule)}
