"""Data products out of a list of URLs and a pattern of their names."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.aurorax import AuroraX, DataSource
from apps.products import name_patterns, url_lists
from apps.products.name_patterns import NamePattern, WrongPattern
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.support.uploads import _no_waiting, act, source  # noqa: F401
from tests.uploads.test_cases import held

pytestmark = pytest.mark.any_database
DAY = timedelta(days=1)
PATTERN = "{date:%Y%m%d}__{site}_{device}_full-keogram.jpg"
BASE = "https://data.example.org/keograms"
URLS = [f"{BASE}/2020/01/{day:02}/202001{day:02}__gako_rego-649_full-keogram.jpg" for day in range(1, 31)]


@pytest.mark.parametrize(
    ("pattern", "url", "start", "end", "metadata"),
    [
        (PATTERN, URLS[0], "2020-01-01T00:00", "2020-01-01T23:59", {"site": "gako", "device": "rego-649"}),
        ("{start:%Y%m%d_%H%M}-{end:%Y%m%d_%H%M}.png", "20200101_0600-20200101_0700.png", "2020-01-01T06:00", "2020-01-01T07:00", {}),
        ("{date:%Y/%j}/keo_{*}.png", f"{BASE}/2020/032/keo_7.png", "2020-02-01T00:00", "2020-02-01T23:59", {}),
        ("{date:%Y/%m/%d}/ut{start:%H}/{site}.jpg", f"{BASE}/2020/01/02/ut07/gill.jpg", "2020-01-02T07:00", "2020-01-03T06:59", {"site": "gill"}),
        ("{site}-{date:%d%b%y}.png", "gill-03Jan20.png", "2020-01-03T00:00", "2020-01-03T23:59", {"site": "gill"}),
    ],
)  # fmt: skip
def test_a_name_says_start_end_and_metadata(
    pattern: str, url: str, start: str, end: str, metadata: dict[str, str]
) -> None:
    found = NamePattern(pattern, DAY).read(url)
    assert not isinstance(found, str), found
    assert (f"{found.start:%Y-%m-%dT%H:%M}", f"{found.end:%Y-%m-%dT%H:%M}") == (start, end)
    assert (found.url, found.metadata) == (url, metadata)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (f"{BASE}/readme.txt", "The name is not as the pattern has it."),
        (f"{BASE}/20200231__gako_rego-649_full-keogram.jpg", "There is no such date or time."),
        (f"{BASE}/20200101__gako_rego-649_full-keogram.jpg.bak", "The name is not as the pattern has it."),
    ],
)
def test_a_name_that_does_not_fit_is_told(url: str, reason: str) -> None:
    assert NamePattern(PATTERN, DAY).read(url) == reason


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{site}.jpg", "no date"),
        ("{date:%Y%Q}.jpg", "“%Q”"),
        ("{date:%Y}_{site}_{site}", "twice"),
        ("{date:%Y}_{two words}", "two words"),
        ("{date}", "no date"),
    ],
)
def test_a_pattern_that_cannot_be_meant_is_told(pattern: str, message: str) -> None:
    with pytest.raises(WrongPattern, match=message):
        NamePattern(pattern, DAY)


def test_a_pattern_is_proposed_by_the_first_name() -> None:
    assert name_patterns.proposed(URLS[0]) == "{date:%Y%m%d}__gako_rego-649_full-keogram.jpg"
    assert name_patterns.proposed(f"{BASE}/keogram-1234.jpg") == ""


def test_a_directory_saved_as_html_is_a_list_of_its_files() -> None:
    page = """<!-- saved from url=(0042)https://data.example.org/keograms/2020/01/ -->
<html><head><title>Index of /keograms/2020/01</title></head><body><h1>Index of /keograms/2020/01</h1><pre>
<a href="?C=N;O=D">Name</a> <a href="/keograms/2020/">Parent Directory</a>
<a href="20200101__gako_rego-649_full-keogram.jpg">20200101__gako_rego-64..&gt;</a> 2020-01-02 03:04 1.2M
<a href="20200102__gako_rego-649_full-keogram.jpg">20200102__gako_rego-64..&gt;</a> 2020-01-03 03:04 1.2M
</pre></body></html>"""
    assert url_lists.urls_of(page, "") == [
        (4, f"{BASE}/2020/01/20200101__gako_rego-649_full-keogram.jpg"),
        (5, f"{BASE}/2020/01/20200102__gako_rego-649_full-keogram.jpg"),
    ]
    assert url_lists.urls_of(page, "https://mirror.example.org/k")[0][1].startswith(
        "https://mirror.example.org/k/2020"
    )


def test_thirty_urls_are_previewed_then_uploaded_and_arrive(
    as_owner: Client,
    source: DataSource,  # noqa: F811
    aurorax: AuroraX,
) -> None:
    address = reverse("products-names", args=[source.identifier])
    posted = {
        "urls": "\n".join([*URLS, f"{BASE}/readme.txt"]),
        "pattern": PATTERN,
        "length": "1440",
        "data_product_type": "keogram",
        "base": "",
    }
    page = unescape(as_owner.post(address, posted | {"preview": "yes"}).content.decode())
    assert "30 names fit the pattern, 1 does not." in page
    assert "line 31" in page
    assert "Upload 30 data products" in page
    assert not Upload.objects.exists()
    answer = as_owner.post(address, posted | {"upload": "yes"})
    upload = Upload.objects.get()
    assert answer.headers["Location"] == reverse("upload-detail", args=[upload.pk])
    assert (upload.state, upload.valid) == (State.CHECKED, 30)
    assert "Verified" in act(as_owner, upload, "send")
    found = held(aurorax, source, "products")
    assert set(found) == {*URLS}
    assert found[URLS[0]]["metadata"] == {"site": "gako", "device": "rego-649"}
    assert (found[URLS[0]]["start"], found[URLS[0]]["end"]) == ("2020-01-01T00:00:00", "2020-01-01T23:59:00")


def test_a_file_of_names_goes_into_the_box_so_that_nothing_has_to_be_chosen_twice(
    as_owner: Client,
    source: DataSource,  # noqa: F811
) -> None:
    names = "\n".join(url.rpartition("/")[2] for url in URLS)
    posted = {
        "file": SimpleUploadedFile("names.txt", names.encode()),
        "base": BASE,
        "length": "1440",
        "data_product_type": "keogram",
    }
    answer = as_owner.post(reverse("products-names", args=[source.identifier]), posted)
    form = answer.context["form"]
    assert form["urls"].value() == names
    assert form["pattern"].value() == "{date:%Y%m%d}__gako_rego-649_full-keogram.jpg"
    assert form.products[0].url == f"{BASE}/{names.splitlines()[0]}"
    assert form.products[0].start == datetime(2020, 1, 1, tzinfo=UTC)


def test_what_is_missing_is_said_and_nothing_typed_is_lost(as_owner: Client, source: DataSource) -> None:  # noqa: F811
    address = reverse("products-names", args=[source.identifier])
    empty = as_owner.post(address, {"length": "60", "data_product_type": "movie"})
    assert (empty.status_code, "Paste the URLs" in empty.content.decode()) == (422, True)
    posted = {"urls": "a.jpg", "pattern": "{date:%Y}.png", "length": "60", "data_product_type": "movie"}
    wrong = as_owner.post(address, posted)
    assert wrong.status_code == 422
    assert "No name is as the pattern has it" in wrong.content.decode()
    assert "The name is not as the pattern has it." in wrong.content.decode()
    assert wrong.context["form"]["urls"].value() == "a.jpg"
