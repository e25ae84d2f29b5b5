"""Ledgers, issues and monorepo of one site below a folder, and a GitHub beside them; a run does what the role does."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.tta.ops.plugins.module_utils.host.ledger import Ledger, stages
from ansible_collections.tta.ops.plugins.module_utils.host.tracked.shelf import Shelf
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.standing import _standing_promotion
from ansible_collections.tta.ops.plugins.plugin_utils.trackers import interface, mirror
from ansible_collections.tta.ops.plugins.plugin_utils.tracking import by_hand, known, moments, statuses
from standin.bench import Beside, settings

from .facts import MATURITY, judgement, operation

TOKEN = "ghp_stand-in"


class World:
    """`api` is the address of the GitHub beside; empty: there is none."""

    def __init__(self, root: Path, api: str = "") -> None:
        self.root, self.api = root, api
        self.monorepo = root / "monorepo"
        if not self.monorepo.exists():
            (self.monorepo / "docs").mkdir(parents=True)
            _replace(self.monorepo / "MATURITY.md", MATURITY)

    def ledger(self, environment: str) -> Ledger:
        return Ledger(self.root / "state" / environment / "ledger.jsonl", environment)

    def entries(self) -> list[dict[str, Any]]:
        return [one for name in ("production", "staging") for one in self.ledger(name).read().entries]

    def issues(self, environment: str) -> list[dict[str, Any]]:
        return Shelf(self.root / "state" / environment).read()

    def promote(self, target: str, tree: str, failing: tuple[str, ...] = (), fix: str = "") -> str:
        """One run of promote-<target>.yml; what it ends with."""
        asked = operation(self.root, f"promote-{target}", target, tree, fix=fix)
        before = self._standing(asked)
        judged: dict[str, Any] = {}
        if not before:
            try:
                asked["fixes"] = moments.admit(self._arguments(asked))["fixes"]
            except Refusal as refusal:
                return refusal.found
            judged = judgement(asked, failing)
            arguments = self._arguments(asked, judgement=judged)
            self._publish(asked, moments.judged(arguments, self._texts())["issues"])
            approved = target == "staging" or statuses.approval(self.entries(), asked)
            if failing or not approved:
                return "refused"
            self._deploy(asked)
            event = moments.record(self._arguments(asked, judgement=judged))["event"]
            self._record(target, asked, event)
        done = moments.complete(self._arguments(asked, judgement=judged), self._texts(), check_mode=False)
        self._publish(asked, done["issues"])
        for one in done["files"]:
            _replace(Path(one["path"]), one["text"])
        return done["report"]["headline"]

    def approve(self, tree: str) -> str:
        asked = operation(self.root, "approve", "production", tree)
        if not statuses.approval(self.entries(), asked):
            event = {"event": "approved", "artifact": asked["artifact"], "data": {"stage": "production", "by": "Joe"}}
            self._record("production", asked, event)
        return "approved"

    def roll_back(self, environment: str, tree: str) -> str:
        """`rollback.yml`: what serves is taken back, once, and the incident is written down."""
        asked = operation(self.root, "rollback", environment, tree)
        own = [one for one in self.ledger(environment).read().entries if one["event"] in ("deployed", "returned")]
        if own[-1]["event"] == "deployed":
            gone = {key: asked["artifact"][key] for key in ("commit", "tree")}
            probe = {"requests": 100, "failures": 2, "longest_gap_seconds": 0.2}
            data = {"act": "rollback", "from": own[-1]["release"], "gone": gone, "receipt": {"probe": probe}}
            event = {
                "event": "returned",
                "release": 1,
                "artifact": {"commit": "0" * 40, "tree": "0" * 64},
                "data": data,
            }
            self._record(environment, asked, event)
        self._publish(asked, by_hand.happened({**self._arguments(asked), "changes": {}, "there": {}}))
        return "rolled back"

    def demote(self, tree: str) -> str:
        asked = operation(self.root, "demote", "production", tree, reason="it was wrong")
        if stages(self.entries()).get("carbon", {}).get("stage") == "production":
            self._record("production", asked, {"event": "demoted", "data": {"stage": "staging"}})
        done = moments.demoted(self._arguments(asked), self._texts())
        self._publish(asked, done["issues"])
        for one in done["files"]:
            _replace(Path(one["path"]), one["text"])
        return "demoted"

    def flush(self) -> list[str]:
        """Send what still waits, as any next run does; what still was not sent."""
        for name in ("staging", "production"):
            mirror.send([], Beside(self.root / "state", name), settings(self.api, project=5), TOKEN, "last")
        return [key for name in ("staging", "production") for key in Beside(self.root / "state", name).waiting()]

    def _deploy(self, asked: Mapping[str, Any]) -> None:
        own = [one for one in self.ledger(asked["target"]).read().entries if one["event"] == "deployed"]
        if not own or own[-1]["artifact"]["tree"] != asked["artifact"]["tree"]:
            event = {"event": "deployed", "release": len(own) + 2, "artifact": asked["artifact"], "data": {}}
            self._record(asked["target"], asked, event)

    def _record(self, environment: str, asked: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        facts = {key: asked[key] for key in ("component", "actor", "reason", "run")}
        told = {**facts, **event}
        self.ledger(environment).append(told.pop("event"), **told)

    def _standing(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        entries = list(self.ledger(asked["target"]).read().entries)
        return _standing_promotion(asked, entries, stages(self.entries()))

    def _arguments(self, asked: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        target = asked["target"]
        other = "production" if target == "staging" else "staging"
        tracked = known.tracked("carbon", target, self.issues(target), "", {other: self.issues(other)}, {})
        found = {name: each["stage"] for name, each in stages(self.entries()).items()}
        empty = {"judgement": {}, "deployed": {}, "anchors": {}, "numbers": {}, "ci": "", "page": "docs/STATUS.md"}
        return {"operation": asked, "tracked": tracked, "ledger": self.entries(), "stages": found, **empty, **more}

    def _texts(self) -> dict[str, str | None]:
        status = self.monorepo / "docs/STATUS.md"
        page = status.read_bytes().decode() if status.exists() else None
        return {
            "maturity": (self.monorepo / "MATURITY.md").read_bytes().decode(),
            "page": page,
            "report": "what the gates say",
        }

    def _publish(self, asked: Mapping[str, Any], issues: list[dict[str, Any]]) -> None:
        """First beside the ledger, then at GitHub: as `publish.yml` does."""
        issues = json.loads(json.dumps(issues))
        Shelf(self.root / "state" / asked["target"]).put(issues)
        if self.api:
            documents = [interface.checked(one) for one in issues]
            beside = Beside(self.root / "state", asked["target"])
            mirror.send(documents, beside, settings(self.api, project=5), TOKEN, asked["run"])


def _replace(path: Path, text: str) -> None:
    new = path.with_suffix(f".{os.getpid()}")
    new.write_bytes(text.encode())
    new.replace(path)
