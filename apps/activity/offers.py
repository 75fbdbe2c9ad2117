"""What can be done from an event: buttons that the apps above give to events about their things."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from apps.accounts.http import PortalRequest
from apps.accounts.models import User
from apps.activity.models import Event
from apps.aurorax import ListedSource, errors
from apps.permissions import Action, decide


class Offer(NamedTuple):
    """A button: a link, or a form that posts these fields."""

    label: str
    url: str
    posts: Mapping[str, str] | None = None
    css: str = ""


@dataclass(frozen=True)
class Onlooker:
    """Whoever looks at events, and what they may do with the data sources that there are."""

    request: PortalRequest
    undone: Mapping[UUID, Event] = field(default_factory=dict)  # event -> what has taken it back
    parts: Mapping[UUID, int] = field(default_factory=dict)  # bulk action -> how many events it opens to

    @property
    def person(self) -> User:
        """Who it is."""
        return self.request.user

    def source(self, identifier: int | None) -> ListedSource | None:
        """The data source as it was last listed; None where there is none."""
        return self._sources.get(identifier or 0)

    def may(self, action: Action, identifier: int | None) -> bool:
        """Whether they may do this there, as far as the list of data sources tells. Only for what is offered."""
        if not decide(self.person, action):
            return False
        source = self.source(identifier)
        return source is not None and bool(decide(self.person, action, source))

    def owns(self, identifier: int | None) -> bool:
        """Whether the data source is theirs to change."""
        return self.may(Action.SOURCE_UPDATE, identifier)

    @cached_property
    def _sources(self) -> dict[int, ListedSource]:
        try:
            listed = self.request.aurorax.sources.directory()
        except errors.AuroraXError:
            return {}
        return {source.identifier: source for source in listed}


Offers = Mapping[UUID, Sequence[Offer]]
OffersOf = Callable[[Sequence[Event], Onlooker], Offers]
_makers: list[OffersOf] = []


def register(maker: OffersOf) -> None:
    """Make known what can be done from some events; called by its app when Django starts."""
    if maker not in _makers:
        _makers.append(maker)


def offers_for(events: Sequence[Event], onlooker: Onlooker) -> dict[UUID, list[Offer]]:
    """The buttons of each event, in the order in which apps were registered."""
    found: dict[UUID, list[Offer]] = {event.pk: [] for event in events}
    for maker in _makers:
        for pk, offers in maker(events, onlooker).items():
            found[pk] += offers
    return found
