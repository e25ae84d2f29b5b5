"""A monorepo made for a test: component `lamp`, good in every way until a test changes a file of it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import documents
import yaml
from ansible_collections.tta.ops.plugins.plugin_utils import catalogue, repository
from ansible_collections.tta.ops.plugins.plugin_utils.gates import criteria, definition
from ansible_collections.tta.ops.plugins.plugin_utils.gates.judge import Judged, exported, judge
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN

ROOT = Path(__file__).parents[3]
# Which gate was seen with which verdict: test_every_gate.py wants each of them with all three.
SEEN: set[tuple[str, str, str]] = set()

SERVER = (
    "import socket\n"
    "server = socket.create_server(('', 8080))\n"
    "while True:\n"
    "    client, _ = server.accept()\n"
    "    client.recv(65536)\n"
    "    client.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\nlight')\n"
    "    client.close()\n"
)

FILES = {
    "pyproject.toml": '[project]\nname = "lamps"\ndependencies = ["requests==2.34.2"]\n',
    "src/components/lamp.py": (
        '"""A lamp."""\n\n'
        "from src.components.base import Power\n\n\n"
        "def lit(power: Power) -> bool:\n"
        '    """Say whether a lamp shines."""\n'
        "    if power.watts > 0:\n"
        "        return True\n"
        "    power.watts = 0\n"
        "    return False\n"
    ),
    "src/components/base.py": (
        '"""What all share."""\n\nfrom dataclasses import dataclass\n\n\n'
        '@dataclass\nclass Power:\n    """Power."""\n\n    watts: int\n'
    ),
    "src/components/socket.py": '"""A socket."""\n\nVOLTS = 230\n',
    "src/components/lamp/MATURITY.md": (
        "# Lamp\n\n## Key Features\n- [x] shines\n- [x] does not\n- [x] a\n- [x] b\n- [ ] dims\n"
    ),
    "src/components/lamp/README.md": (
        "# Lamp\n\n## Usage\n\n```python\nfrom src.components.base import Power\nfrom src.components.lamp import lit\n"
        "```\n\n```python\nassert lit(Power(60))\n```\n" + documents.LINKS
    ),
    "tests/test_lamp.py": (
        "from src.components.base import Power\nfrom src.components.lamp import lit\n\n\n"
        "def test_lamp_shines():\n    assert lit(Power(60))\n\n\n"
        "def test_lamp_is_dark():\n    assert not lit(Power(0))\n"
    ),
    "tests/integration/test_lamp_integration.py": (
        "import os\nimport urllib.request\n\n\n"
        "def test_lamp_answers():\n"
        "    with urllib.request.urlopen(os.environ['LAMP_URL'], timeout=5) as answer:\n"
        "        assert answer.read() == b'light'\n"
        "    assert os.environ['LAMP_ADDRESS'] in os.environ['LAMP_URL']\n"
    ),
    **documents.FILES,
    ".env.staging.example": "LAMP_PORT=18999\nLAMP_PASSWORD=change-me\n",
    "server.py": SERVER,
    "compose.staging.yml": (
        "name: lamps\n"
        "services:\n"
        "  lamp:\n"
        "    image: tta-base:bookworm\n"
        "    command: [python3, /server.py]\n"
        "    container_name: the-lamp\n"
        "    init: true\n"
        "    environment: {LAMP_PASSWORD: '${LAMP_PASSWORD:?set it}'}\n"
        "    env_file: [.env.staging]\n"
        "    volumes: ['./server.py:/server.py:ro', 'data:/data']\n"
        "    ports: ['127.0.0.1:${LAMP_PORT:?set it}:8080']\n"
        "    stop_grace_period: 1s\n"
        "    healthcheck:\n"
        "      test: [CMD, python3, -c, \"import socket; socket.create_connection(('127.0.0.1', 8080), 2)\"]\n"
        "      interval: 300ms\n"
        "      retries: 30\n"
        "volumes:\n"
        "  data: {}\n"
    ),
}

CATALOGUE = """
monorepo:
  infrastructure: [src/components/base.py]
  development: {compose_file: compose.staging.yml, env_example: .env.staging.example}
components:
  lamp:
    paths: [src/components/lamp.py, src/components/lamp]
    tests:
      unit: {paths: [tests/test_lamp.py], select: lamp}
      integration:
        paths: [tests/integration/test_lamp_integration.py]
        environment: {LAMP_URL: "{url:lamp:8080}", LAMP_ADDRESS: "{address:lamp:8080}"}
    services: [lamp]
    sla: {p95_ms: 150, throughput_rps: 100}
    monitoring: {metrics: /metrics, alerts: [ops/lamp.rules.yml]}
    audit: {requirements: [ops/lamp-requirements.txt]}
  socket:
    paths: [src/components/socket.py]
"""


class Lamps:
    """The checkout; `entry` and `stages` may be changed before judging."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        known = catalogue.load(CATALOGUE, "catalogue.yml")
        self.components, self.settings = known["components"], known["monorepo"]
        self.entry = self.components["lamp"]
        self.stages: dict[str, str] = {}
        self.stage = "staging"
        self.last_promoted = ""
        self.ledger: list[dict[str, Any]] = []
        self.seconds = 0  # of every gate, in the place of its own
        self.run = "20261120T084501Z-a1b2c3"
        self.environment = {"compose_file": "compose.staging.yml", "env_example": ".env.staging.example", "local": True}
        folder.mkdir()
        self._git("init", "--quiet")
        self.write(**FILES)

    def write(self, **files: str | None) -> str:
        """Write files (None removes one) and commit; return the commit."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text)
        self._git("add", "--all")
        self._git(
            "-c", "user.name=Jane", "-c", "user.email=jane@example.org", "commit", "-q", "--allow-empty", "-m", "change"
        )
        return self._git("rev-parse", "HEAD").strip()

    @property
    def commit(self) -> str:
        return self._git("rev-parse", "HEAD").strip()

    def operation(self) -> dict[str, Any]:
        commit = self._git("rev-parse", "HEAD").strip()
        git = repository.git_in(str(self.folder))
        return {
            "schema": 1,
            "verb": "promote-staging",
            "component": "lamp",
            "entry": self.entry,
            "components": self.components,
            "settings": self.settings,
            "target": "staging",
            "stage_wanted": "staging",
            "monorepo": str(self.folder),
            "artifact": repository.artifact_of(git, commit, self.entry),
            "dependencies": catalogue.dependencies(self.components, "lamp"),
            "environments": {"staging": {"hosts": []}},
            "run": self.run,
            "operator_state": str(self.folder.parent / "operator-state"),
        }

    def judge(self, *names: str, stop: Event | None = None) -> dict[str, Judged]:
        """Judge the last commit by the gates of these names in the role's catalogue of the stage."""
        text = (ROOT / f"roles/quality_gates/defaults/main/{self.stage}.yml").read_text()
        [raw] = yaml.safe_load(text).values()
        with_gates = {one["criterion"] for one in raw}
        known = criteria.VERIFIED if self.stage in ("verification", "smoke") else criteria.of_stage(self.stage)
        wanted = [criterion for criterion in known if criterion.name in with_gates]
        gates = definition.check(raw, wanted, KNOWN)
        chosen = [replace(gate, seconds=self.seconds or gate.seconds) for gate in gates if gate.name in names]
        assert len(chosen) == len(names)
        with exported(self.operation(), self.stages, self.environment, self.last_promoted) as (subject, scratch):
            judged = judge(chosen, replace(subject, ledger=self.ledger), scratch, lambda line: None, stop or Event())
        SEEN.update((self.stage, one.gate.name, one.verdict["verdict"]) for one in judged)
        return {one.gate.name: one for one in judged}

    def told(self, name: str) -> tuple[str, float | None, str]:
        """Judge by one gate; return verdict, number and cause."""
        verdict = self.judge(name)[name].verdict
        return verdict["verdict"], verdict["found"], verdict["cause"]

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self.folder), *arguments], check=True, capture_output=True, text=True)
        return done.stdout
