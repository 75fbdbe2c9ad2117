"""What was found wrong with the rows of a file, by cause."""

from django.db import models

from apps.uploads.models.upload import Upload
from apps.validation.rules import RULES, Rule, Severity


class Problem(models.Model):
    """All findings of one rule in one column: how many, and the first few. The whole list is in `Upload.problem_list`."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="problems")
    severity = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Severity])
    slug = models.CharField(max_length=30)  # of the rule
    column = models.CharField(max_length=250, blank=True)
    count = models.PositiveIntegerField()
    examples = models.JSONField()  # [{"line": …, "place": "line …", "value": …}]

    class Meta:
        ordering = ("pk",)  # as found: worst and most frequent first

    def __str__(self) -> str:
        return f"{self.rule.message} ({self.column or 'row'}): {self.count}"

    @property
    def colour(self) -> str:
        """Tabler's colour for how much it matters."""
        return {Severity.PROBLEM: "red", Severity.WARNING: "yellow"}.get(Severity(self.severity), "azure")

    @property
    def placed_examples(self) -> list[dict[str, str]]:
        """Where each is, in words, and its value. Those kept before places had words are lines."""
        return [{"place": f"line {each['line']:,}"} | each for each in self.examples]

    @property
    def rule(self) -> Rule:
        """The rule, with its words."""
        return RULES[self.slug]
