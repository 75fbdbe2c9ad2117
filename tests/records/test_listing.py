"""Tables of records of either kind: selecting across pages, choosing columns, copying as CSV."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataProductRecord, DataSource, EphemerisRecord, Location
from apps.aurorax.records import MetadataField
from apps.deletions.models import Deletion
from apps.uploads.models import Upload
from tests.conftest import NewSource

pytestmark = pytest.mark.any_database

DAY = datetime(2020, 1, 1, tzinfo=UTC)
BAR = {"HX-Request": "true", "HX-Target": "div#selection-bar"}
FIRST_PAGE, COUNT = 100, 150
SPAN = {"ephemeris": {"day": "2020-01-01"}, "products": {"first": "2020-01-01", "last": "2020-01-01"}}


class Records(NamedTuple):
    """150 records of one kind in a data source, as AuroraX's edge sees them, and a client that looks at them."""

    aurorax: AuroraX
    source: DataSource
    kind: str

    def put(self, numbers: Sequence[int]) -> None:
        moments = [DAY + timedelta(minutes=number) for number in numbers]
        if self.kind == "ephemeris":
            found = [EphemerisRecord(moment, Location(51.0, number), metadata=self.metadata(number))
                     for number, moment in zip(numbers, moments, strict=True)]  # fmt: skip
            self.aurorax.ephemeris.upload(self.source.identifier, found, source=self.source)
            return
        products = [DataProductRecord("keogram", moment, moment, f"https://example.org/{number:03}.jpg", self.metadata(number))
                    for number, moment in zip(numbers, moments, strict=True)]  # fmt: skip
        self.aurorax.products.upload(self.source.identifier, products, source=self.source)

    def drop(self, number: int) -> None:
        moment = DAY + timedelta(minutes=number)
        if self.kind == "ephemeris":
            self.aurorax.ephemeris.delete(self.source, moment, moment)
        else:
            self.aurorax.products.delete(self.source, [f"https://example.org/{number:03}.jpg"])

    def metadata(self, number: int) -> dict[str, Any]:
        return {"number": number, "note": "=1+1" if number == 7 else f"note {number}"}

    def address(self, what: str, **query: object) -> str:
        path = reverse(f"{self.kind}-{what}", args=[self.source.identifier])
        return f"{path}?{'&'.join(f'{name}={value}' for name, value in (SPAN[self.kind] | query).items())}"

    def page(self, client: Client, number: int = 1) -> Any:
        answer = client.get(self.address("browse", page=number, view="table"))
        assert answer.status_code == 200
        return answer

    def keys(self, client: Client, number: int = 1) -> list[str]:
        return [row.key for row in self.page(client, number).context["table"].rows]

    def ticked(self, client: Client, number: int = 1) -> list[int]:
        """The places of the rows that a page shows as selected."""
        rows = self.page(client, number).context["table"].rows
        return [place for place, row in enumerate(rows) if row.is_selected]

    def tick(self, client: Client, places: Sequence[int], number: int = 1) -> str:
        """Leave a page with these rows ticked, as its script tells at once; answers the words of the bar."""
        keys = self.keys(client, number)
        form = {"page": number, "shown": " ".join(keys), "ticked": [keys[place] for place in places]}
        return words(client.post(self.address("selection"), form, headers=BAR))

    def press(self, client: Client, verb: str, number: int = 1) -> Any:
        form = {"page": number, "shown": " ".join(self.keys(client, number)), "verb": verb}
        answer = client.post(self.address("selection"), form)
        assert answer.status_code == 302
        return answer

    def said(self, client: Client) -> str:
        return words(self.page(client))


def words(answer: Any) -> str:
    """How much the selection bar says is selected."""
    page = answer.content.decode()
    said = page.partition("data-selection>")[2].partition("</p>")[0]
    for tag in ('<strong class="tabular">', "</strong>", '<span class="text-secondary">', "</span>"):
        said = said.replace(tag, "")
    return " ".join(said.split())


def rows_of(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def numbers_in(answer: Any) -> list[int]:
    return [int(row["metadata.number"]) for row in rows_of(answer)]


@pytest.fixture(params=["ephemeris", "products"])
def records(request: pytest.FixtureRequest, aurorax: AuroraX, new_source: NewSource) -> Records:
    schema = [MetadataField("number", data_type="int").to_api(), MetadataField("note").to_api()]
    fields = {"ephemeris_metadata_schema": schema, "data_product_metadata_schema": schema}
    found = Records(aurorax, new_source(maintainers=["maintainer@example.org"], **fields), request.param)
    found.put(range(COUNT))
    return found


# Selecting -----------------------------------------------------------------------------------------------------------


def test_what_is_ticked_on_one_page_stays_while_others_are_looked_at(
    as_user: Client, records: Records
) -> None:
    assert records.said(as_user) == "Nothing selected"
    assert records.tick(as_user, [0, 3]) == "2 selected on 1 page"
    assert records.tick(as_user, [1], 2) == "3 selected on 2 pages"
    assert (records.ticked(as_user), records.ticked(as_user, 2)) == ([0, 3], [1])
    assert records.tick(as_user, [3]) == "2 selected on 2 pages"
    assert records.said(as_user) == "2 selected on 2 pages"


def test_a_page_is_selected_by_its_button(as_user: Client, records: Records) -> None:
    back = records.press(as_user, "page", 2).headers["Location"]
    assert back == records.address("browse", page=2) + "#records"
    assert records.said(as_user) == "50 selected on 1 page"
    assert numbers_in(as_user.get(records.address("selection-csv"))) == [*range(FIRST_PAGE, COUNT)]


def test_all_that_match_are_selected_by_one_button_that_names_their_number(
    as_user: Client, records: Records
) -> None:
    assert "Select all 150 that match" in records.page(as_user).content.decode()
    records.press(as_user, "everything")
    assert records.said(as_user) == "All 150 that match are selected"
    assert len(records.ticked(as_user, 2)) == COUNT - FIRST_PAGE
    assert records.tick(as_user, [*range(1, 50)], 2) == "149 selected: all that match but 1"
    assert numbers_in(as_user.get(records.address("selection-csv"))) == [
        number for number in range(COUNT) if number != FIRST_PAGE
    ]


def test_clear_forgets_what_is_selected(as_user: Client, records: Records) -> None:
    records.press(as_user, "everything")
    records.press(as_user, "nothing")
    assert records.said(as_user) == "Nothing selected"


def test_a_selection_belongs_to_a_person_a_source_and_a_filter(
    as_user: Client, as_owner: Client, records: Records, new_source: NewSource
) -> None:
    records.press(as_user, "everything")
    elsewhere = records._replace(source=new_source())
    elsewhere.put(range(3))
    assert records.said(as_owner) == "Nothing selected"
    assert elsewhere.said(as_user) == "Nothing selected"
    tomorrow = records.address("selection-csv").replace("2020-01-01", "2020-01-02")
    assert as_user.get(tomorrow).status_code == 302


def test_more_than_can_be_remembered_one_by_one_changes_nothing(
    as_owner: Client, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.records.views.tables.MOST_SINGLE", 120)
    records.press(as_owner, "page")
    form = {"page": 2, "shown": " ".join(records.keys(as_owner, 2)), "verb": "page"}
    told = as_owner.post(records.address("selection"), form, headers=BAR)
    assert told.headers["HX-Redirect"] == records.address("browse", page=2)
    page = as_owner.post(records.address("selection-delete"), form, follow=True)
    assert "Select all that match, and take out what you do not want" in page.content.decode()
    assert records.said(as_owner) == "100 selected on 1 page"
    assert not Deletion.objects.exists()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"verb": "dance", "page": "-1", "shown": "", "ticked": "x"},
        {"page": "²", "shown": "\0 'x' " + "y" * 999, "ticked": ["\0", "z"]},
        {"page": "9" * 5_000, "shown": " ".join(map(str, range(5_000))), "verb": "page"},
    ],
)
def test_nonsense_selects_at_most_a_page_and_is_no_failure(
    as_user: Client, records: Records, form: dict[str, Any]
) -> None:
    assert as_user.post(records.address("selection"), form).status_code == 302
    bar = as_user.post(records.address("selection"), form, headers=BAR)
    assert bar.status_code == 200
    assert words(bar) in ("Nothing selected", "1 selected on 1 page", "100 selected on 1 page")
    told = as_user.get(records.address("selection-csv"))
    assert told.status_code in (302, 409)


@pytest.mark.parametrize("what", ["selection-csv", "records-csv"])
@pytest.mark.parametrize("query", ["", "day=never&first=never", "day=0001-01-01&first=9999-12-31"])
def test_without_a_filter_there_is_nothing_to_select(
    as_user: Client, records: Records, what: str, query: str
) -> None:
    path = records.address(what).partition("?")[0]
    assert as_user.get(f"{path}?{query}").status_code == 404
    assert as_user.post(f"{records.address('selection').partition('?')[0]}?{query}").status_code == 404


# Acting on it --------------------------------------------------------------------------------------------------------


def test_without_a_selection_there_is_nothing_to_do(as_owner: Client, records: Records) -> None:
    for answer in (
        as_owner.get(records.address("selection-csv"), follow=True),
        as_owner.post(records.address("selection-delete"), follow=True),
    ):
        assert "Nothing is selected here. Tick some records first." in answer.content.decode()


def test_records_that_have_changed_since_are_not_acted_on_but_selected_anew(
    as_owner: Client, records: Records
) -> None:
    records.press(as_owner, "everything")
    records.drop(149)
    records.put([160, 161])
    for told in (
        as_owner.get(records.address("selection-csv")),
        as_owner.post(records.address("selection-delete")),
    ):
        assert told.status_code == 409
        page = " ".join(told.content.decode().split())
        assert 'You selected <strong class="tabular">150</strong>' in page
        assert "Select the 151 that are there now" in page
    assert not Deletion.objects.exists()
    as_owner.post(records.address("selection"), {"verb": "again"})
    assert records.said(as_owner) == "All 151 that match are selected"
    assert numbers_in(as_owner.get(records.address("selection-csv")))[-2:] == [160, 161]


def test_single_records_that_are_gone_are_told_before_anything_is_done(
    as_owner: Client, records: Records
) -> None:
    records.tick(as_owner, [1, 2, 3])
    records.drop(2)
    told = as_owner.post(records.address("selection-delete"))
    assert told.status_code == 409
    assert "Select the 2 that are there now" in told.content.decode()
    as_owner.post(records.address("selection"), {"verb": "again"})
    assert records.said(as_owner) == "2 selected on 1 page"


def test_a_deletion_of_all_that_match_is_shown_with_count_and_sample(
    as_maintainer: Client, records: Records
) -> None:
    records.press(as_maintainer, "everything")
    page = as_maintainer.post(records.address("selection-delete"), follow=True).content.decode()
    deletion = Deletion.objects.get()
    assert deletion.count == COUNT
    assert "Type 150 to say that you mean all of them." in page
    assert "2020-01-01T00:00:00" in page
    assert len(records.keys(as_maintainer)) == FIRST_PAGE  # nothing is deleted yet


def test_ticks_that_no_script_has_told_count_when_the_page_is_left(
    as_maintainer: Client, records: Records
) -> None:
    keys = records.keys(as_maintainer)
    form = {"page": 1, "shown": " ".join(keys), "ticked": keys[4:6]}
    as_maintainer.post(records.address("selection-delete"), form)
    assert Deletion.objects.get().count == 2
    assert records.ticked(as_maintainer) == [4, 5]


# Copying -------------------------------------------------------------------------------------------------------------


def test_a_page_or_all_of_them_are_files(as_user: Client, records: Records) -> None:
    everything, page = (
        as_user.get(records.address("records-csv")),
        as_user.get(records.address("records-csv", page=2)),
    )
    assert numbers_in(everything) == [*range(COUNT)]
    assert numbers_in(page) == [*range(FIRST_PAGE, COUNT)]
    assert page.headers["Content-Disposition"].endswith('-page-2.csv"')


def test_a_copy_runs_no_formula(as_user: Client, records: Records) -> None:
    row = rows_of(as_user.get(records.address("records-csv")))[7]
    assert row["metadata.note"] == ""
    assert json.loads(row["metadata"]) == {"note": "=1+1"}


def test_a_copy_of_the_selection_uploads_as_identical(as_owner: Client, records: Records) -> None:
    records.tick(as_owner, [0, 1, 99])
    copied = as_owner.get(records.address("selection-csv")).content
    file = SimpleUploadedFile("copied.csv", copied)
    address = reverse(f"{records.kind}-upload", args=[records.source.identifier])
    assert as_owner.post(address, {"file": file}).status_code == 302
    upload = Upload.objects.get()
    assert (upload.state, upload.rows, upload.identical, upload.with_problems) == ("done", 3, 3, 0)


# Columns -------------------------------------------------------------------------------------------------------------


def test_columns_that_were_not_ticked_stay_hidden_everywhere_and_in_no_file(
    as_user: Client, as_owner: Client, records: Records, new_source: NewSource
) -> None:
    offered = [column.name for column in records.page(as_user).context["columns"]]
    assert offered[-2:] == ["metadata.number", "metadata.note"]
    form = {"offered": offered, "column": ["metadata.note"]}
    back = as_user.post(records.address("columns", page=2), form)
    assert back.headers["Location"] == f"{records.address('browse', page=2)}#records"

    elsewhere = records._replace(source=new_source())
    elsewhere.put([0])
    for each in (records, elsewhere):
        table = each.page(as_user).context["table"]
        assert [column.name for column in table.columns] == ["metadata.note"]
        assert list(table.rows[0].texts) == ["note 0"]
    assert len(records.page(as_owner).context["table"].columns) == len(offered)
    assert len(rows_of(as_user.get(records.address("records-csv")))[0]) > 4


def test_a_page_says_how_many_columns_it_shows(as_user: Client, records: Records) -> None:
    assert " of <" not in records.page(as_user).content.decode()
    columns = [column.name for column in records.page(as_user).context["columns"]]
    as_user.post(records.address("columns"), {"offered": columns, "column": columns[:2]})
    assert f"2 of {len(columns)}</span>" in records.page(as_user).content.decode()


# Asking AuroraX ------------------------------------------------------------------------------------------------------


def test_a_page_asks_for_the_source_and_for_its_records_once(
    as_owner: Client, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    really_ask = requests.Session.request

    def noted(session: requests.Session, method: str, url: str, **options: Any) -> requests.Response:
        asked.append(f"{method} {url.partition('/api/v1')[2]}")
        return really_ask(session, method, url, **options)

    monkeypatch.setattr(requests.Session, "request", noted)
    search = "ephemeris" if records.kind == "ephemeris" else "data_products"
    records.page(as_owner, 2)
    assert asked == [
        f"GET /data_sources/{records.source.identifier}",
        f"POST /{search}/search_synchronous",
    ]
    asked.clear()
    form = {"page": 1, "shown": "a b", "ticked": "a"}
    as_owner.post(records.address("selection"), form, headers=BAR)
    assert asked == [
        f"GET /data_sources/{records.source.identifier}"
    ]  # whose rights are asked, and nothing else
