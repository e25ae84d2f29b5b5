"""The steps of a rollback as the page for operators has them, with the commands as they really are typed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .look.returned import TITLES
from .tracking.markdown import block, prose

Operation = Mapping[str, Any]
Data = Mapping[str, Any]


def quick(operation: Operation, data: Data, facts: Mapping[str, Any]) -> list[str]:
    """Return the section of the way back that leaves the data as it is."""
    component = operation["component"]
    given = f"-e component={component} -e target=production"
    first = [
        "Images, files and values of the release before are on the host; neither monorepo nor registry is needed.",
        "",
    ]
    steps = [
        *_step(1, "See what serves and what is kept", f"ansible-playbook status.yml -e component={component}"),
        *_step(2, "See what would be done; nothing is changed", f"ansible-playbook rollback.yml {given} --check"),
        *_step(3, "Go back", f"ansible-playbook rollback.yml {given} -e reason='why'"),
        *_step(4, "The same on the host itself, without control node", f"sudo tta-ops rollback {component}"),
        *_step(5, "Verify its health", *_health(operation, facts)),
    ]
    if not data["first"]:
        return [*first, *steps]
    number = data["from"]
    words = f"Release {number} was the first: what was rehearsed is to take it away, and to let it serve again."
    away = _step(1, "Take it away; its volumes stay", f"sudo tta-ops rollback {component} --undo --release {number}")
    commit = str((facts["origin"] or {}).get("commit"))[:12]
    again = _step(2, "Let it serve again", f"ansible-playbook deploy.yml {given} -e version={commit}")
    return [words, "", *away, *again, "", "Once there is a release before:", "", *steps]


def full(operation: Operation, data: Data, facts: Mapping[str, Any]) -> list[str]:
    """Return the section of the way back that returns the data too."""
    component, stateful = operation["component"], operation["entry"]["kind"] == "stateful"
    given = f"-e component={component} -e target=production -e mode=full"
    if data["mode"] == "full":
        words = "It was rehearsed, and its times stand below."
    elif stateful:
        words = "It was not rehearsed: the last rehearsal was a quick one."
    else:
        words = (
            f"{component} keeps no data of its own, so that a quick rollback is enough; this is for a changed schema."
        )
    return [
        f"A quick rollback is refused, with the reason, when the data of the two releases do not fit. {words}",
        "",
        *_step(
            1,
            "See what would be lost: the time since the restore point",
            f"ansible-playbook rollback.yml {given} --check",
        ),
        *_step(2, "Go back, and say that you accept it", f"ansible-playbook rollback.yml {given} -e accept_loss='…'"),
        "",
        "That command does, as one act with a journal:",
        "",
        "1. stop the component",
        "2. dump what is there now (the safety dump), and restore the restore point of the earlier release",
        "3. take the environment values of that release",
        "4. start it",
        "5. verify its health and run its integration tests",
        "6. watch it for an hour",
    ]


def validation(operation: Operation, data: Data) -> list[str]:
    """Return the check list; the run of `rollback.yml` goes through it by itself and shows each."""
    return [
        "`rollback.yml` looks at these itself and names what is not as it should be:",
        "",
        *(f"- [ ] {title}" for title in TITLES.values()),
        "",
        "Then, by a person:",
        "",
        f"- [ ] `ansible-playbook status.yml -e component={operation['component']}` shows the right release",
        "- [ ] those who asked for the rollback see that what was wrong is gone",
    ]


def _step(number: int, text: str, *commands: str) -> list[str]:
    lines = block("\n".join(commands))
    fence = [f"{lines[0]}bash", *lines[1:]]
    return [f"{number}. {prose(text)}:", "", *(f"   {line}" for line in fence), ""]


def _health(operation: Operation, facts: Mapping[str, Any]) -> Sequence[str]:
    health = operation["entry"].get("health") or {}
    services: Mapping[str, Any] = facts.get("published") or {}
    address = (services.get(str(health.get("service"))) or {}).get(str(health.get("port")))
    for scheme in ("http", "https"):
        if health.get(scheme) and address:
            return [f"curl --fail {scheme}://{address}{health[scheme]}   # the address in staging"]
    label = f"label=tta.ops.component={operation['component']}"
    return [f"docker ps --filter {label} --format '{{{{.Names}}}} {{{{.Status}}}}'"]
