"""What only all rows of a file together show about their times."""

from collections.abc import Mapping

import polars as pl

from apps.validation import rules
from apps.validation.batches.outliers import Outliers
from apps.validation.date_order import DateOrder
from apps.validation.findings import Findings
from apps.validation.questions import SAMPLES

# Days of the month that are over 12 as they are written, too, with whatever offset.
OVER_12 = (14, 27)


class TimeDistribution:
    """Those of one file. `spans` names the columns that `first` and `last` of a record are from; `key` is the one by which
    AuroraX keeps it.
    """

    def __init__(self, spans: Mapping[str, str], key: str, order: DateOrder) -> None:
        self._spans, self._key, self._order = spans, key, order
        self._outliers = {name: Outliers() for name in spans}

    def observe(self, records: pl.DataFrame) -> None:
        """Take up the records of a batch."""
        if records.is_empty():
            return
        for name, outliers in self._outliers.items():
            outliers.observe(records["line"], records[name])
        if self._order.is_open:
            days = pl.concat([records[name].dt.day() for name in self._spans])
            first = zip(records["line"].head(SAMPLES), records["first"].head(SAMPLES), strict=True)
            self._order.note_days(first, some_over_12=days.is_between(*OVER_12).any())

    def report_to(self, findings: Findings) -> None:
        """Times far from all others; when all batches have been taken up."""
        for name, column in self._spans.items():
            for cluster in self._outliers[name].far():
                rows = [(line, moment.isoformat()) for line, moment in cluster.rows]
                keyed = [(line, value, value if column == self._key else "") for line, value in rows]
                findings.add_all(rules.FAR, column, keyed, cluster.count)
        findings.flush()
