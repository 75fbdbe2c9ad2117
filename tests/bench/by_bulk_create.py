"""`python -m tests.bench.by_bulk_create sandbox --port 8080`: the sandbox, but for one function.

What it writes goes through Django's `bulk_create(update_conflicts=True)`, the peer of `apps.sandbox.bulk.upsert`. HTTP,
decoding, checks and transactions are the same.
"""

import os
import sys
from collections.abc import Sequence
from typing import Any
from unittest import mock

from django.core.management import execute_from_command_line
from django.db import models


def upsert(model: type[models.Model], rows: Sequence[Sequence[Any]]) -> None:
    """Store rows with the columns of `model` in their order, newer ones instead of older ones."""
    columns = [field for field in model._meta.concrete_fields if field.column]
    key = [field.name for field in model._meta.pk_fields]
    names = [field.attname for field in columns]
    model._default_manager.bulk_create(
        [model(**dict(zip(names, row, strict=True))) for row in rows],
        update_conflicts=True,
        unique_fields=key,
        update_fields=[field.name for field in columns if field.name not in key],
    )


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "apps.sandbox.settings"
    with mock.patch("apps.sandbox.bulk.upsert", upsert):
        execute_from_command_line(sys.argv)
