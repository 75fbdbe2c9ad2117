"""A real worker that is killed while it deletes, and another that takes over."""

import re
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apps.aurorax import AuroraX, AuroraXCredential, EphemerisRecord, Location
from tests.uploads.test_worker import Browser, WorkerlessStack, wait_for

RECORDS, KEPT = 400, 10
START = datetime(2021, 1, 1, tzinfo=UTC)
FAR = timedelta(days=8)  # so far apart that each ten of them are deleted by a request of their own
DELETED = re.compile(r"([\d,]+) of 400 ephemeris records deleted")


def test_workers_killed_while_they_delete_leave_nothing_behind_and_take_nothing_else(tmp_path: Path) -> None:
    stack = WorkerlessStack(
        tmp_path,
        UPLOAD_LEASE_SECONDS="2",
        SANDBOX_LATENCY="0.05",
        SANDBOX_INGEST_DELAY="0",
        SANDBOX_SEARCH_SECONDS="0",
    )
    with stack.running():
        client = AuroraX(AuroraXCredential("api_key", "sandbox-key-owner"), stack.sandbox_url)
        source = client.sources.get(103)
        minutes = [START + n // 10 * FAR + timedelta(minutes=n % 10) for n in range(RECORDS + KEPT)]
        records = [EphemerisRecord(each, location_geo=Location(51.5, -114.0)) for each in minutes]
        client.ephemeris.upload(source.identifier, records, source=source)
        browser = Browser(stack.url)
        browser.post("/sign-in/", "/sign-in/", email="owner@example.org", password="sandbox-owner")
        form = "/sources/103/ephemeris/delete/"
        span = {
            "start": f"{minutes[0]:%Y-%m-%dT%H:%M:00}",
            "end": f"{minutes[RECORDS - 1]:%Y-%m-%dT%H:%M:00}",
        }
        page = browser.post(form, form, **span).url.removeprefix(stack.url)

        def deleted() -> int:
            found = DELETED.search(browser.get(page).text)
            return int(found.group(1)) if found else 0

        worker = stack.worker()
        wait_for(lambda: "btn-danger" in browser.get(page).text)
        browser.post(page, page, decision="confirm", count=str(RECORDS))
        for least in (20, 120):
            wait_for(lambda least=least: deleted() >= least)  # type: ignore[misc]
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            assert deleted() < RECORDS
            worker = stack.worker()
        try:
            wait_for(lambda: "holds none of them any more" in browser.get(page).text)
        finally:
            worker.terminate()
            worker.wait(timeout=10)
        assert re.search(r"\b400 ephemeris records deleted;", browser.get(page).text)
        left = client.ephemeris.search(source, START, minutes[-1])
        assert [record.epoch for record in left] == minutes[RECORDS:]
