"""Which lines of a component ran in its containers, from what its services have noted. Pure.

The form of the notes is that of `programs/noting/tta_noted_lines.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Noted:
    """What one service has noted: its Pythons, the lines it ran by file, and files that are not the commit's."""

    pythons: set[str] = field(default_factory=set)
    lines: dict[str, set[int]] = field(default_factory=dict)
    differing: dict[str, str] = field(default_factory=dict)


def noted(text: str) -> Noted:
    """Return what notes say; a line that is torn or not theirs is passed over."""
    found = Noted()
    for line in text.splitlines():
        match line.split("\t"):
            case ["start", _, version, _]:
                found.pythons.add(version)
            case ["line", number, name] if number.isdecimal():
                found.lines.setdefault(name, set()).add(int(number))
            case ["differs", name, place]:
                found.differing[name] = place
    return found


def together(all_noted: Mapping[str, Noted], files: Iterable[str]) -> dict[str, list[int]]:
    """Return the lines that ran in any service, of these files."""
    wanted = set(files)
    lines: dict[str, set[int]] = {}
    for found in all_noted.values():
        for name in found.lines.keys() & wanted:
            lines.setdefault(name, set()).update(found.lines[name])
    return {name: sorted(numbers) for name, numbers in sorted(lines.items())}


def missing(all_noted: Mapping[str, Noted], own: Sequence[str]) -> list[str]:
    """Return why the lines of a component's `own` services are not known, one sentence each; empty when they are."""
    sentences = []
    for service in own:
        found = all_noted[service]
        others = {name: place for name, place in found.differing.items() if name not in found.lines}
        if not found.pythons:
            sentences.append(
                f"{service} does not say which lines it runs: its process is no Python, or one that was started"
                " without PYTHONPATH (-I, -E, -S, or a PYTHONPATH of its own)"
            )
        elif others:
            name, place = min(others.items())
            sentences.append(f"{place} in {service} is not {name} of the commit: its lines cannot be counted")
    if not sentences and own and not any(found.lines for found in all_noted.values()):
        sentences.append(f"{' and '.join(own)} ran none of the component's files as they are in the commit")
    return sentences
