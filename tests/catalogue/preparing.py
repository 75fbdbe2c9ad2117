"""Making the small world behind the catalogue: data sources, uploads and deletions in every state, and their people.

What the portal can be asked for is made through its own pages; what lasts for a moment only (a worker at work, AuroraX
gone) is written into the database, with a lease that no worker will take.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.activity.models import Event
from apps.aurorax import AuroraX, AuroraXCredential, DataSource
from apps.deletions.models import Deletion, DeletionState
from apps.handovers.models import Handover, HandoverState
from apps.health.models import HealthCheck
from apps.jobs.models import PauseReason
from apps.notifications import services as notices
from apps.notifications.models import Delivery
from apps.sources import repairs, schema_copies
from apps.sources.models import SchemaScan
from apps.tokens import services
from apps.tokens.models import ApiToken
from apps.uploads.models import Upload
from apps.uploads.states import State
from apps.uploads.steps.read import reject
from tests.catalogue import files
from tests.catalogue.feeds import prepared_feeds
from tests.catalogue.history import History
from tests.catalogue.world import World
from tests.sources.forms import Form, example_form
from tests.support.sandbox import Sandbox

PEOPLE = ("owner", "owner2", "maintainer", "user", "admin")
FOR_EVER = timedelta(days=3650)  # the lease of a worker that is not there
CAMERA, CLASSIFIED, SATELLITE = 103, 46, 3  # of the sandbox's seed, with records
SECOND = {"start": "2020-01-01T00:00:00", "end": "2020-01-01T00:09:00"}
LATER = {"start": "2020-01-01T02:00:00", "end": "2020-01-01T02:09:00"}
NOTHING_THERE = {"start": "2010-01-01T00:00:00", "end": "2010-01-01T23:59:00"}
# Maintainers as AuroraX may hold them.
ODD = ["maintainer@example.org", " Maintainer@Example.org", "", "a@example.org, b@example.org"]


def _ticked(*keys: str) -> dict[str, Any]:
    """What a table of records posts with these rows ticked."""
    return {"shown": " ".join(keys), "ticked": list(keys)}


class Preparation:
    """Makes a world in the portal of this process, which works on this sandbox, just seeded."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.aurorax = AuroraX(AuroraXCredential("api_key", "sandbox-key-admin"))
        self.made = World()

    def world(self) -> World:
        """Make it all."""
        self._people()
        self._tokens()
        self._sources()
        self._uploads()
        self._passing_uploads()
        self._deletions()
        self._health()
        self._handovers()
        self.made.places |= prepared_feeds(self.schemed, self._upload("checked"), self._upload("verified"))
        self._forms()
        self._events()
        self._notices()
        return self.made

    # People -----------------------------------------------------------------------------------------------------------

    def _people(self) -> None:
        """Everybody is signed in; the sleeper is an owner whose AuroraX session has ended over a form."""
        self._sign_in("sleeper", "owner")
        self.sandbox.expire_sessions()
        self.clients = {name: self._sign_in(name, name) for name in PEOPLE}
        self.owner = self.clients["owner"]

    def _sign_in(self, name: str, account: str) -> Client:
        client = Client(SERVER_NAME="127.0.0.1")
        self._post(client, "/sign-in/", {"email": f"{account}@example.org", "password": f"sandbox-{account}"})
        self.made.sessions[name] = client.cookies["sessionid"].value
        return client

    def _post(self, client: Client, address: str, fields: dict[str, Any]) -> str:
        """Send a form that leads on; answers where to."""
        answer = client.post(address, fields)
        assert answer.status_code == 302, answer.content.decode()
        return str(answer.headers["Location"])

    def _tokens(self) -> None:
        """One that is in use, one that is revoked, and one whose key AuroraX takes no more."""
        owner = User.objects.get(username="owner@example.org")
        for name, scopes, sources in (
            ("weekly upload on atlas", ["push", "undo"], [CAMERA, CLASSIFIED]),
            ("laptop of a summer student", ["push"], [CAMERA]),
            ("plots", ["pull"], []),
        ):
            key = "sandbox-key-owner"
            token, _ = services.make(
                by=owner, name=name, scopes=scopes, sources=sources, days=90, api_key=key
            )
            if name.startswith("laptop"):
                services.revoke(by=owner, token=token)
            elif name == "plots" and token.credential:
                token.credential.end()
            else:
                ApiToken.objects.filter(pk=token.pk).update(used_at=timezone.now() - timedelta(hours=3))
        self.made.forms["new-token"] = {
            "name": "weekly upload on atlas",
            "scopes": ["push", "undo"],
            "days": "90",
            "sources": str(CAMERA),
            "api_key": "sandbox-key-maintainer",
        }

    def _notices(self) -> None:
        """Those that came of the uploads, a webhook that took one of them not, and one that is read."""
        owner = User.objects.get(username="owner@example.org")
        notices.choose(by=owner, webhook_url="https://hooks.example.org/aurorax", webhook_topics=["verified"])
        notice = notices.notices_of(owner).latest("pk")
        Delivery.objects.create(notice=notice, channel="webhook", attempts=9, trouble="It answered 500.")
        notices.read(by=owner, notice=notices.notices_of(owner).earliest("pk"))

    # Data sources -----------------------------------------------------------------------------------------------------

    def _sources(self) -> None:
        schema = {"ephemeris_metadata_schema": files.SCHEMA, "data_product_metadata_schema": files.SCHEMA[:1]}
        self.schemed = self._source("Example camera", maintainers=["maintainer@example.org"], **schema)
        empty = self._source("Camera without records")
        odd = self._source("Camera of several people", maintainers=ODD)
        until = timezone.now().date() + timedelta(days=40)
        owner = User.objects.get(username="owner@example.org")
        resting = self._source("Camera in repair")
        repairs.note(by=owner, source=resting, until=until, reason="The camera is with its maker.")
        self.made.places |= {
            "camera": str(CAMERA),
            "classified": str(CLASSIFIED),
            "satellite": str(SATELLITE),
            "schemed": str(self.schemed.identifier),
            "empty": str(empty.identifier),
            "odd": str(odd.identifier),
            "resting": str(resting.identifier),
        }

    def _source(self, name: str, **fields: Any) -> DataSource:
        return self.aurorax.sources.create(
            {
                "program": "example-program",
                "platform": name.lower(),
                "instrument_type": "example imager",
                "source_type": "ground",
                "display_name": name,
                "owner": "owner@example.org",
                "maintainers": [],
            }
            | fields
        )

    # Uploads ----------------------------------------------------------------------------------------------------------

    def _uploads(self) -> None:
        """Those that come to rest by themselves."""
        first = self._uploaded(files.csv(files.minutes(range(200))), "night-of-new-year.csv")
        self._act(first, "send")
        self._keep("verified", first)
        self._keep("identical", self._uploaded(files.csv(files.minutes(range(50))), "the-same-again.csv"))
        self._keep("columns", self._uploaded(files.unknown_columns(), "from-the-station.csv"))
        self._keep("rejected", self._rejected())
        self._keep("products", self._uploaded(files.products(), "keograms.json", kind="products"))
        self._act(self._upload("products"), "send")
        self._keep(
            "products",
            self._uploaded(
                files.products().replace("Example", "Gillam"), "keograms-again.json", kind="products"
            ),
        )
        self._keep("undone", self._undone())
        self._keep("refused", self._refused())
        self._keep("checked", self._uploaded(files.mixed(), "mixed-night.csv"))
        self._keep("some_columns", self._uploaded(files.some_columns(), "state-corrected.csv"))
        self._keep("asks", self._uploaded(files.cut_by_a_second(), "octave-night.csv"))
        self._keep("without_header", self._uploaded(files.without_header(), "no-names.csv"))
        self._keep("unusual", self._unusual())
        strict = self._uploaded(files.mixed(), "mixed-night-all-or-nothing.csv", only_if_all_valid="on")
        self._keep("all_or_nothing", strict)
        cancelled = self._uploaded(files.csv(files.minutes(range(500, 520))), "wrong-night.csv")
        self._act(cancelled, "cancel")
        self._keep("cancelled", cancelled)

    def _uploaded(self, text: str, name: str, *, kind: str = "ephemeris", **fields: str) -> Upload:
        """A file, read, checked and compared."""
        file = SimpleUploadedFile(name, text.encode())
        address = f"/sources/{self.schemed.identifier}/{kind}/upload/"
        where = self._post(self.owner, address, {"file": file, **fields})
        return Upload.objects.get(pk=where.strip("/").rpartition("/")[2])

    def _unusual(self) -> Upload:
        """A file from the other end of the Earth, of which one thing is said to be right."""
        upload = self._uploaded(files.csv(files.minutes(range(1200, 1440), lat=-51.05)), "southern-night.csv")
        self._post(self.owner, f"/uploads/{upload.pk}/unusual/2/", {"right": "yes"})
        return upload

    def _upload(self, name: str) -> Upload:
        return Upload.objects.get(pk=self.made.places[f"upload_{name}"])

    def _keep(self, name: str, upload: Upload) -> None:
        self.made.places[f"upload_{name}"] = str(upload.pk)

    def _act(self, upload: Upload, verb: str) -> None:
        self._post(self.owner, f"/uploads/{upload.pk}/{verb}/", {})
        upload.refresh_from_db()

    def _rejected(self) -> Upload:
        """Larger files are read after they have been taken in, and may turn out to be cut off only then."""
        upload = self._uploaded(files.csv(files.minutes(range(450, 455))), "cut-off.json")
        upload.transition(State.READING)
        reject(
            upload,
            "The file ends in the middle of a record, at line 52,104. Save it anew, and upload it again.",
        )
        return upload

    def _undone(self) -> Upload:
        """New and changed records, of which somebody has changed one since; then undone."""
        upload = self._uploaded(files.csv(files.minutes(range(190, 230), lat=51.2)), "too-early.csv")
        self._act(upload, "send")
        later = self._uploaded(files.csv(files.minutes([192, 225], lat=51.3)), "somebody-elses.csv")
        self._act(later, "send")
        self._act(upload, "undo")
        return upload

    def _refused(self) -> Upload:
        """Some of its records AuroraX did not take."""
        upload = self._uploaded(files.csv(files.minutes(range(600, 640))), "refused-in-part.csv")
        with self.sandbox.switched(reject_every=20):
            self._act(upload, "send")
        return upload

    def _passing_uploads(self) -> None:
        """States in which a worker is at it, or AuroraX is waited for."""
        now = timezone.now()
        sending = {"started_at": now - timedelta(seconds=20), "pace_since": now - timedelta(seconds=20)}
        sent = sending | {"snapshot": uuid4(), "sent": 84}
        self._passing("reading", 700, State.READING)
        self._passing("comparing", 720, State.COMPARING)
        self._passing("sending", 740, State.SENDING, **sent)
        self._passing(
            "verifying", 860, State.VERIFYING, **sent | {"sent": 120, "verified": 48, "sent_at": now}
        )
        taken_over = User.objects.get(email="maintainer@example.org")
        Upload.objects.filter(pk=self.made.places["upload_verifying"]).update(acting=taken_over)
        yours = {"pause_reason": PauseReason.YOU}
        self._passing("paused", 980, State.PAUSED, **sent | yours)
        ended = {
            "pause_reason": PauseReason.SIGN_IN,
            "message": "AuroraX has ended the sign-in that this upload used.",
        }
        self._passing("sign_in", 1100, State.PAUSED, **sent | ended)

    def _passing(self, name: str, first: int, state: State, **fields: Any) -> None:
        upload = self._uploaded(files.csv(files.minutes(range(first, first + 120))), f"{name}.csv")
        fields |= {"state": state, "lease_holder": "nobody", "lease_until": timezone.now() + FOR_EVER}
        Upload.objects.filter(pk=upload.pk).update(**fields)
        self._keep(name, upload)

    # Deletions --------------------------------------------------------------------------------------------------------

    def _deletions(self) -> None:
        ready = self._deletion("ready", SECOND)
        self._deletion("nothing", NOTHING_THERE)
        cancelled = self._deletion("cancelled", SECOND)
        self._decide(cancelled, decision="cancel")
        done = self._deletion("done", LATER)
        self._decide(done, decision="confirm", count=str(done.count))
        survey = {"survey": ready.survey}
        self._passing_deletion("looking", DeletionState.LOOKING)
        self._passing_deletion("deleting", DeletionState.DELETING, **survey)
        said = {"message": "AuroraX is in maintenance. Try again later."}
        resumes = {"resumes_at": DeletionState.DELETING}
        self._passing_deletion("paused", DeletionState.PAUSED, **survey, **said, **resumes)
        changed = {"message": "Records were added or changed since you looked, so they were not deleted."}
        self._passing_deletion("stopped", DeletionState.STOPPED, **survey, **changed)
        days = {"start": "2020-01-01T00:00:00", "end": "2020-01-08T23:59:59"}
        self._deletion("of_products", days, kind="products")
        within = {"start": "2020-01-01T06:30:00", "end": "2020-01-08T08:29:00"}
        self._deletion("on_the_edge", within, kind="products")

    def _deletion(self, name: str, span: dict[str, str], *, kind: str = "ephemeris") -> Deletion:
        where = self._post(self.owner, f"/sources/{self.schemed.identifier}/{kind}/delete/", dict(span))
        key = where.strip("/").rpartition("/")[2]
        self.made.places[f"deletion_{name}"] = key
        return Deletion.objects.get(pk=key)

    def _decide(self, deletion: Deletion, **fields: str) -> None:
        address = f"/sources/{self.schemed.identifier}/{deletion.kind}/delete/{deletion.pk}/"
        self._post(self.owner, address, dict(fields))

    def _passing_deletion(self, name: str, state: DeletionState, **fields: Any) -> None:
        deletion = self._deletion(name, NOTHING_THERE)
        fields |= {"state": state, "lease_until": timezone.now() + FOR_EVER}
        Deletion.objects.filter(pk=deletion.pk).update(**fields)

    # Hand-overs -------------------------------------------------------------------------------------------------------

    def _health(self) -> None:
        """A look that is done, and one that is under way."""
        for source in (self.schemed.identifier, int(self.made.places["camera"])):
            self._post(self.owner, f"/sources/{source}/health/look/", {"days": ""})
        HealthCheck.objects.filter(source_identifier=source).update(
            state="running", done=3, total=12, found={}
        )

    def _handovers(self) -> None:
        """Of somebody who leaves; what lasts for a moment only is written into the database."""
        left = [
            self._source(f"Camera left behind {number}", owner="leaver@example.org") for number in range(4)
        ]
        chosen = {"owner": "leaver@example.org", "previous": "stays", "note": "Leaves the institute in May"}
        handed = chosen | {
            "new_owner": "owner2@example.org",
            "source": [left[0].identifier, left[1].identifier],
        }
        admin = self.clients["admin"]
        shown = Form(admin.post("/handovers/new/", handed).content.decode(), "handover-preview").values
        where = self._post(admin, "/handovers/new/", handed | {"looked_at": shown["looked_at"]})
        self.made.places["handover_done"] = where.strip("/").rpartition("/")[2]
        self.handover_form = chosen | {"new_owner": "owner2@example.org", "everything": "on"}
        self._passing_handover("running", HandoverState.RUNNING)
        waits = {
            "message": "AuroraX is in maintenance. Try again later.",
            "resumes_at": HandoverState.RUNNING,
        }
        self._passing_handover("paused", HandoverState.PAUSED, **waits)

    def _passing_handover(self, name: str, state: HandoverState, **fields: Any) -> None:
        done = Handover.objects.get(pk=self.made.places["handover_done"])
        handover = Handover.objects.create(
            user=done.user,
            new_owner=done.new_owner,
            state=state,
            lease_until=timezone.now() + FOR_EVER,
            **fields,
        )
        for item in done.items.all():
            settled = {} if item.position else {"state": item.state, "after": item.after}
            handover.items.create(
                position=item.position,
                source_identifier=item.source_identifier,
                source_name=item.source_name,
                owner=item.owner,
                before=item.before,
                **settled,
            )
        self.made.places[f"handover_{name}"] = str(handover.pk)

    # Forms ------------------------------------------------------------------------------------------------------------

    def _forms(self) -> None:
        address = f"/sources/{self.schemed.identifier}"
        edited = self._opened(f"{address}/edit/")
        replaced = self._opened(f"{address}/replace/")
        unsent = f"/sources/{self.made.places['empty']}/edit/"
        half = self._opened(unsent) | {"display_name": "Camera with a better na"}
        assert self.owner.post(f"/drafts/keep/?page={unsent}", half).status_code == 200
        row = "ephemeris_metadata_schema-0"
        commas = edited | {f"{row}-allowed_values": "definitive, predicted"}
        narrowed = edited | {f"{row}-data_type": "int"}
        copied = edited | {
            "rows": "copy:ephemeris_metadata_schema",
            "ephemeris_metadata_schema-copy-source": "99999999",
        }
        self._scan()
        self.aurorax.sources.update(self.schemed.identifier, {"display_name": "Example camera at Gillam"})
        self.made.forms |= {
            "edit-of-schemed": edited | {"platform": "gillam"},
            "conflict": edited | {"display_name": "My camera"},
            "replacement": replaced | {"display_name": "Another camera", "metadata": "", "maintainers": ""},
            "incomplete-source": example_form(program="", platform="x" * 60, metadata="{"),
            "source-that-is-there": example_form(
                program="example-program", platform="camera without records", instrument_type="example imager"
            ),
            "two-ranges": _ticked("2020-01-01T00:20:00", "2020-01-01T00:21:00", "2020-01-01T00:40:00"),
            "gone-product": _ticked("no-such-key"),
            "remove-maintainer": self._several("remove"),
            "add-maintainer": self._several("add"),
            "handover": self.handover_form,
            "commas": commas,
            "narrowed": narrowed,
            "code": edited | {"platform": "gillam", "code": "on"},
            "copy-of-nothing": copied,
            "schema-copy": {"source": [self.made.places["empty"], str(CLASSIFIED)]},
            "schema-copied": self._schema_copy("data_product_metadata_schema"),
        }

    def _schema_copy(self, name: str) -> dict[str, Any]:
        """The second form of giving a schema to another data source."""
        source = self.aurorax.sources.get(self.schemed.identifier)
        chosen = [
            each
            for each in self.aurorax.sources.directory()
            if str(each.identifier) == self.made.places["resting"]
        ]
        owner = User.objects.get(username="owner@example.org")
        planned = schema_copies.plan(by=owner, client=self.aurorax, source=source, name=name, chosen=chosen)
        mark = schema_copies.mark_of(name, source.to_api()[name], planned)
        return {
            "source": [self.made.places["resting"]],
            "seen": mark,
            "why": "All cameras are described alike.",
        }

    def _scan(self) -> None:
        """A look at all records that is under way."""
        examples = {
            "state|is of another type": [("2020-01-01T00:00:00", "arc"), ("2020-01-01T00:15:00", "diffuse")]
        }
        found = {"looked_at": 1_440, "broken": 960, "counts": {"state|is of another type": 960}}
        scan = SchemaScan.objects.create(
            user=User.objects.get(email="owner@example.org"),
            kind="ephemeris",
            source_identifier=self.schemed.identifier,
            done=1,
            total=12,
            found=found | {"examples": examples},
            lease_until=timezone.now() + FOR_EVER,
        )
        self.made.places["scan"] = str(scan.pk)

    def _several(self, verb: str) -> dict[str, Any]:
        chosen = [self.made.places["schemed"], self.made.places["empty"]]
        return {"verb": verb, "email": "maintainer@example.org", "source": chosen}

    def _opened(self, address: str) -> dict[str, Any]:
        """What the form of a page would post."""
        fields: dict[str, Any] = dict(Form(self.owner.get(address).content.decode()).values)
        fields.pop("csrfmiddlewaretoken")
        return fields

    # Activity ---------------------------------------------------------------------------------------------------------

    def _events(self) -> None:
        """A change of fields, and a deletion that has kept a copy."""
        self._edit_through_the_portal()
        self.made.places |= History(self.owner, self.aurorax).places()
        list(self.aurorax.ephemeris.search(self.schemed, files.START, files.START + timedelta(days=5)))
        number = self.schemed.identifier
        change = Event.objects.filter(action="source.update", source_identifier=number).latest("at")
        deletions = Event.objects.filter(action="ephemeris.delete", source_identifier=number)
        deletion = deletions.exclude(snapshot=None).latest("at")
        self.made.places |= {"event_change": str(change.pk), "event_deletion": str(deletion.pk)}

    def _edit_through_the_portal(self) -> None:
        address = f"/sources/{self.schemed.identifier}/edit/"
        self._post(self.owner, address, self._opened(address) | {"platform": "gillam, manitoba"})
