"""What has happened in the world of the catalogue: writes that can be taken back, and such that were."""

from datetime import timedelta
from typing import Any

from django.test import Client

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource, EphemerisRecord
from apps.deletions.models import Deletion
from tests.catalogue import files
from tests.sources.forms import Form, example_form
from tests.undo.pages import seen_on

ALL_OF_IT = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T23:59:00"}


class History:
    """Makes it through the portal's own pages."""

    def __init__(self, owner: Client, aurorax: AuroraX) -> None:
        self.owner, self.aurorax = owner, aurorax

    def places(self) -> dict[str, str]:
        """The events, by the names that addresses of the catalogue have for them."""
        moved = self._source("Camera with a history")
        theirs = self._edit(moved, display_name="Camera that moved", platform="gillam")
        self.aurorax.sources.update(moved.identifier, {"platform": "pinawa"})
        undone = self._edit(moved, source_type="leo", why="It flies now.")
        self._undo(undone)
        others = [self._source("Camera of the first site"), self._source("Camera of the second site")]
        events = {
            "bulk": self._bulk("student@example.org", others),
            "bulk_done": self._bulk("visitor@example.org", others),
            "theirs": theirs,
            "undone": undone,
            "source_deletion": self._deleted_with_records(self._source("Camera that was taken down")),
            "creation": self._created_and_filled(),
        }
        return {f"event_{name}": str(event.pk) for name, event in events.items()}

    def _source(self, name: str) -> DataSource:
        fields = {"program": "example-program", "platform": name.lower(), "instrument_type": "example imager"}
        return self.aurorax.sources.create(
            fields
            | {"source_type": "ground", "display_name": name, "owner": "owner@example.org", "maintainers": []}
        )

    def _post(self, address: str, fields: dict[str, Any], status: int = 302) -> str:
        answer = self.owner.post(address, fields)
        assert answer.status_code == status, answer.content.decode()
        return str(answer.headers.get("Location", ""))

    def _edit(self, source: DataSource, **changes: str) -> Event:
        address = f"/sources/{source.identifier}/edit/"
        form = dict(Form(self.owner.get(address).content.decode()).values)
        self._post(address, form | changes)
        return self._newest(source_identifier=source.identifier)

    def _undo(self, event: Event) -> None:
        address = f"/activity/{event.pk}/undo/"
        seen = seen_on(self.owner.get(address).content.decode())
        self._post(address, {"seen": seen, "why": "It does not."})

    def _bulk(self, email: str, sources: list[DataSource]) -> Event:
        posted = {"verb": "add", "email": email, "source": [each.identifier for each in sources]}
        self._post("/maintainers/change/", posted | {"why": "Term begins."}, 200)
        return self._newest(source_identifier=None, action="maintainers.assign")

    def _deleted_with_records(self, source: DataSource) -> Event:
        self._fill(source)
        deletion = self._post(f"/sources/{source.identifier}/ephemeris/delete/", ALL_OF_IT)
        count = str(Deletion.objects.latest("created_at").count)
        self._post(deletion, {"decision": "confirm", "count": count})
        self._post(f"/sources/{source.identifier}/delete/", {"confirmation": source.display_name})
        return self._newest(action="source.delete")

    def _created_and_filled(self) -> Event:
        self._post("/sources/new/", example_form(display_name="Camera that fills up"))
        event = self._newest(action="source.create")
        self._fill(self.aurorax.sources.get(event.source_identifier or 0))
        return event

    def _fill(self, source: DataSource) -> None:
        """By a script: uploads of the owner's wait behind those that nobody works at."""
        records = [EphemerisRecord(files.START + timedelta(minutes=n)) for n in range(30)]
        self.aurorax.ephemeris.upload(source.identifier, records, source=source)

    def _newest(self, **about: Any) -> Event:
        return Event.objects.filter(**about).latest("at")
