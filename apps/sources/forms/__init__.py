"""The forms of data sources."""

from apps.sources.forms.deletion import DeletionForm
from apps.sources.forms.source import EditForm, NewSourceForm, ReplacementForm, SourceForm

__all__ = ["DeletionForm", "EditForm", "NewSourceForm", "ReplacementForm", "SourceForm"]
