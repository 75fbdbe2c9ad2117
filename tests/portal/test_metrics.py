"""What Prometheus reads at /metrics, and who may."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from apps.aurorax import AuroraX, errors
from apps.jobs.models import RecoveryRun
from apps.uploads.models import Upload
from apps.uploads.states import State
from tests.support.sandbox import SandboxProcess
from tests.support.uploads import UploadFile, csv_of, minutes

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(client: Client) -> Samples:
    """Everything that is measured, by name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.content.decode()
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples.get((name, frozenset(labels.items())), 0.0)


def test_uploads_the_queue_and_recovery_are_as_the_database_has_them(
    client: Client, upload_file: UploadFile
) -> None:
    upload = upload_file(csv_of(*minutes(3)))
    upload_file(csv_of(*minutes(4)))
    waits = upload_file(csv_of(*minutes(5)))
    now = timezone.now()
    Upload.objects.filter(pk=upload.pk).update(
        state=State.SENDING,
        sent=500,
        pace_since=now - timedelta(seconds=10),
        pace_connections=4,
        pace_records=2_000,
        lease_until=now + timedelta(minutes=1),
    )
    Upload.objects.filter(pk=waits.pk).update(
        state=State.COMPARING, woken_at=now - timedelta(seconds=90), lease_until=None
    )
    RecoveryRun.objects.create(kind="uploads", ended_at=now, failures=3)
    samples = read(client)
    assert value(samples, "portal_uploads", state="sending") == 1
    assert value(samples, "portal_uploads", state="checked") == 1
    assert value(samples, "portal_rows_per_second") == pytest.approx(50, abs=5)
    assert value(samples, "portal_pace_connections") == 4
    assert value(samples, "portal_pace_records") == 2_000
    assert value(samples, "portal_oldest_waiting_upload_seconds") == pytest.approx(90, abs=20)
    assert value(samples, "portal_queue_up") == 1
    last = value(samples, "portal_recovery_last_timestamp_seconds", kind="uploads")
    assert last == pytest.approx(now.timestamp())
    assert value(samples, "portal_recovery_failures_total", kind="uploads") == 3


@pytest.mark.usefixtures("db")
def test_requests_are_counted_by_view_method_and_status(client: Client) -> None:
    labels = {"view": "healthz", "method": "GET", "status": "200"}
    before = value(read(client), "portal_request_seconds_count", **labels)
    client.get("/healthz")
    client.get("/healthz")
    assert value(read(client), "portal_request_seconds_count", **labels) == before + 2


@pytest.mark.usefixtures("db")
def test_addresses_that_lead_nowhere_and_strange_methods_make_no_labels_of_their_own(client: Client) -> None:
    client.get("/nowhere/one")
    client.generic("BREW", "/nowhere/two")
    text = client.get("/metrics").content.decode()
    assert ("/nowhere" in text, "BREW" in text) == (False, False)


def test_calls_to_aurorax_are_counted_by_outcome_each_attempt_by_itself(
    client: Client, portal: SandboxProcess, aurorax: AuroraX, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.aurorax.transport.BACK_OFF", lambda state: 0.0)

    def calls(outcome: str) -> float:
        return value(read(client), "aurorax_call_seconds_count", method="GET", outcome=outcome)

    done, failed, refused = calls("done"), calls("server_error"), calls("not_found")
    with portal.switched(errors="500=1", times=2):
        aurorax.sources.get(103)
    with pytest.raises(errors.NotFound):
        aurorax.sources.get(999_999)
    assert (calls("done"), calls("server_error"), calls("not_found")) == (done + 1, failed + 2, refused + 1)


@pytest.mark.usefixtures("db")
def test_without_a_token_only_this_machine_may_see_it_and_not_through_a_proxy(client: Client) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}).status_code == 403


@pytest.mark.usefixtures("db")
def test_with_a_token_whoever_sends_it_may_see_it_and_nobody_else(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "a long token"

    def status(authorization: str) -> int:
        headers = {"Authorization": authorization}
        return client.get("/metrics", headers=headers, REMOTE_ADDR="10.0.0.7").status_code

    assert client.get("/metrics").status_code == 403
    assert (status("Bearer another"), status("a long token")) == (403, 403)
    assert status("Bearer a long token") == 200
