"""Carbon: how much energy TTA uses and how much CO2 that emits.

CodeCarbon measures at an interval in the background. Each measurement becomes a sample in PostgreSQL;
the report of totals and last samples is cached in Redis for a few seconds. An HTTP server answers
`/health`, `/metrics` and `/emissions`. See `carbon/README.md` for how to use it.

From top to bottom: settings, samples, what carbon needs from others (protocols), the recorder, the
monitor, the web server, PostgreSQL, Redis, CodeCarbon, and the component that puts them together.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

import psycopg
import redis
from codecarbon import OfflineEmissionsTracker
from codecarbon.input import DataSource
from codecarbon.output_methods.base_output import BaseOutput
from codecarbon.output_methods.emissions_data import EmissionsData
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from redis.backoff import NoBackoff
from redis.retry import Retry

from src.components.base import (
    Component,
    ConfigurationError,
    log_to_stdout,
    positive_seconds,
    required,
    run_until_stopped,
)

PORT = 8080
ANSWER_WITHIN_SECONDS = 2  # what PostgreSQL and Redis are given to answer
CACHE_SECONDS = 3
LAST_SAMPLES = 10
PENDING_SAMPLES = 1000  # kept in memory while PostgreSQL is away; the oldest go first

logger = logging.getLogger("carbon")


# --- settings ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Settings:
    """All that can be configured, from environment variables only."""

    country: str
    sample_seconds: float
    postgres_host: str
    postgres_db: str
    postgres_user: str
    postgres_password: str
    redis_host: str
    redis_password: str

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings; raise ConfigurationError for the first that is missing or cannot be used."""
        country = required(environ, "CARBON_COUNTRY", "DEU")
        if not re.fullmatch("[A-Z]{3}", country):
            raise ConfigurationError(
                f"CARBON_COUNTRY is {country!r}: give the three letters of ISO 3166-1,"
                " for example CARBON_COUNTRY=DEU"
            )
        return cls(
            country=country,
            sample_seconds=positive_seconds(environ, "CARBON_SAMPLE_SECONDS", "15"),
            postgres_host=required(environ, "POSTGRES_HOST", "postgres"),
            postgres_db=required(environ, "POSTGRES_DB", "tta"),
            postgres_user=required(environ, "POSTGRES_USER", "tta"),
            postgres_password=required(environ, "POSTGRES_PASSWORD", "…"),
            redis_host=required(environ, "REDIS_HOST", "redis"),
            redis_password=required(environ, "REDIS_PASSWORD", "…"),
        )


# --- samples ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """What was used between the sample before and this one."""

    taken: datetime
    seconds: float
    energy_kwh: float
    emissions_kg: float

    @property
    def watts(self) -> float:
        """Average power over the sample's time."""
        return self.energy_kwh * 3_600_000 / self.seconds if self.seconds > 0 else 0.0

    def as_json(self) -> dict[str, Any]:
        """The sample as `/emissions` shows it."""
        return {
            "taken": self.taken.isoformat(timespec="milliseconds"),
            "seconds": round(self.seconds, 3),
            "energy_kwh": self.energy_kwh,
            "emissions_kg": self.emissions_kg,
            "watts": round(self.watts, 2),
        }


@dataclass(frozen=True)
class Report:
    """Everything recorded so far: totals, and the last samples with the newest first."""

    samples: int
    energy_kwh: float
    emissions_kg: float
    since: datetime | None
    last: tuple[Sample, ...]

    def as_json(self, country: str) -> dict[str, Any]:
        """The body of `/emissions`."""
        return {
            "country": country,
            "totals": {
                "samples": self.samples,
                "energy_kwh": self.energy_kwh,
                "emissions_kg": self.emissions_kg,
                "since": self.since.isoformat(timespec="milliseconds") if self.since else None,
            },
            "last": [sample.as_json() for sample in self.last],
        }


# --- what carbon needs from others ------------------------------------------------------------------


class UnavailableError(Exception):
    """A server that carbon needs did not answer, or answered that it cannot."""


class SampleStore(Protocol):
    """Where samples are kept. Every method raises UnavailableError when the store cannot be reached."""

    def ping(self) -> None:
        """Return when the store answers."""

    def add(self, sample: Sample) -> None:
        """Keep a sample."""

    def report(self, last: int) -> Report:
        """Return the totals and the last samples."""
        ...


class Cache(Protocol):
    """Where answers are kept for a few seconds. Every method raises UnavailableError like a store."""

    def ping(self) -> None:
        """Return when the cache answers."""

    def get(self, key: str) -> str | None:
        """Return the text under the key, or None when there is none any more."""
        ...

    def put(self, key: str, text: str, seconds: int) -> None:
        """Keep a text for some seconds."""


class Tracker(Protocol):
    """What measures."""

    def start(self) -> None:
        """Begin to measure in the background."""

    def stop(self) -> None:
        """Take the last measurement and end."""


class Metrics:
    """Carbon's own Prometheus metrics."""

    def __init__(self) -> None:
        """Register the metrics in a registry of their own."""
        self.registry = CollectorRegistry()
        self.energy = Counter("carbon_energy_kwh", "Energy used since the start", registry=self.registry)
        self.emissions = Counter(
            "carbon_emissions_kg", "CO2 equivalent since the start", registry=self.registry
        )
        self.samples = Counter("carbon_samples", "Samples taken since the start", registry=self.registry)
        self.power = Gauge("carbon_power_watts", "Average power over the last sample", registry=self.registry)
        self.pending = Gauge("carbon_samples_pending", "Samples not yet stored", registry=self.registry)
        self.up = Gauge(
            "carbon_dependency_up", "1 when the dependency answers", ["dependency"], registry=self.registry
        )
        self.requests = Histogram(
            "carbon_http_request_seconds", "Time to answer", ["path", "status"], registry=self.registry
        )


# --- recording --------------------------------------------------------------------------------------


class Recorder:
    """Takes samples to the store; keeps them in memory while the store is away."""

    def __init__(self, store: SampleStore, metrics: Metrics) -> None:
        """Record into this store, counting in these metrics."""
        self._store = store
        self._metrics = metrics
        self._pending: deque[Sample] = deque(maxlen=PENDING_SAMPLES)
        self._one_at_a_time = threading.Lock()  # CodeCarbon does not wait for the sample before

    def record(self, sample: Sample) -> None:
        """Store the sample, and before it those that are still pending."""
        self._metrics.samples.inc()
        self._metrics.energy.inc(max(0.0, sample.energy_kwh))
        self._metrics.emissions.inc(max(0.0, sample.emissions_kg))
        self._metrics.power.set(sample.watts)
        with self._one_at_a_time:
            self._pending.append(sample)
            try:
                while self._pending:
                    self._store.add(self._pending[0])
                    self._pending.popleft()
            except UnavailableError as reason:
                logger.warning("%d sample(s) wait to be stored: %s", len(self._pending), reason)
            self._metrics.pending.set(len(self._pending))


class Monitor:
    """Looks at the dependencies once a second, each in a thread of its own: one that hangs hides no other."""

    def __init__(
        self,
        checks: Mapping[str, Callable[[], None]],
        metrics: Metrics,
        interval: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Watch the named checks. A check returns, or raises UnavailableError."""
        self._checks = dict(checks)
        self._metrics = metrics
        self._interval = interval
        self._clock = clock
        self._looked: dict[str, tuple[float, str]] = {}  # name → when, and what was wrong ("" for nothing)
        self._stopped = threading.Event()

    def start(self) -> None:
        """Look once at everything, then go on in the background."""
        for name in self._checks:
            self.look(name)
            threading.Thread(
                target=self._keep_looking, args=(name,), name=f"watch-{name}", daemon=True
            ).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def look(self, name: str) -> None:
        """Run one check and remember what came of it."""
        before = self._looked.get(name, (0.0, ""))[1]
        try:
            self._checks[name]()
            wrong = ""
        except UnavailableError as reason:
            wrong = str(reason)
        self._looked[name] = (self._clock(), wrong)
        self._metrics.up.labels(name).set(0 if wrong else 1)
        if wrong and not before:
            logger.warning("%s is away: %s", name, wrong)
        if before and not wrong:
            logger.info("%s is back", name)

    def problems(self) -> dict[str, str]:
        """What is wrong with each dependency that is not well. A look that is too old counts as no answer."""
        oldest = self._clock() - self._interval - 2 * ANSWER_WITHIN_SECONDS
        found: dict[str, str] = {}
        for name in self._checks:
            when, wrong = self._looked.get(name, (float("-inf"), ""))
            if when < oldest:
                found[name] = "no answer in time"
            elif wrong:
                found[name] = wrong
        return found

    def _keep_looking(self, name: str) -> None:
        while not self._stopped.wait(self._interval):
            self.look(name)


# --- the web server ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What a path answers."""

    status: HTTPStatus
    body: bytes
    content_type: str = "application/json"
    cached: bool | None = None

    @classmethod
    def of(cls, status: HTTPStatus, content: Mapping[str, Any], cached: bool | None = None) -> Answer:
        """Answer with a JSON object."""
        return cls(status, json.dumps(content).encode() + b"\n", cached=cached)


class Pages:
    """What each path answers, without anything of HTTP's transport."""

    def __init__(
        self, country: str, store: SampleStore, cache: Cache, monitor: Monitor, metrics: Metrics
    ) -> None:
        """Answer from these sources."""
        self._country = country
        self._store = store
        self._cache = cache
        self._monitor = monitor
        self._metrics = metrics
        self._paths: dict[str, Callable[[], Answer]] = {
            "/health": self.health,
            "/metrics": self.metrics,
            "/emissions": self.emissions,
        }

    def get(self, path: str) -> Answer:
        """Answer a path, and count it."""
        started = time.perf_counter()
        page = self._paths.get(path)
        try:
            answer = page() if page else self._unknown(path)
        except UnavailableError as reason:
            answer = Answer.of(HTTPStatus.SERVICE_UNAVAILABLE, {"status": "down", "reason": str(reason)})
        label = path if page else "other"  # whatever is typed must not become a new time series
        self._metrics.requests.labels(label, str(answer.status.value)).observe(time.perf_counter() - started)
        return answer

    def health(self) -> Answer:
        """200 when PostgreSQL and Redis answer, else 503 with what is wrong."""
        problems = self._monitor.problems()
        if problems:
            return Answer.of(HTTPStatus.SERVICE_UNAVAILABLE, {"status": "down", "problems": problems})
        return Answer.of(HTTPStatus.OK, {"status": "ok", "country": self._country})

    def metrics(self) -> Answer:
        """The metrics in Prometheus's text format."""
        return Answer(HTTPStatus.OK, generate_latest(self._metrics.registry), CONTENT_TYPE_LATEST)

    def emissions(self) -> Answer:
        """Totals and last samples, a few seconds old at most. Without Redis: from PostgreSQL each time."""
        key = f"carbon:emissions:{self._country}"
        away = self._monitor.problems()  # whoever is known to be away is not waited for
        if "redis" not in away:
            with contextlib.suppress(UnavailableError):  # gone just now: the answer only takes longer
                text = self._cache.get(key)
                if text is not None:
                    return Answer(HTTPStatus.OK, text.encode(), cached=True)
        if "postgres" in away:
            raise UnavailableError(f"PostgreSQL is away: {away['postgres']}")
        report = self._store.report(LAST_SAMPLES)
        answer = Answer.of(HTTPStatus.OK, report.as_json(self._country), cached=False)
        if "redis" not in away:
            with contextlib.suppress(UnavailableError):  # as above
                self._cache.put(key, answer.body.decode(), CACHE_SECONDS)
        return answer

    def _unknown(self, path: str) -> Answer:
        return Answer.of(HTTPStatus.NOT_FOUND, {"path": path, "known": sorted(self._paths)})


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 around Pages."""

    protocol_version = "HTTP/1.1"
    timeout = 15  # an idle connection is closed after so many seconds
    wbufsize = -1  # head and body leave in one packet
    server_version, sys_version = "carbon", ""  # versions of the software are nobody's business
    server: WebServer  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        """Answer one request."""
        answer = self.server.pages.get(self.path.partition("?")[0])
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.cached is not None:
            self.send_header("X-Cache", "hit" if answer.cached else "miss")
        if self.server.draining:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Requests are counted in the metrics, not logged one by one."""


class WebServer(ThreadingHTTPServer):
    """Serves pages; `close` answers what has arrived and cuts nobody off."""

    daemon_threads = False  # so that server_close waits for the answers under way
    request_queue_size = 128

    def __init__(self, pages: Pages, address: tuple[str, int]) -> None:
        """Listen on the address; port 0 takes a free one."""
        self.pages = pages
        self.draining = False
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection and remember it."""
        connection, address = super().get_request()
        with self._open_lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection and close it."""
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what went wrong with a request; a client that went away is nothing wrong."""
        if not isinstance(sys.exception(), ConnectionError):
            logger.exception("a request of %s was not answered", client_address[0])

    def close(self) -> None:
        """Accept no more, let every request that has arrived be answered, and return when all are."""
        self.draining = True
        self.shutdown()
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):  # the client was faster
                    connection.shutdown(socket.SHUT_RD)  # wakes those that wait for another request
        self.server_close()


# --- PostgreSQL -------------------------------------------------------------------------------------


class PostgresStore:
    """Samples in a table of PostgreSQL, over one connection that is opened anew when it was lost."""

    _TABLE = """
        CREATE TABLE IF NOT EXISTS carbon_samples (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            taken timestamptz NOT NULL,
            seconds double precision NOT NULL,
            energy_kwh double precision NOT NULL,
            emissions_kg double precision NOT NULL
        )"""

    def __init__(self, host: str, dbname: str, user: str, password: str) -> None:
        """Remember where the database is; connect at the first use."""
        self._open: Callable[[], psycopg.Connection[Any]] = lambda: psycopg.connect(
            host=host,
            dbname=dbname,
            user=user,
            password=password,
            autocommit=True,
            connect_timeout=ANSWER_WITHIN_SECONDS,
            options=f"-c statement_timeout={ANSWER_WITHIN_SECONDS}s -c client_min_messages=warning",
        )
        self._connection: psycopg.Connection[Any] | None = None
        self._lock = threading.Lock()

    def ping(self) -> None:
        """Return when the database answers a query."""
        self._run("SELECT 1")

    def add(self, sample: Sample) -> None:
        """Insert a sample."""
        self._run(
            "INSERT INTO carbon_samples (taken, seconds, energy_kwh, emissions_kg)"
            " VALUES (%s, %s, %s, %s) RETURNING id",
            (sample.taken, sample.seconds, sample.energy_kwh, sample.emissions_kg),
        )

    def report(self, last: int) -> Report:
        """Sum up the table and take its last rows."""
        [(count, energy, emissions, since)] = self._run(
            "SELECT count(*), coalesce(sum(energy_kwh), 0), coalesce(sum(emissions_kg), 0), min(taken)"
            " FROM carbon_samples"
        )
        rows = self._run(
            "SELECT taken, seconds, energy_kwh, emissions_kg FROM carbon_samples ORDER BY id DESC LIMIT %s",
            (last,),
        )
        return Report(count, energy, emissions, since, tuple(Sample(*row) for row in rows))

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            self._drop()

    def _run(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        if not self._lock.acquire(timeout=ANSWER_WITHIN_SECONDS):
            raise UnavailableError("PostgreSQL is still busy with an earlier question")
        try:
            if self._connection is not None:
                try:
                    return self._connection.execute(statement.encode(), values).fetchall()
                except psycopg.OperationalError:  # lost since the last use: once more on a new one
                    self._drop()
            self._connection = self._open()
            self._connection.execute(self._TABLE.encode())
            return self._connection.execute(statement.encode(), values).fetchall()
        except psycopg.Error as reason:
            self._drop()
            raise UnavailableError(f"PostgreSQL: {str(reason).strip() or type(reason).__name__}") from reason
        finally:
            self._lock.release()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


# --- Redis ------------------------------------------------------------------------------------------


class RedisCache:
    """Texts in Redis that expire by themselves."""

    def __init__(self, host: str, password: str) -> None:
        """Remember where Redis is; the client connects, and connects again, by itself."""
        self._client = redis.Redis(
            host=host,
            password=password,
            decode_responses=True,
            socket_timeout=ANSWER_WITHIN_SECONDS,
            socket_connect_timeout=ANSWER_WITHIN_SECONDS,
            retry=Retry(NoBackoff(), retries=1),  # at once, for a connection lost since the last use
        )

    def ping(self) -> None:
        """Return when Redis answers."""
        self._ask(self._client.ping)

    def get(self, key: str) -> str | None:
        """Return the text under the key, or None when it has expired."""
        return self._ask(lambda: self._client.get(key))

    def put(self, key: str, text: str, seconds: int) -> None:
        """Keep a text for some seconds."""
        self._ask(lambda: self._client.set(key, text, ex=seconds))

    @staticmethod
    def _ask(question: Callable[[], Any]) -> Any:
        try:
            return question()
        except redis.RedisError as reason:
            raise UnavailableError(f"Redis: {reason}") from reason


# --- CodeCarbon -------------------------------------------------------------------------------------


class Output(BaseOutput):
    """Receives CodeCarbon's measurements and passes them on as samples."""

    def __init__(self, record: Callable[[Sample], None]) -> None:
        """Pass each measurement to `record`."""
        self._record = record

    def live_out(self, total: EmissionsData, delta: EmissionsData) -> None:
        """Called by CodeCarbon after each measurement; `delta` is what came since the one before."""
        self._record(
            Sample(datetime.now(UTC), float(delta.duration), float(delta.energy_consumed), delta.emissions)
        )


class CodeCarbonTracker:
    """CodeCarbon, offline: the country is configured, nothing is looked up in the network."""

    def __init__(self, country: str, sample_seconds: float, record: Callable[[Sample], None]) -> None:
        """Check the country against CodeCarbon's own data; raise ConfigurationError when it has none."""
        if country not in DataSource().get_global_energy_mix_data():
            raise ConfigurationError(
                f"CARBON_COUNTRY is {country!r}: CodeCarbon knows no energy mix for it,"
                " take a neighbour, for example CARBON_COUNTRY=DEU"
            )
        self._log_like_carbon()
        self._tracker = OfflineEmissionsTracker(
            country_iso_code=country,
            measure_power_secs=sample_seconds,
            api_call_interval=1,
            output_methods=[],
            output_handlers=[Output(record)],
            allow_multiple_runs=True,  # the lock file of a killed container would stop the next one
            log_level="error",
        )
        self._log_like_carbon()  # again: making the tracker has put CodeCarbon's handler back

    def start(self) -> None:
        """Begin to measure. CodeCarbon looks at the hardware for some seconds first."""
        threading.Thread(target=self._tracker.start, name="codecarbon", daemon=True).start()

    def stop(self) -> None:
        """Take the last measurement and end."""
        self._tracker.stop()

    @staticmethod
    def _log_like_carbon() -> None:
        own_logger = logging.getLogger("codecarbon")
        own_logger.handlers.clear()
        own_logger.propagate = True
        own_logger.setLevel(logging.ERROR)


# --- the component ----------------------------------------------------------------------------------


class CarbonComponent(Component):
    """Carbon as a whole. `assemble` makes one that uses the real servers."""

    name = "carbon"

    def __init__(self, tracker: Tracker, monitor: Monitor, web: WebServer, close: Callable[[], None]) -> None:
        """Put the parts together; `close` is called last and gives connections back."""
        self._tracker = tracker
        self._monitor = monitor
        self._web = web
        self._close = close
        self._serving: threading.Thread | None = None

    def start(self) -> None:
        """Measure, watch and serve in the background."""
        self._monitor.start()
        self._tracker.start()
        self._serving = threading.Thread(target=self._web.serve_forever, args=(0.05,), name="web")
        self._serving.start()
        logger.info("listening on port %d", self._web.server_address[1])

    def stop(self) -> None:
        """Answer what has arrived, take the last sample, give the connections back."""
        if self._serving is None:
            return
        self._web.close()
        self._serving.join()
        self._serving = None
        self._tracker.stop()
        self._monitor.stop()
        self._close()


def assemble(settings: Settings) -> CarbonComponent:
    """Make carbon with PostgreSQL, Redis and CodeCarbon; connects to nothing before `start`."""
    metrics = Metrics()
    store = PostgresStore(
        settings.postgres_host, settings.postgres_db, settings.postgres_user, settings.postgres_password
    )
    cache = RedisCache(settings.redis_host, settings.redis_password)
    recorder = Recorder(store, metrics)
    tracker = CodeCarbonTracker(settings.country, settings.sample_seconds, recorder.record)
    monitor = Monitor({"postgres": store.ping, "redis": cache.ping}, metrics)
    pages = Pages(settings.country, store, cache, monitor, metrics)
    return CarbonComponent(tracker, monitor, WebServer(pages, ("0.0.0.0", PORT)), store.close)  # noqa: S104  # nosec B104


def main() -> int:
    """Run carbon until it is told to stop; the exit code is 2 when the settings cannot be used."""
    log_to_stdout()
    try:
        run_until_stopped(assemble(Settings.from_environment(os.environ)))
    except ConfigurationError as reason:
        logger.error("%s", reason)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
