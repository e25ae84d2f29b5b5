"""The locustfile of the tests: one user that asks fifty times a second."""

from __future__ import annotations

from locust import HttpUser, constant_throughput, task


class Reader(HttpUser):
    wait_time = constant_throughput(50)

    @task
    def read(self) -> None:
        self.client.get("/")
