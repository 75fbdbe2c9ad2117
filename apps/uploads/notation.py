"""How values are written in one file."""

from dataclasses import dataclass, field

from apps.uploads.cells import Spelling


@dataclass
class Notation:
    """Decimal mark, and how the times of each column are spelt: declared by a person, or set by its first value."""

    decimal_comma: bool = False
    spellings: dict[str, Spelling] = field(default_factory=dict)
