"""How much one person may have here at once, and how much that is."""

from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Sum
from django.template.defaultfilters import filesizeformat

from apps.accounts.account_facts import AccountFact
from apps.accounts.models import User
from apps.activity.models import Snapshot
from apps.uploads.models import Upload

MEGABYTE = 1024 * 1024


class StorageUse(NamedTuple):
    """Uploads that something is kept of, and how many bytes that is."""

    uploads: int
    size: int

    @property
    def words(self) -> str:
        """For people."""
        return f"{self.uploads:,} upload{'' if self.uploads == 1 else 's'}, {filesizeformat(self.size)}"


def most_bytes() -> int:
    """Of one person."""
    return settings.UPLOAD_QUOTA_MEGABYTES * MEGABYTE


def used_by(person: User | None = None) -> StorageUse:
    """By one person, or by everybody."""
    kept = Upload.objects.filter(stored__gt=0)
    if person is not None:
        kept = kept.filter(owner=person)
    found = kept.aggregate(count=Count("pk"), size=Sum("stored"))
    return StorageUse(found["count"], found["size"] or 0)


def told(person: User) -> list[AccountFact]:
    """On the person's own page; an Administrator also sees what everybody has."""
    most = f"of {settings.UPLOAD_QUOTA_FILES:,} and {filesizeformat(most_bytes())} that one person may have"
    facts = [AccountFact("Storage used", f"{used_by(person).words}, {most}.")]
    if person.is_administrator:
        copies = Snapshot.objects.exclude(file="").aggregate(count=Count("pk"), size=Sum("size"))
        words = f"{copies['count']:,} copies of records, {filesizeformat(copies['size'] or 0)}"
        facts.append(AccountFact("Used by everybody", f"{used_by().words}; {words}."))
    return facts


def why_not(person: User, size: int = 0) -> str:
    """Why this person can upload no file of this size; empty where they can."""
    used = used_by(person)
    if used.uploads < settings.UPLOAD_QUOTA_FILES and used.size + size <= most_bytes():
        return ""
    return (
        f"You have {used.words} here, and one person may have {settings.UPLOAD_QUOTA_FILES:,} uploads and"
        f" {filesizeformat(most_bytes())}. Nothing of this file was kept. Files go {settings.KEEP_FILES_DAYS} days after"
        f" their upload is over, and what undo needs after {settings.KEEP_COPIES_DAYS}; cancel uploads that you do not need,"
        " or ask whoever runs the portal for more room."
    )
