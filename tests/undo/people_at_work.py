"""A model of people who write to one data source and take it back, and the same done to the portal.

Every write goes to the model and to AuroraX. The model knows of no API: a minute has a value or none, and undoing a write
gives each of its minutes the value it had before, where it still has the one that the write gave it.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.activity.models import Event
from apps.aurorax import AuroraX, DataSource, EphemerisRecord, Location, times
from apps.deletions.models import Deletion
from apps.uploads.models import Upload
from apps.uploads.states import State

MINUTES = 8  # of a day that are written to; those around them never are
Values = dict[int, float]


@dataclass
class Write:
    """One write to records: what each of its minutes had before, and what it has since. `file` is all that an upload had."""

    event: Event | None
    before: dict[int, float | None]
    after: dict[int, float | None]
    file: Values = field(default_factory=dict)
    upload: Upload | None = None
    deletion: Deletion | None = None
    undone: bool = False


class PeopleAtWork:
    """Two people in the portal and a script, on one day of a data source."""

    def __init__(
        self, seed: int, source: DataSource, people: list[Client], aurorax: AuroraX, day: datetime
    ) -> None:
        self.random = random.Random(seed)
        self.source, self.people, self.aurorax, self.day = source, people, aurorax, day
        self.values: Values = {}
        self.name = source.display_name
        self.names: list[tuple[Event, str, str]] = []
        self.writes: list[Write] = []
        self.log: list[str] = []

    def run(self, steps: tuple[int, int], undos: tuple[int, int]) -> None:
        """Some writes of any sort, then some of them taken back, with a look after each; so many at least and at most."""
        acts: list[Callable[[], None]] = [
            self.upload, self.upload, self.upload, self.save, self.delete, self.script_uploads, self.script_deletes, self.rename,
        ]  # fmt: skip
        for _ in range(self.random.randint(*steps)):
            self.random.choice(acts)()
        for _ in range(self.random.randint(*undos)):
            self.undo()
            self.compare()

    # What AuroraX holds -------------------------------------------------------------------------------------------------

    def compare(self) -> None:
        """The day, and the name, are as the model says."""
        held = self.aurorax.ephemeris.search(
            self.source, self.day, self.day + timedelta(minutes=MINUTES) - times.SECOND
        )
        found = {
            round((each.epoch - self.day).total_seconds() / 60): each.location_geo.lat
            for each in held
            if each.location_geo
        }
        name = self.aurorax.sources.get(self.source.identifier).display_name
        assert (found, name) == (self.values, self.name), "\n".join(self.log)

    # Writes -------------------------------------------------------------------------------------------------------------

    def upload(self, values: Values | None = None) -> None:
        """A file of some minutes: what it changes is replaced."""
        values = values or self._some_values()
        content = "epoch,lat,lon\n" + "".join(f"{self._epoch(n)},{value},0\n" for n, value in values.items())
        file = SimpleUploadedFile("night.csv", content.encode())
        address = reverse("ephemeris-upload", args=[self.source.identifier])
        self._sent(self._person().post(address, {"file": file}), "")

    def save(self) -> None:
        """One record in the form: changed, or added."""
        minute, value = self.random.randrange(MINUTES), self._value()
        if self.values.get(minute) == value:
            return
        number, fields = self.source.identifier, {"location_geo.lat": str(value), "location_geo.lon": "0"}
        client = self._person()
        if minute in self.values:
            address = reverse("ephemeris-edit", args=[number, self.day + timedelta(minutes=minute)])
            base = client.get(address).context["form"]["base"].value()
            answer = client.post(address, fields | {"base": base, "epoch": self._epoch(minute)})
        else:
            address = reverse("ephemeris-add", args=[number])
            answer = client.post(address, fields | {"epoch": self._epoch(minute)})
        assert answer.status_code == 302
        event = Event.objects.filter(source_identifier=number).first()
        self._write(Write(event, {minute: self.values.get(minute)}, {minute: value}))

    def delete(self) -> None:
        """A range, through the page that shows it first."""
        first, last = sorted([self.random.randrange(MINUTES), self.random.randrange(MINUTES)])
        before = {n: value for n, value in self.values.items() if first <= n <= last}
        if not before:
            return
        client = self._person()
        posted = {"start": self._epoch(first), "end": self._epoch(last)}
        address = client.post(reverse("ephemeris-delete", args=[self.source.identifier]), posted).headers[
            "Location"
        ]
        client.post(address, {"decision": "confirm", "count": str(len(before))})
        deletion = Deletion.objects.latest("created_at")
        event = Event.objects.get(about=deletion.pk)
        self._write(Write(event, dict(before), dict.fromkeys(before), deletion=deletion))

    def script_uploads(self) -> None:
        """Without the portal."""
        values = self._some_values()
        records = [
            EphemerisRecord(self.day + timedelta(minutes=n), location_geo=Location(value, 0.0))
            for n, value in values.items()
        ]
        self.aurorax.ephemeris.upload(self.source.identifier, records, source=self.source)
        self.values |= values
        self.log.append(f"script uploads {values}")

    def script_deletes(self) -> None:
        """Without the portal."""
        first, last = sorted([self.random.randrange(MINUTES), self.random.randrange(MINUTES)])
        start, end = self.day + timedelta(minutes=first), self.day + timedelta(minutes=last)
        self.aurorax.ephemeris.delete(self.source, start, end)
        self.values = {n: value for n, value in self.values.items() if not first <= n <= last}
        self.log.append(f"script deletes {first} to {last}")

    def rename(self) -> None:
        """The data source, in the portal or by a script."""
        name = f"Called {self.random.randrange(3)}"
        if name == self.name:
            return
        if self.random.random() < 0.3:
            self.aurorax.sources.update(self.source.identifier, {"display_name": name})
        else:
            client, address = self.people[0], reverse("source-edit", args=[self.source.identifier])
            form = client.get(address).context["draft"].form
            posted = {each.html_name: each.value() or "" for each in form} | schemas()
            sealed = client.get(address).context["decisions"].sealed
            answer = client.post(address, posted | {"base": sealed, "display_name": name, "metadata": ""})
            assert answer.status_code == 302
            event = Event.objects.filter(source_identifier=self.source.identifier).first()
            assert event is not None
            self.names.append((event, self.name, name))
        self.log.append(f"renamed {self.name} to {name}")
        self.name = name

    # Undo ---------------------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Any write of the portal, by anybody who may."""
        open_writes = [write for write in self.writes if write.after and not write.undone]
        choices: list[Callable[[], None]] = [self._undoing(write) for write in open_writes]
        choices += [self._renaming_back(number) for number in range(len(self.names))]
        if choices:
            self.random.choice(choices)()

    def _undoing(self, write: Write) -> Callable[[], None]:
        if write.deletion is not None:
            return lambda: self._restore(write)
        return lambda: self._undo_upload(write) if write.upload else self._undo_record(write)

    def _undo_upload(self, write: Write) -> None:
        """By its sender or the owner; later uploads that say the same keep theirs."""
        upload = write.upload
        assert upload is not None
        mine = {n for n, value in write.after.items() if self.values.get(n) == value}
        shared = {n for n in mine if any(self._stands_for(other, n) for other in self._later(write))}
        client = self.people[0]
        answer = client.post(reverse("upload-undo", args=[upload.pk]), {})
        assert answer.status_code == 302
        upload.refresh_from_db()
        assert upload.state == State.UNDONE, (upload.state, upload.message, "\n".join(self.log))
        write.undone = True
        self.log.append(f"undid {write.after}, but for {shared}")
        self._put({n: write.before[n] for n in mine - shared})
        if self.random.random() < 0.4:
            self._sent(client.post(reverse("upload-again", args=[upload.pk])), "")

    def _later(self, write: Write) -> list[Write]:
        return self.writes[self.writes.index(write) + 1 :]

    def _stands_for(self, other: Write, minute: int) -> bool:
        """Whether an upload that is not undone has exactly what AuroraX holds."""
        return not other.undone and minute in other.file and other.file[minute] == self.values.get(minute)

    def _undo_record(self, write: Write) -> None:
        (minute,) = write.after
        event = write.event
        assert event is not None
        address = reverse("activity-undo", args=[event.pk])
        page = self._person().get(address)
        plan = page.context["plan"]
        is_ours = self.values.get(minute) == write.after[minute]
        is_same = self.values.get(minute) == write.before[minute]
        standing = "same" if is_same else "ours" if is_ours else "theirs"
        assert plan.parts[0].standing == standing, "\n".join(self.log)
        forced = standing == "theirs" and self.random.random() < 0.5
        posted = {"seen": plan.fingerprint} | ({"part": "record"} if forced else {})
        self._person().post(address, posted)
        write.undone = True
        self.log.append(f"undid minute {minute}: {standing}, forced {forced}")
        if standing == "ours" or forced:
            undone = Event.objects.filter(undoes=event.pk).first()
            now = self.values.get(minute)
            self._write(Write(undone, {minute: now}, {minute: write.before[minute]}))

    def _restore(self, write: Write) -> None:
        """What was put there since stays."""
        assert write.deletion is not None
        address = reverse("ephemeris-deletion", args=[self.source.identifier, write.deletion.pk])
        self.log.append(f"restoring {write.before}")
        write.undone = True
        self._sent(self._person().post(address, {"decision": "restore"}), "?only=new")

    def _renaming_back(self, number: int) -> Callable[[], None]:
        def undo() -> None:
            event, before, after = self.names.pop(number)
            address = reverse("activity-undo", args=[event.pk])
            plan = self.people[0].get(address).context["plan"]
            posted = {"seen": plan.fingerprint}
            self.people[0].post(address, posted)
            self.log.append(f"undid renaming {before} to {after}")
            if self.name == after != before:
                undone = Event.objects.filter(undoes=event.pk).first()
                assert undone is not None
                self.names.append((undone, after, before))
                self.name = before

        return undo

    # What they have in common -------------------------------------------------------------------------------------------

    def _sent(self, answer: Any, query: str) -> None:
        """The upload that an answer leads to is sent, where it has anything to send."""
        pk = answer.headers["Location"].strip("/").rpartition("/")[2]
        upload = Upload.objects.get(pk=pk)
        client = self.people[0]
        if upload.state == State.CHECKED:
            client.post(reverse("upload-send", args=[pk]) + query, {})
            upload.refresh_from_db()
        file = self._file_of(upload)
        is_sent = {n for n, value in file.items() if self.values.get(n) != value}
        if query:
            is_sent = {n for n in is_sent if n not in self.values}
        if upload.started_at is None:  # nothing to send, by the other person's hand left alone
            is_sent = set()
        before = {n: self.values.get(n) for n in is_sent}
        event = Event.objects.filter(about=upload.pk).first()
        write = Write(event, before, {n: file[n] for n in is_sent}, file=file, upload=upload)
        self._write(write)
        if upload.state != State.DONE:  # nothing new: it waits for a decision that is not taken
            write.file = {}

    def _file_of(self, upload: Upload) -> Values:
        found: Values = {}
        for chunk in upload.chunks.all():
            with chunk.body.open("rb") as body:
                rows = json.load(body)
            for row in rows:
                minute = round((times.parse(row["epoch"]) - self.day).total_seconds() / 60)
                found[minute] = row["location_geo"]["lat"]
        return found

    def _write(self, write: Write) -> None:
        self.writes.append(write)
        self._put(write.after)
        self.log.append(f"{write.event or 'nothing sent'}: {write.before} -> {write.after} of {write.file}")

    def _put(self, values: dict[int, float | None]) -> None:
        for minute, value in values.items():
            if value is None:
                self.values.pop(minute, None)
            else:
                self.values[minute] = value

    def _person(self) -> Client:
        return self.random.choice(self.people)

    def _value(self) -> float:
        return float(self.random.randrange(1, 4))

    def _some_values(self) -> Values:
        chosen = self.random.sample(range(MINUTES), self.random.randrange(1, MINUTES))
        return {n: self._value() for n in sorted(chosen)}

    def _epoch(self, minute: int) -> str:
        return times.write(self.day + timedelta(minutes=minute))


def schemas() -> dict[str, str]:
    """The editors of a form whose data source has no schemas."""
    names = ("ephemeris_metadata_schema", "data_product_metadata_schema")
    return {f"{name}-{count}": "0" for name in names for count in ("TOTAL_FORMS", "INITIAL_FORMS")}


def first_day(number: int) -> datetime:
    """A day of its own for each sequence."""
    return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=2 * number)
