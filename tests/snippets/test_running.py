"""Every script that a page shows is run, and leaves what the page's button leaves."""

import html
import json
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.aurorax import AuroraX, DataSource
from apps.deletions.services import look_for
from apps.records.types import type_of
from apps.uploads.models import Upload
from tests.catalogue import files
from tests.conftest import NewSource
from tests.sources.forms import example_form, posted_by
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import _no_waiting, csv_of, minutes  # noqa: F401

pytestmark = pytest.mark.pyaurorax
Run = Callable[[str], None]
LANGUAGES = ["python", "curl"]
NASTY = {
    "quotes": '\'"\'"""$HOME `id` \\n',
    "lines": "one\nJSON\n'''",
    "letters": "Ærø ☃ {brace}",
    "none": None,
}
YEAR = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 12, 31, tzinfo=UTC))


@pytest.fixture(params=LANGUAGES)
def run(
    request: pytest.FixtureRequest, portal: SandboxProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Runs the script of one language that a page shows, as owner@example.org would."""
    monkeypatch.setenv("AURORAX_API_KEY", "sandbox-key-owner")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def run_in_shell(code: str) -> None:
        script = tmp_path / "script.sh"
        script.write_text(code)
        done = subprocess.run(["sh", str(script)], capture_output=True, text=True, check=False, timeout=30)
        assert done.returncode == 0, done.stdout + done.stderr

    def run_code(page: str) -> None:
        code = code_on(page, request.param)
        assert "sandbox-key" not in code
        if request.param == "curl":
            run_in_shell(code)
        else:
            exec(compile(code, "script.py", "exec"), {"__name__": "__main__"})

    run_code.language = request.param  # type: ignore[attr-defined]
    return run_code


@pytest.fixture
def twins(new_source: NewSource) -> tuple[DataSource, DataSource]:
    """Two data sources of owner@example.org: one for the button, one for the script."""
    return new_source(), new_source()


def code_on(page: str, language: str) -> str:
    """The script that a page shows."""
    found = re.search(rf'is-{language}">.*?<code>(.*?)</code>', page, flags=re.DOTALL)
    assert found, page
    return html.unescape(found[1])


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def fields_of(source: DataSource, *but: str) -> dict[str, Any]:
    """As AuroraX holds it."""
    return {name: value for name, value in source.to_api().items() if name not in ("identifier", *but)}


def held(aurorax: AuroraX, kind: str, source: DataSource) -> list[dict[str, Any]]:
    """All records of 2020, by their keys."""
    type_ = type_of(kind)
    rows = type_.search(aurorax, source, *YEAR)
    return [type_.record_of(row) for row in sorted(rows, key=type_.key)]


def uploaded(client: Client, source: DataSource, content: bytes, kind: str = "ephemeris") -> Upload:
    name = "day.csv" if content.startswith(b"epoch") else "day.json"
    client.post(
        reverse(f"{kind}-upload", args=[source.identifier]), {"file": SimpleUploadedFile(name, content)}
    )
    return Upload.objects.latest("created_at")


def sent(client: Client, source: DataSource, content: bytes, kind: str = "ephemeris") -> None:
    client.post(reverse("upload-send", args=[uploaded(client, source, content, kind).pk]))


def test_making_a_data_source(run: Run, as_owner: Client, aurorax: AuroraX) -> None:
    address = reverse("source-create")
    typed = example_form() | {
        "metadata": json.dumps(NASTY),
        "display_name": 'The station\'s "first" $HOME',
        "maintainers": "maintainer@example.org",
    }
    assert "Code for this action" in text_of(as_owner.get(address))
    run(text_of(as_owner.post(address, typed | {"platform": "by script", "code": "on"})))
    as_owner.post(address, typed | {"platform": "by button"})
    by_script, by_button = (
        aurorax.sources.list(program=typed["program"], platform=platform)[0]
        for platform in ("by script", "by button")
    )
    assert by_button.maintainers == ("maintainer@example.org",)
    assert fields_of(by_script, "platform") == fields_of(by_button, "platform")


def test_changing_a_data_source(
    run: Run, as_owner: Client, aurorax: AuroraX, twins: tuple[DataSource, DataSource]
) -> None:
    changes = {"display_name": 'It\'s "another" name', "metadata": json.dumps(NASTY)}
    for source, more in zip(twins, ({}, {"code": "on"}), strict=True):
        address = reverse("source-edit", args=[source.identifier])
        answer = as_owner.post(address, posted_by(as_owner.get(address)) | changes | more)
    run(text_of(answer))
    by_button, by_script = (aurorax.sources.get(source.identifier) for source in twins)
    assert by_button.metadata == NASTY
    assert fields_of(by_button, "platform") == fields_of(by_script, "platform")


def test_asking_for_code_sends_nothing(as_owner: Client, twins: tuple[DataSource, DataSource]) -> None:
    address = reverse("source-edit", args=[twins[0].identifier])
    typed = posted_by(as_owner.get(address))
    page = text_of(as_owner.post(address, typed | {"code": "on"}))
    assert "Nothing is changed in the form" in page
    wrong = as_owner.post(address, typed | {"display_name": "", "code": "on"})
    assert wrong.status_code == 422
    assert "PyAuroraX(" not in wrong.content.decode()


def test_deleting_a_data_source(
    run: Run, as_owner: Client, aurorax: AuroraX, twins: tuple[DataSource, DataSource]
) -> None:
    run(text_of(as_owner.get(reverse("source-delete", args=[twins[0].identifier]))))
    assert aurorax.sources.find(twins[0].identifier) is None


@pytest.mark.parametrize(("kind", "most_inline"), [("ephemeris", 100), ("ephemeris", 1), ("products", 100)])
def test_sending_a_file(
    run: Run,
    as_owner: Client,
    aurorax: AuroraX,
    twins: tuple[DataSource, DataSource],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    most_inline: int,
) -> None:
    for module in ("apps.uploads.code", "apps.uploads.views.pages"):
        monkeypatch.setattr(f"{module}.MOST_INLINE", most_inline)
    content = csv_of(*minutes(3), "2020-01-02T00:00:30,51.05,-114.07,with seconds")
    content = content if kind == "ephemeris" else files.products().encode()
    sent(as_owner, twins[0], content, kind)
    upload = uploaded(as_owner, twins[1], content, kind)
    page = text_of(as_owner.get(reverse("upload-detail", args=[upload.pk])))
    if most_inline == 1:
        answer: Any = as_owner.get(reverse("upload-records", args=[upload.pk]))
        (tmp_path / "records.json").write_bytes(b"".join(answer.streaming_content))
        assert reverse("upload-records", args=[upload.pk]) in page
    run(page)
    aurorax_holds = [held(aurorax, kind, source) for source in twins]
    assert aurorax_holds[0] == aurorax_holds[1]
    assert aurorax_holds[0]


def test_a_script_would_empty_what_a_file_does_not_give_and_is_not_offered(
    as_owner: Client, twins: tuple[DataSource, DataSource]
) -> None:
    sent(as_owner, twins[0], csv_of(*minutes(2)))
    upload = uploaded(as_owner, twins[0], b"epoch,lat,lon\n2020-01-01T00:00:00,51.06,-114.07\n")
    page = text_of(as_owner.get(reverse("upload-detail", args=[upload.pk])))
    assert "a script would empty it" in page
    assert "PyAuroraX(" not in page


@pytest.mark.parametrize("kind", ["ephemeris", "products"])
def test_exporting(
    run: Run, as_owner: Client, twins: tuple[DataSource, DataSource], tmp_path: Path, kind: str
) -> None:
    rows = csv_of(*minutes(2), "2020-01-31T23:59:59,51,-114,a", "2020-02-10T00:00:00,51,-114,b")
    sent(as_owner, twins[0], rows if kind == "ephemeris" else files.products().encode(), kind)
    span = {"start": "2020-01-01T00:00:00", "end": "2020-02-29T00:00:00"}
    export = reverse(f"{kind}-export-download", args=[twins[0].identifier])
    answer: Any = as_owner.get(export, span | {"format": "json"})
    wanted = json.loads(b"".join(answer.streaming_content))
    page = text_of(
        as_owner.get(reverse(f"{kind}-export", args=[twins[0].identifier]), span | {"format": "json"})
    )
    run(page)
    assert by_key(read_records(tmp_path), kind) == by_key(wanted, kind)
    assert wanted


def read_records(folder: Path) -> list[dict[str, Any]]:
    """What either script has written."""
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("records*.json")):
        content = json.loads(path.read_text())
        found += content["result"] if isinstance(content, dict) else content
    return found


def by_key(records: list[dict[str, Any]], kind: str) -> list[Any]:
    """In the shape of an upload: a search repeats the data source within each record."""
    type_ = type_of(kind)
    rows = [type_.row_of({"data_source": {}} | record) for record in records]
    return [type_.record_of(row) for row in sorted(rows, key=type_.key)]


@pytest.mark.parametrize("kind", ["ephemeris", "products"])
def test_deleting_records_of_a_span(
    run: Run, as_owner: Client, aurorax: AuroraX, twins: tuple[DataSource, DataSource], kind: str
) -> None:
    content = csv_of(*minutes(5)) if kind == "ephemeris" else files.products().encode()
    for source in twins:
        sent(as_owner, source, content, kind)
    span = {"start": "2020-01-01T00:01:00", "end": "2020-01-01T00:03:00"}
    span = span if kind == "ephemeris" else {"start": "2020-01-01T00:00:00", "end": "2020-01-03T23:59:59"}
    before = held(aurorax, kind, twins[1])
    first, second = (
        as_owner.post(reverse(f"{kind}-delete", args=[source.identifier]), span).headers["Location"]
        for source in twins
    )
    count = as_owner.get(first).context["deletion"].count
    as_owner.post(first, {"decision": "confirm", "count": str(count)})
    run(text_of(as_owner.get(second)))
    aurorax_holds = [held(aurorax, kind, source) for source in twins]
    assert aurorax_holds[0] == aurorax_holds[1]
    assert 0 < len(aurorax_holds[1]) < len(before)


def test_deleting_chosen_products(
    run: Run, as_owner: Client, aurorax: AuroraX, twins: tuple[DataSource, DataSource]
) -> None:
    urls = ["https://data.example.org/2.mp4", "keogram5.jpg"]
    for source in twins:
        sent(as_owner, source, files.products().encode(), "products")
    owner = User.objects.get(username="owner@example.org")
    deletions = [
        look_for(by=owner, source=source, kind="products", start=YEAR[0], end=YEAR[1], urls=urls)
        for source in twins
    ]
    pages = [reverse("products-deletion", args=[each.source_identifier, each.pk]) for each in deletions]
    as_owner.post(pages[0], {"decision": "confirm", "count": "2"})
    run(text_of(as_owner.get(pages[1])))
    aurorax_holds = [held(aurorax, "products", source) for source in twins]
    assert aurorax_holds[0] == aurorax_holds[1]
    assert len(aurorax_holds[1]) == 9


def test_many_products_are_deleted_by_a_search(
    portal: SandboxProcess, as_owner: Client, aurorax: AuroraX, twins: tuple[DataSource, DataSource],
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.setattr("apps.deletions.code.MOST_INLINE", 1)
    monkeypatch.setenv("AURORAX_API_KEY", "sandbox-key-owner")
    monkeypatch.setenv("HOME", str(tmp_path))
    sent(as_owner, twins[0], files.products().encode(), "products")
    span = {"start": "2020-01-02T00:00:00", "end": "2020-01-04T23:59:59"}
    where = as_owner.post(reverse("products-delete", args=[twins[0].identifier]), span).headers["Location"]
    page = text_of(as_owner.get(where))
    assert "By curl alone" in page
    exec(compile(code_on(page, "python"), "script.py", "exec"), {})
    left = held(aurorax, "products", twins[0])
    assert len(left) == 6
    assert not [record for record in left if "2020-01-02" <= record["start"][:10] <= "2020-01-04"]
