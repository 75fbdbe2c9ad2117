"""Blocks: thousands of rows at a time, as columns. What is plainly right is checked here, everything else row by row."""

from apps.uploads.blocks.block import Block
from apps.uploads.blocks.check import BlockCheck, Fields, Proof, Records

__all__ = ["Block", "BlockCheck", "Fields", "Proof", "Records"]
