"""Forms that were typed into and not sent."""

from django.conf import settings
from django.db import models
from django.http import QueryDict
from django.utils import timezone


class Draft(models.Model):
    """One form of one person, as they have typed it: right or wrong, and never sent by itself.

    `page` is the path of its page, `typed` what the form would post, as in an address, without files and the CSRF token.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    page = models.CharField(max_length=300)
    typed = models.TextField()
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "page"), name="one_draft_a_page"),)

    def __str__(self) -> str:
        return f"draft of {self.page}"

    def posted(self) -> QueryDict:
        """As the form would post it."""
        return QueryDict(self.typed)
