"""What an upload will change, day by day."""

from apps.aurorax import DataSource
from apps.availability.calendar import by_day
from apps.charts.calendars import Change
from apps.uploads.models import Upload


def source_of(upload: Upload) -> DataSource:
    """The data source as the upload remembers it, which is enough to ask for its availability: access was decided with
    a question to AuroraX already, or needed none.
    """
    return DataSource(
        upload.source_identifier,
        program=upload.program,
        platform=upload.platform,
        instrument_type=upload.instrument_type,
        display_name=upload.source_name,
    )


def change_of(upload: Upload) -> Change:
    """What sending all of a file will do, as it was last compared: new, changed and identical records of each day.

    A changed data product counts on the day the file gives it.
    """
    report = upload.report
    changed, identical = (
        by_day(report.differences.get(f"{name}_days", {})) for name in ("changed", "identical")
    )
    gained = {day: n - changed.get(day, 0) - identical.get(day, 0) for day, n in by_day(report.days).items()}
    return Change(gained={day: n for day, n in gained.items() if n > 0}, changed=changed, identical=identical)
