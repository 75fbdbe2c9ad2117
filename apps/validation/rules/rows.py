"""Rules for rows and cells, whatever they hold."""

from apps.validation.rules.rule import NOTICE, PROBLEM, WARNING, Rule

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
MENDED = Rule(
    "mended",
    NOTICE,
    "A value that was changed as you said",
    "Nothing to do. “Mend the wrong rows” lists what was changed, and takes it back.",
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
