"""The filter of the overview's matrix."""

from collections.abc import Iterable, Mapping

from django import forms
from django.http import QueryDict

from apps.aurorax import DataSource
from apps.sources.standing import Freshness, SourceStanding
from apps.ui.forms import PortalForm

SEARCHED = ("identifier", "display_name", "program", "platform", "instrument_type")
STATES = (Freshness.QUIET, Freshness.LATE, Freshness.CURRENT, Freshness.REPAIR, Freshness.DORMANT)


class OverviewFilter(PortalForm):
    """Nonsense finds everything: every address has an answer."""

    q = forms.CharField(
        label="Search",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, number, platform…"}),
    )
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any state"), *((each.value, each.value.capitalize()) for each in STATES)],
    )
    years = forms.ChoiceField(
        label="Months", required=False, choices=[("", "Last two years"), ("all", "All years")]
    )

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.full_clean()

    def chosen(self, name: str) -> str:
        """What was chosen, where it makes sense."""
        if name == "state" and "silent" in self.data:  # in addresses that notices were sent with
            return Freshness.QUIET
        return str(self.cleaned_data.get(name, ""))

    @property
    def is_filtering(self) -> bool:
        """Whether anything is left out."""
        return bool(self.chosen("q") or self.chosen("state"))

    def matching(
        self, sources: Iterable[DataSource], standings: Mapping[int, SourceStanding]
    ) -> list[DataSource]:
        """Those that pass, in their order."""
        words, state = self.chosen("q").casefold().split(), self.chosen("state")
        return [
            source
            for source in sources
            if (not state or standings[source.identifier].standing == state)
            and all(word in _text(source) for word in words)
        ]


def _text(source: DataSource) -> str:
    return " ".join(str(getattr(source, name)) for name in SEARCHED).casefold()
