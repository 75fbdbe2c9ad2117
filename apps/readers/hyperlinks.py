"""Cells of a workbook that lead somewhere: is the text meant that they show, or the address behind it?"""

from collections.abc import Mapping, Sequence

from apps.readers.cell_details import Address, CellDetails, differs
from apps.readers.headers import HeaderMapping
from apps.validation.findings import display_value
from apps.validation.questions import SAMPLES, Question

ADDRESS, TEXT = "address", "text"
CHOICES = {ADDRESS: "The address behind the text", TEXT: "The text that is shown"}


def name_of(column: str) -> str:
    """Of the question about a column."""
    return f"link:{column}"


def questions(
    rows: Sequence[tuple[int, Sequence[str]]], details: CellDetails, matching: HeaderMapping
) -> list[Question]:
    """One for each column that is read and in which an address differs from the text. `rows` are all of the sheet."""
    texts = dict(rows) if details.links else {}
    asked = []
    for place, column in enumerate(matching.names):
        pairs = [
            (texts[row][place], address)
            for (row, at), address in sorted(details.links.items())
            if at == place and row in texts and place < len(texts[row])
        ]
        differing = [pair for pair in pairs if differs(*pair)]
        if column and differing:
            asked.append(_question(column, differing))
    return asked


def _question(column: str, pairs: Sequence[tuple[str, str]]) -> Question:
    cells = f"{len(pairs):,} cell{'s' if len(pairs) != 1 else ''}"
    return Question(
        name_of(column),
        f"In {cells} of column {column} the text differs from the address behind it. Which one is meant?",
        CHOICES,
        [f"{display_value(text)} → {display_value(address)}" for text, address in pairs[:SAMPLES]],
        ADDRESS,
    )


def addresses(
    details: CellDetails, matching: HeaderMapping, answers: Mapping[str, str]
) -> dict[Address, str]:
    """The addresses that stand for their cells."""
    chosen = {
        place
        for place, column in enumerate(matching.names)
        if column and answers.get(name_of(column), ADDRESS) == ADDRESS
    }
    return {place: address for place, address in details.links.items() if place[1] in chosen}
