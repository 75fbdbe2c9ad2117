"""Blocks: thousands of rows at a time, as columns. What is plainly right is checked here, everything else row by row."""

from apps.validation.batches.batch import Block
from apps.validation.batches.validator import BlockCheck, Fields, Proof, Records

__all__ = ["Block", "BlockCheck", "Fields", "Proof", "Records"]
