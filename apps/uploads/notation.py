"""How values are written in one file."""

from dataclasses import dataclass, field

from apps.uploads.cells import Spelling


@dataclass
class Notation:
    """Decimal mark, and how the times of each column are spelt: declared by a person, or set by its first value.

    `exact_texts`: texts have quotation marks or lengths in this format, so that blanks at their ends are part of them. In
    a cell they are not: people align columns.
    """

    decimal_comma: bool = False
    exact_texts: bool = False
    spellings: dict[str, Spelling] = field(default_factory=dict)
