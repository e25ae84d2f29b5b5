"""Carbon without PostgreSQL, Redis or CodeCarbon's measurements: each is a fake behind carbon's protocols."""

from __future__ import annotations

import http.client
import json
import logging
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from src.components import carbon_component as carbon
from src.components.base import ConfigurationError

ENVIRONMENT = {
    "CARBON_COUNTRY": "DEU",
    "CARBON_SAMPLE_SECONDS": "5",
    "POSTGRES_HOST": "postgres",
    "POSTGRES_DB": "tta",
    "POSTGRES_USER": "tta",
    "POSTGRES_PASSWORD": "made-up",
    "REDIS_HOST": "redis",
    "REDIS_PASSWORD": "made-up",
}
NOON = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
SAMPLE = carbon.Sample(NOON, seconds=10.0, energy_kwh=0.0001, emissions_kg=0.00004)


class FakeStore:
    """Samples in a list; `away` makes every method fail like a stopped server."""

    def __init__(self) -> None:
        self.samples: list[carbon.Sample] = []
        self.away = False
        self.reports = 0

    def ping(self) -> None:
        if self.away:
            raise carbon.UnavailableError("PostgreSQL: connection refused")

    def add(self, sample: carbon.Sample) -> None:
        self.ping()
        self.samples.append(sample)

    def report(self, last: int) -> carbon.Report:
        self.reports += 1
        self.ping()
        return carbon.Report(
            samples=len(self.samples),
            energy_kwh=sum(sample.energy_kwh for sample in self.samples),
            emissions_kg=sum(sample.emissions_kg for sample in self.samples),
            since=self.samples[0].taken if self.samples else None,
            last=tuple(reversed(self.samples[-last:])),
        )


class FakeCache:
    """Texts in a dictionary; nothing expires."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.away = False

    def ping(self) -> None:
        if self.away:
            raise carbon.UnavailableError("Redis: connection refused")

    def get(self, key: str) -> str | None:
        self.ping()
        return self.texts.get(key)

    def put(self, key: str, text: str, seconds: int) -> None:
        self.ping()
        self.texts[key] = text


class FakeTracker:
    """Counts what it was told."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")

    def stop(self) -> None:
        self.calls.append("stop")


class System:
    """Carbon's inner parts around the fakes."""

    def __init__(self) -> None:
        self.store = FakeStore()
        self.cache = FakeCache()
        self.metrics = carbon.Metrics()
        self.now = 1000.0
        self.monitor = carbon.Monitor(
            {"postgres": self.store.ping, "redis": self.cache.ping}, self.metrics, clock=lambda: self.now
        )
        self.recorder = carbon.Recorder(self.store, self.metrics)
        self.pages = carbon.Pages("DEU", self.store, self.cache, self.monitor, self.metrics)

    def look(self) -> None:
        self.monitor.look("postgres")
        self.monitor.look("redis")

    def metric(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(name, labels)


@pytest.fixture
def system() -> System:
    """Everything is there, and the monitor has seen it."""
    system = System()
    system.look()
    return system


def body(answer: carbon.Answer) -> dict[str, Any]:
    return json.loads(answer.body)


# --- settings ---------------------------------------------------------------------------------------


def test_settings_come_from_the_environment() -> None:
    settings = carbon.Settings.from_environment(ENVIRONMENT)
    assert (settings.country, settings.sample_seconds, settings.redis_host) == ("DEU", 5.0, "redis")


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_every_setting_is_required_and_named_in_one_sentence(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name} is missing: set it .* {name}=[^\n]+$"):
        carbon.Settings.from_environment({**ENVIRONMENT, name: " "})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CARBON_COUNTRY", "Germany"),
        ("CARBON_COUNTRY", "deu"),
        ("CARBON_SAMPLE_SECONDS", "often"),
        ("CARBON_SAMPLE_SECONDS", "0"),
        ("CARBON_SAMPLE_SECONDS", "nan"),
        ("CARBON_SAMPLE_SECONDS", "inf"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_its_value(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name} is '{value}'"):
        carbon.Settings.from_environment({**ENVIRONMENT, name: value})


def test_a_country_that_codecarbon_does_not_know_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no energy mix"):
        carbon.CodeCarbonTracker("XYZ", 5.0, lambda sample: None)


def test_main_says_what_is_missing_and_returns_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])  # main sets up logging; pytest's own comes back after
    monkeypatch.setattr(logging.root, "level", logging.root.level)
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    assert carbon.main() == 2
    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["message"].split()[0]) == ("error", "CARBON_COUNTRY")


# --- samples ----------------------------------------------------------------------------------------


def test_watts_are_energy_over_time() -> None:
    assert pytest.approx(36.0) == SAMPLE.watts
    assert carbon.Sample(NOON, 0.0, 0.1, 0.1).watts == 0.0


def test_a_measurement_of_codecarbon_becomes_a_sample() -> None:
    samples: list[carbon.Sample] = []
    delta = SimpleNamespace(duration=5, energy_consumed=0.002, emissions=0.001)
    carbon.Output(samples.append).live_out(cast(Any, None), cast(Any, delta))
    assert [(s.seconds, s.energy_kwh, s.emissions_kg) for s in samples] == [(5.0, 0.002, 0.001)]


def test_a_sample_is_stored_and_counted(system: System) -> None:
    system.recorder.record(SAMPLE)
    assert system.store.samples == [SAMPLE]
    assert system.metric("carbon_samples_total") == 1
    assert system.metric("carbon_energy_kwh_total") == pytest.approx(0.0001)
    assert system.metric("carbon_power_watts") == pytest.approx(36.0)


def test_samples_wait_while_the_store_is_away_and_keep_their_order(system: System) -> None:
    later = carbon.Sample(NOON, 20.0, 0.0002, 0.00008)
    system.store.away = True
    system.recorder.record(SAMPLE)
    assert system.metric("carbon_samples_pending") == 1
    system.store.away = False
    system.recorder.record(later)
    assert system.store.samples == [SAMPLE, later]
    assert system.metric("carbon_samples_pending") == 0


# --- health -----------------------------------------------------------------------------------------


def test_health_is_ok_when_both_answer(system: System) -> None:
    answer = system.pages.get("/health")
    assert (answer.status, body(answer)["status"]) == (200, "ok")


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_health_is_down_and_says_which_is_away(system: System, name: str) -> None:
    (system.store if name == "postgres" else system.cache).away = True
    system.look()
    answer = system.pages.get("/health")
    assert answer.status == 503
    assert body(answer)["status"] == "down"
    assert list(body(answer)["problems"]) == [name]
    assert system.metric("carbon_dependency_up", dependency=name) == 0


def test_health_comes_back(system: System) -> None:
    system.cache.away = True
    system.look()
    system.cache.away = False
    system.look()
    assert system.pages.get("/health").status == 200


def test_health_is_down_before_the_first_look() -> None:
    assert System().pages.get("/health").status == 503


def test_health_is_down_when_the_last_look_is_too_old(system: System) -> None:
    system.now += 60
    assert body(system.pages.get("/health"))["problems"] == dict.fromkeys(
        ("postgres", "redis"), "no answer in time"
    )


# --- emissions, metrics, unknown paths --------------------------------------------------------------


def test_emissions_are_totals_and_last_samples(system: System) -> None:
    for _ in range(12):
        system.recorder.record(SAMPLE)
    answer = system.pages.get("/emissions")
    content = body(answer)
    assert content["country"] == "DEU"
    assert content["totals"]["samples"] == 12
    assert content["totals"]["emissions_kg"] == pytest.approx(12 * 0.00004)
    assert content["totals"]["since"].startswith("2026-01-01T12:00:00")
    assert len(content["last"]) == carbon.LAST_SAMPLES
    assert answer.cached is False


def test_emissions_are_asked_for_once_and_then_cached(system: System) -> None:
    first, second = system.pages.get("/emissions"), system.pages.get("/emissions")
    assert (system.store.reports, second.cached, second.body) == (1, True, first.body)


@pytest.mark.parametrize("noticed", [False, True])
def test_emissions_without_redis_come_from_postgresql(system: System, noticed: bool) -> None:
    system.recorder.record(SAMPLE)
    system.cache.away = True
    if noticed:
        system.look()
    for _ in range(2):
        assert body(system.pages.get("/emissions"))["totals"]["samples"] == 1
    assert system.store.reports == 2


@pytest.mark.parametrize("noticed", [False, True])
def test_emissions_without_postgresql_are_down(system: System, noticed: bool) -> None:
    system.store.away = True
    if noticed:
        system.look()
    answer = system.pages.get("/emissions")
    assert (answer.status, body(answer)["status"]) == (503, "down")
    assert "connection refused" in body(answer)["reason"]
    assert system.store.reports == (0 if noticed else 1)


def test_metrics_count_requests_by_path_and_status(system: System) -> None:
    system.pages.get("/emissions")
    system.pages.get("/who/knows")
    text = system.pages.get("/metrics").body.decode()
    assert 'carbon_http_request_seconds_count{path="/emissions",status="200"} 1.0' in text
    assert 'carbon_http_request_seconds_count{path="other",status="404"} 1.0' in text


def test_an_unknown_path_is_answered_with_the_known_ones(system: System) -> None:
    answer = system.pages.get("/nothing")
    assert (answer.status, body(answer)["known"]) == (404, ["/emissions", "/health", "/metrics"])


# --- the web server and the component ---------------------------------------------------------------


@contextmanager
def running(
    system: System, tracker: FakeTracker
) -> Iterator[tuple[carbon.CarbonComponent, http.client.HTTPConnection]]:
    web = carbon.WebServer(system.pages, ("127.0.0.1", 0))
    component = carbon.CarbonComponent(tracker, system.monitor, web, close=lambda: tracker.stop())
    component.start()
    client = http.client.HTTPConnection("127.0.0.1", web.server_address[1], timeout=5)
    try:
        yield component, client
    finally:
        client.close()
        component.stop()


def test_one_connection_serves_several_requests(system: System) -> None:
    with running(system, FakeTracker()) as (_, client):
        statuses: list[int] = []
        for path in ("/health?verbose=1", "/emissions", "/nothing"):
            client.request("GET", path)
            response = client.getresponse()
            response.read()
            statuses.append(response.status)
        assert statuses == [200, 200, 404]
        assert response.version == 11


def test_a_client_that_goes_away_is_nothing_to_log(
    system: System, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def slow_report(last: int) -> carbon.Report:
        asked.set()
        assert may_answer.wait(5)
        return carbon.Report(0, 0.0, 0.0, None, ())

    system.store.report = slow_report
    with running(system, FakeTracker()) as (_, client):
        client.request("GET", "/emissions")
        assert asked.wait(5)
        at_once = struct.pack("ii", 1, 0)
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        client.close()
        may_answer.set()
    assert [record for record in caplog.records if record.levelname != "INFO"] == []
    assert capfd.readouterr().err == ""


def test_a_page_that_fails_is_logged(system: System, caplog: pytest.LogCaptureFixture) -> None:
    def broken_report(last: int) -> carbon.Report:
        raise ZeroDivisionError

    system.store.report = broken_report
    with running(system, FakeTracker()) as (_, client):
        client.request("GET", "/emissions")
        with pytest.raises(http.client.RemoteDisconnected):
            client.getresponse()
    assert [record.levelname for record in caplog.records if record.exc_info] == ["ERROR"]


def test_stopping_answers_the_request_under_way_and_closes_idle_connections(system: System) -> None:
    asked, may_answer = threading.Event(), threading.Event()
    report = system.store.report

    def slow_report(last: int) -> carbon.Report:
        asked.set()
        assert may_answer.wait(5)
        return report(last)

    system.store.report = slow_report
    tracker = FakeTracker()
    with running(system, tracker) as (component, client):
        idle = http.client.HTTPConnection(client.host, client.port, timeout=5)
        idle.connect()
        client.request("GET", "/emissions")
        assert asked.wait(5)
        stopping = threading.Thread(target=component.stop)
        stopping.start()
        assert idle.sock.recv(1) == b""
        stopping.join(0.2)
        assert stopping.is_alive()
        may_answer.set()
        response = client.getresponse()
        assert (response.status, response.getheader("Connection")) == (200, "close")
        stopping.join(5)
        assert not stopping.is_alive()
    assert tracker.calls == ["start", "stop", "stop"]
