"""A file that arrives in pieces."""

import uuid

from django.db import models
from django.utils import timezone

from apps.accounts.models import Credential, User
from apps.jobs.models import Leased
from apps.uploads.models.upload import Upload


class IncomingFile(Leased):
    """A file that a program sends piece after piece, and goes on with after it was broken off. When all of it is here it
    becomes an upload.

    `size` and `offset` are bytes: how many there will be, and how many are here. `parts` are the pieces in storage, each a
    name and a size. The lease is held by whoever makes the upload of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    credential = models.ForeignKey(Credential, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    source_identifier = models.IntegerField("data source")
    name = models.CharField(max_length=250)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)  # question -> answer, given before the file is read
    only_if_all_valid = models.BooleanField(default=False)
    offset = models.BigIntegerField(default=0)
    parts = models.JSONField(default=list)
    upload = models.ForeignKey(Upload, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = (models.Index(fields=("owner", "sha256"), name="incoming_by_person_and_digest"),)

    def __str__(self) -> str:
        return f"{self.name}: {self.offset} of {self.size} bytes"

    @property
    def is_whole(self) -> bool:
        """Whether every byte is here."""
        return bool(self.offset == self.size)
