"""What the overview shows one person."""

from apps.accounts.models import User
from apps.aurorax import AuroraX, DataSource
from apps.sources.filters import is_mine
from apps.uploads.models import Upload
from apps.uploads.progress import Progress

# Beyond this many the overview points to the table: somebody with hundreds does not want them all counted at once.
MOST_SHOWN = 12


def my_sources(*, by: User, client: AuroraX) -> list[DataSource]:
    """The data sources the person owns or maintains, newest number first (AuroraX has no filter for maintainers)."""
    return [source for source in reversed(client.sources.list()) if is_mine(source, by)]


def counted(sources: list[DataSource], *, by: User, client: AuroraX) -> list[DataSource]:
    """The same data sources with how much each holds: one question for all that are owned, one for each other."""
    owned = {source.identifier: source for source in client.sources.list(owner=by.email, include_stats=True)}
    return [
        owned.get(source.identifier) or client.sources.get(source.identifier, include_stats=True)
        for source in sources
    ]


def unfinished_uploads(*, by: User) -> list[Progress]:
    """The person's own uploads that are on their way or wait for them, newest first."""
    uploads = Upload.objects.filter(owner=by).unfinished()
    return [Progress(upload, may_act=False) for upload in uploads[:MOST_SHOWN]]
