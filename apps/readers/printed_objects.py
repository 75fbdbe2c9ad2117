"""Objects of PyAuroraX saved as Python prints them (`json.dump(..., default=str)`, a data frame of objects).

What is printed is shortened, so nothing of it is read: the file is refused with the way to save it.
"""

import re
from collections.abc import Iterable

from apps.readers.errors import UnreadableFile
from apps.validation.findings import display_value

LONGEST = 60  # characters that are shown
SAVE_IT = (
    "Save the records anew with json.dump([record.to_json_serializable() for record in search.data], file), and upload that"
    " file. PyAuroraX can do this once for each search: search again if it was done before."
)
_printed = re.compile(
    r"\s*(?:pyaurorax[\w.]*\.)?(?:Location|EphemerisData|DataProductData|DataSource|Conjunction\w*|\w*Search)\(\w+="
).match


def refuse(values: Iterable[object]) -> None:
    """Raise `UnreadableFile` when one of these is such a text."""
    found = next((value for value in values if isinstance(value, str) and _printed(value)), None)
    if found is not None:
        text = display_value(found)
        text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        raise UnreadableFile(
            f"The file holds objects of PyAuroraX as Python prints them: “{text}”. {SAVE_IT}"
        )
