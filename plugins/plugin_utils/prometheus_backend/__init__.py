"""`observation_backend: prometheus`: files for Prometheus, blackbox exporter and Grafana, and uptime read from them."""
