"""Uploads that are under way: whoever signs out is told of them."""

from django.db.models import Q
from django.urls import reverse

from apps.accounts.kept_sign_ins import WorkKind
from apps.accounts.models import User
from apps.ui.links import Link
from apps.uploads.models import Upload
from apps.uploads.models.upload import UploadQuerySet


def _of(person: User) -> UploadQuerySet:
    return Upload.objects.filter(Q(acting=person) | Q(acting=None, owner=person))


def _link(upload: Upload) -> Link:
    label = f"The upload {upload.name} to {upload.source_name} ({upload.get_state_display().lower()})"
    return Link(label, reverse("upload-detail", args=[upload.pk]))


UPLOADS = WorkKind(Upload, _of, _link)
