"""Batches: thousands of rows at a time, as columns. What is plainly right is checked here, everything else row by row."""

from apps.validation.batches.batch import Batch
from apps.validation.batches.records import Records
from apps.validation.batches.result import BatchResult, Fields
from apps.validation.batches.validator import BatchValidator

__all__ = ["Batch", "BatchResult", "BatchValidator", "Fields", "Records"]
