"""How values are written in one file."""

from dataclasses import dataclass, field

from apps.uploads.cells import Spelling

AS_NONE, AS_TEXT, AS_TYPED = "none", "text", "typed"  # what a person may say of `words` and `undescribed`


@dataclass
class Notation:
    """Decimal mark, and how the times of each column are spelt: declared by a person, or set by its first value.

    `exact_texts`: texts have quotation marks or lengths in this format, so that blanks at their ends are part of them. In
    a cell they are not: people align columns.
    `has_types`: the format tells numbers from texts, as CSV does not.
    `words`: what words such as NA stand for; `undescribed`: what becomes of metadata that the schema does not describe.
    None where nobody has said.
    """

    decimal_comma: bool = False
    exact_texts: bool = False
    spellings: dict[str, Spelling] = field(default_factory=dict)
    has_types: bool = True
    words: str | None = None
    undescribed: str | None = None
