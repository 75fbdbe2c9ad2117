"""Uploads, the ledger of their chunks."""

from apps.uploads.models.accepted_remark import AcceptedRemark
from apps.uploads.models.chunk import Chunk
from apps.uploads.models.incoming_file import IncomingFile
from apps.uploads.models.mending import UploadMending
from apps.uploads.models.pace_ceiling import PaceCeiling
from apps.uploads.models.preset import ReadingPreset
from apps.uploads.models.problem import Problem
from apps.uploads.models.report import UploadReport
from apps.uploads.models.upload import Upload

__all__ = [
    "AcceptedRemark",
    "Chunk",
    "IncomingFile",
    "PaceCeiling",
    "Problem",
    "ReadingPreset",
    "Upload",
    "UploadMending",
    "UploadReport",
]
