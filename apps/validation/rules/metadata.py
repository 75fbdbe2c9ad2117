"""Rules for metadata. AuroraX stores any, the schema only describes: so most of these never keep a row back."""

from apps.validation.rules.rule import NOTICE, PROBLEM, WARNING, Rule

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
