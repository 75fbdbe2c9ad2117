"""How many columns a file may have: a person must be able to say what each of them is."""

from apps.readers.errors import UnreadableFile
from apps.readers.headers import HeaderMapping

MOST_COLUMNS = 1_000  # each is a field of the form that says what it is
MOST_UNKNOWN = 200
TOO_MANY_COLUMNS = (
    f"The file has {{count:,}} columns, and at most {MOST_COLUMNS:,} are read. Remove those that are no records, or keep several"
    " values as one JSON object in a column “metadata”."
)
TOO_MANY_UNKNOWN = (
    f"The file has {{count:,}} columns that the portal does not know, and it asks about {MOST_UNKNOWN} at most. Name those that"
    " are metadata “metadata.” and the name, such as “metadata.state”, and remove the others."
)


def check_columns(matching: HeaderMapping) -> None:
    """Raise `UnreadableFile` for more columns than a person can be asked about."""
    for columns, most, message in (
        (matching.headers, MOST_COLUMNS, TOO_MANY_COLUMNS),
        (matching.unknown, MOST_UNKNOWN, TOO_MANY_UNKNOWN),
    ):
        if len(columns) > most:
            raise UnreadableFile(message.format(count=len(columns)))
