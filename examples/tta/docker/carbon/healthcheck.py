"""Exit 0 when carbon answers 200 on /health. One small import: it runs every two seconds."""

import http.client
import sys

connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=4)
connection.request("GET", "/health")
sys.exit(0 if connection.getresponse().status == http.HTTPStatus.OK else 1)
