"""What carbon has to bear, as a locustfile.

By hand: locust -f tests/load/test_carbon_load.py --host http://127.0.0.1:18081 --headless -u 20 -r 5 -t 1m
"""

from __future__ import annotations

from locust import HttpUser, constant_throughput, task


class Dashboard(HttpUser):
    """A dashboard: five requests a second, mostly for the report."""

    wait_time = constant_throughput(5)

    @task(6)
    def emissions(self) -> None:
        self.client.get("/emissions")

    @task(3)
    def metrics(self) -> None:
        self.client.get("/metrics")

    @task(1)
    def health(self) -> None:
        self.client.get("/health")
