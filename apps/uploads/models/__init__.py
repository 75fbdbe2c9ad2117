"""Uploads, the ledger of their chunks, and deletions."""

from apps.uploads.models.chunk import Chunk
from apps.uploads.models.deletion import Deletion
from apps.uploads.models.problem import Problem
from apps.uploads.models.recipe import Recipe
from apps.uploads.models.upload import Upload

__all__ = ["Chunk", "Deletion", "Problem", "Recipe", "Upload"]
