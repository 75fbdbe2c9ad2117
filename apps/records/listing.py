"""What a person is looking at: the records of one data source that match a filter, shown a page at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from typing import Generic, TypeVar
from urllib.parse import urlencode

from apps.aurorax import DataSource
from apps.records.metadata import Listed
from apps.records.types import RecordType

RecordT = TypeVar("RecordT", bound=Listed)
ROWS = 100  # on a page
KEY_BYTES = 9


def url_key(url: str) -> str:
    """Stands for a data product's URL, which may be long and hold anything."""
    return blake2b(url.encode(), digest_size=KEY_BYTES).hexdigest()


@dataclass(frozen=True)
class Listing(Generic[RecordT]):
    """Records of `source` that match `filter`, which is the query of the page's address.

    `words` say the filter behind their number: "1,440 records on 2020-01-01 (UTC)". They lie within `start` and `end`, both
    inclusive. `key` stands for a record in forms and in the session: short, and
    without blanks. `read` asks AuroraX; what only needs the filter asks nothing.
    """

    kind: RecordType
    source: DataSource
    filter: Mapping[str, str]
    words: str
    start: datetime
    end: datetime
    key: Callable[[RecordT], str]
    read: Callable[[], Sequence[RecordT]]

    @cached_property
    def records(self) -> Sequence[RecordT]:
        """All that match, in order, as AuroraX has them now. Raises `errors.AuroraXError`."""
        return self.read()

    @cached_property
    def keys(self) -> list[str]:
        """The keys of all that match."""
        return [self.key(record) for record in self.records]

    @property
    def name(self) -> str:
        """What a selection of these records is kept under."""
        return f"{self.kind.slug}/{self.source.identifier}?{urlencode(self.filter)}"

    def address(self, what: str, **query: object) -> str:
        """An address about these records: `address("browse", page=2)` is that of their second page."""
        path = self.kind.url(what, self.source.identifier)
        return f"{path}?{urlencode({**self.filter, **query})}"
