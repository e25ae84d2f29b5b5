"""The load test: locust drives, this measures from the intended start of each request, and judges what came of it."""
