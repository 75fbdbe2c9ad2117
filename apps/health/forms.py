"""How much of a data source is looked at."""

from django import forms

SPANS = (("31", "The last 31 days"), ("366", "The last year"), ("", "All records"))


class HealthForm(forms.Form):
    """The span of a look."""

    days = forms.ChoiceField(
        label="Look at",
        choices=SPANS,
        initial="366",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    @property
    def chosen(self) -> int | None:
        """Days, or None for all."""
        days = self.cleaned_data["days"]
        return int(days) if days else None
