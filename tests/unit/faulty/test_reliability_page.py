"""docs/reliability.md and the tests of faults name the same faults; the table that a run prints has each once."""

from __future__ import annotations

from pathlib import Path

from faulty.table import Entry, documented, marked, text

ROOT = Path(__file__).parents[3]


def test_the_page_and_the_tests_name_the_same_faults() -> None:
    page = documented((ROOT / "docs/reliability.md").read_text())
    assert len(page) == len(set(page)) >= 20
    assert set(page) == marked(ROOT / "tests/faults")


def test_the_faults_of_the_issue_are_among_them() -> None:
    page = "\n".join(documented((ROOT / "docs/reliability.md").read_text()))
    for fault in (
        *("image missing", "registry down", "unhealthy from the start", "then dead", "flapping", "hanging endpoint"),
        *(
            "port taken",
            "compose file invalid",
            "disk full",
            "truncated at any byte",
            "leftover `<hash>_name` container",
        ),
        *(
            "Docker restarted",
            "host rebooted",
            "SIGKILL of the host program after every journal step",
            "SSH connection",
        ),
        *("20 operators at once", "unknown, current or pruned"),
    ):
        assert fault in page


def test_the_printed_table_has_each_fault_once() -> None:
    entries = [Entry("a", "", "deployed", True), Entry("b", "no", "", False), Entry("a", "said", "returned", True)]
    lines = text(entries)
    assert [line.split()[0] for line in lines[3:]] == ["a", "said", "b", "no"]
    assert "2 of  2  deployed, returned" in lines[3] and "0 of  1  -" in lines[5]
    assert text([]) == []
