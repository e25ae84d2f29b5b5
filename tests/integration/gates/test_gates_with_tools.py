"""Each gate with the real tool: one that passes, one that fails, one that is inconclusive."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from lamp import FILES, Lamps

LAMP = "src/components/lamp.py"
TESTS = "tests/test_lamp.py"
README = "src/components/lamp/README.md"
MATURITY = "src/components/lamp/MATURITY.md"
CODE = FILES[LAMP]
QUICK = (
    "features",
    "unit-tests",
    "unit-coverage",
    "api-documented",
    "api-stable",
    "lint",
    "types",
    "security",
    "readme",
    "dependencies-declared",
    "dependencies-stable",
)


def test_a_good_component_passes_and_nothing_is_written_to_the_checkout(lamps: Lamps) -> None:
    judged = lamps.judge(*QUICK)
    assert {name: one.verdict["cause"] for name, one in judged.items() if one.verdict["verdict"] != "pass"} == {}
    status = subprocess.run(["git", "-C", str(lamps.folder), "status", "--porcelain", "--ignored"], capture_output=True)
    assert status.stdout == b""
    assert judged["unit-coverage"].verdict["found"] == 100
    assert judged["unit-coverage"].verdict["tools"].keys() == {"pytest", "coverage"}
    assert judged["features"].verdict["attested"]["by"] == "Jane"
    assert judged["lint"].verdict["by_hand"].startswith(f"cd {lamps.folder} && ")


def test_what_is_not_committed_is_not_judged(lamps: Lamps) -> None:
    (lamps.folder / LAMP).write_text("import os\n")
    assert lamps.told("lint")[0] == "pass"


def test_commands_see_the_export_and_none_of_the_operator_s_secrets(
    lamps: Lamps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_PASSWORD", "hunter2")
    test = (
        "import os\nimport pathlib\n\n\ndef test_lamp():\n    assert 'hunter2' not in str(dict(os.environ))\n"
        f"    assert pathlib.Path.cwd() != pathlib.Path({str(lamps.folder)!r})\n"
    )
    lamps.write(**{TESTS: test})
    assert lamps.told("unit-tests") == ("pass", 0, "")


# core features


def test_features_too_few(lamps: Lamps) -> None:
    lamps.write(**{MATURITY: FILES[MATURITY].replace("- [x] a\n", "- [ ] a\n")})
    assert lamps.told("features") == (
        "fail",
        60,
        f"{MATURITY}:6: not ticked: a\n{MATURITY}:8: not ticked: dims",
    )


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (None, "is not in commit"),
        ("# Lamp\n\n## Overview\n- [x] a\n", "has no section that fits 'features'"),
        ("# Lamp\n\n## Features\n- a\n", "has no check list (- [x] …) under 'Features', line 3"),
    ],
)
def test_features_nobody_can_read(lamps: Lamps, text: str | None, cause: str) -> None:
    lamps.write(**{MATURITY: text})
    verdict, found, why = lamps.told("features")
    assert (verdict, found) == ("inconclusive", None)
    assert why.startswith(MATURITY) and cause in why


def test_a_maturity_file_that_is_no_text(lamps: Lamps) -> None:
    (lamps.folder / MATURITY).write_bytes(b"\xff\xfe\x00")
    lamps.write()
    assert lamps.told("features")[0] == "inconclusive"
    assert "cannot be read as text" in lamps.told("features")[2]


# unit tests and coverage


def test_failing_tests_fail_by_name_and_coverage_is_still_a_number(lamps: Lamps) -> None:
    lamps.write(**{TESTS: FILES[TESTS] + "\n\ndef test_lamp_burns():\n    assert lit(Power(0))\n"})
    judged = lamps.judge("unit-tests", "unit-coverage")
    assert judged["unit-tests"].verdict["verdict"] == "fail"
    assert judged["unit-tests"].verdict["cause"].startswith("tests.test_lamp.test_lamp_burns: assert False")
    assert judged["unit-coverage"].verdict["found"] == 100


def test_coverage_too_low_names_the_lines(lamps: Lamps) -> None:
    more = "".join(f"\n\ndef more_{n}() -> int:\n    return {n}\n" for n in range(6))
    lamps.write(**{LAMP: CODE + more})
    verdict, found, cause = lamps.told("unit-coverage")
    assert (verdict, found) == ("fail", 66.66)
    assert cause == f"{LAMP}: 66.67 %, not run: 15, 19, 23, 27, 31, 35"


def test_own_files_that_no_test_imports_count_as_not_covered(lamps: Lamps) -> None:
    lamps.write(**{"src/components/lamp/bulb.py": "A = 1\nB = 2\nC = 3\nD = 4\n"})
    verdict, found, cause = lamps.told("unit-coverage")
    assert (verdict, found) == ("fail", 60)
    assert cause == "src/components/lamp/bulb.py: 0 %, not run: 1-4"


def test_the_monorepo_s_settings_cannot_leave_files_out(lamps: Lamps) -> None:
    lamps.write(**{".coveragerc": "[run]\nomit = *\n[report]\nexclude_lines = .\n"})
    assert lamps.told("unit-coverage")[:2] == ("pass", 100)


def test_files_of_others_do_not_count(lamps: Lamps) -> None:
    lamps.write(**{TESTS: FILES[TESTS] + "\n\ndef test_lamp_socket():\n    import src.components.socket\n"})
    document = lamps.judge("unit-coverage")["unit-coverage"].measurement.document
    assert [entry["file"] for entry in document["coverage"]["files"]] == [LAMP]


def test_no_data_is_neither_0_nor_a_pass(lamps: Lamps) -> None:
    lamps.write(**{TESTS: "def test_lamp_nothing():\n    assert True\n"})
    judged = lamps.judge("unit-tests", "unit-coverage")
    assert judged["unit-tests"].verdict["verdict"] == "pass"
    assert judged["unit-coverage"].verdict["verdict"] == "inconclusive"
    assert "no test imports any of the component's files" in judged["unit-coverage"].verdict["cause"]


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        (
            {TESTS: "import gone\n"},
            "tests.test_lamp could not be imported: ModuleNotFoundError: No module named 'gone'",
        ),
        ({TESTS: "import os\nos._exit(0)\n"}, "pytest"),
        ({TESTS: "import os\n\ndef test_lamp():\n    os.kill(os.getpid(), 11)\n"}, "was killed by signal 11"),
        (
            {TESTS: "import pytest\n\n@pytest.mark.skip\ndef test_lamp():\n    pass\n"},
            "all 1 selected tests were skipped",
        ),
    ],
)
def test_a_run_that_says_nothing_is_inconclusive(lamps: Lamps, files: dict[str, str | None], cause: str) -> None:
    lamps.write(**files)
    judged = lamps.judge("unit-tests", "unit-coverage")
    assert {one.verdict["verdict"] for one in judged.values()} == {"inconclusive"}
    assert cause in judged["unit-tests"].verdict["cause"]


def test_a_selection_without_tests_is_inconclusive(lamps: Lamps) -> None:
    lamps.entry["tests"]["unit"]["select"] = "bulb"
    judged = lamps.judge("unit-tests", "unit-coverage")
    assert {one.verdict["verdict"] for one in judged.values()} == {"inconclusive"}
    assert "no test was selected" in judged["unit-tests"].verdict["cause"]


def test_an_import_error_in_somebody_else_s_test_file_is_named(lamps: Lamps) -> None:
    lamps.entry["tests"]["unit"]["paths"] = ["tests"]
    lamps.write(**{"tests/test_theirs.py": "import gone\n"})
    verdict, _, cause = lamps.told("unit-tests")
    assert (verdict, cause) == (
        "inconclusive",
        "tests.test_theirs could not be imported: ModuleNotFoundError: No module named 'gone'",
    )


def test_tests_that_hang_end_in_time(lamps: Lamps) -> None:
    lamps.write(**{TESTS: "import time\n\ndef test_lamp():\n    time.sleep(300)\n"})
    lamps.seconds = 3
    verdict, _, cause = lamps.told("unit-tests")
    assert verdict == "inconclusive"
    assert "did not end within" in cause


# API


def test_undocumented_names_are_listed(lamps: Lamps) -> None:
    lamps.write(**{LAMP: CODE + "\n\ndef dim() -> None:\n    pass\n\n\ndef _own() -> None:\n    pass\n"})
    assert lamps.told("api-documented") == ("fail", 1, "dim (L14)")


def test_a_breaking_change_since_the_last_promotion(lamps: Lamps) -> None:
    lamps.last_promoted = lamps.write(**{"src/components/lamp/bulb.py": "A = 1\n\n\ndef f(a, b=1):\n    pass\n"})
    assert lamps.told("api-stable") == ("pass", 0, "")
    lamps.write(**{LAMP: CODE.replace("def lit(power: Power)", "def lit(power: Power, colour: str)")})
    assert lamps.told("api-stable") == ("fail", 1, f"{LAMP}: lit(colour): Parameter was added as required")
    lamps.write(**{LAMP: CODE, "src/components/lamp/bulb.py": None})
    assert lamps.told("api-stable") == ("fail", 1, "src/components/lamp/bulb.py: was removed")


def test_a_first_promotion_has_nothing_to_compare_and_says_so(lamps: Lamps) -> None:
    assert lamps.judge("api-stable")["api-stable"].verdict["statement"] == "first promotion: nothing to compare"


def test_changes_of_others_break_nothing(lamps: Lamps) -> None:
    lamps.last_promoted = lamps.write()
    lamps.write(**{"src/components/socket.py": '"""Nothing."""\n'})
    assert lamps.told("api-stable") == ("pass", 0, "")


# code quality


def test_lint_findings_have_a_place(lamps: Lamps) -> None:
    lamps.write(**{LAMP: CODE.replace("\n\nfrom src", "\n\nimport os\n\nfrom src")})
    verdict, found, cause = lamps.told("lint")
    assert (verdict, found) == ("fail", 1)
    assert cause.startswith(f"{LAMP}:3: F401")


def test_excluding_the_files_does_not_pass(lamps: Lamps) -> None:
    bad = CODE.replace("\n\nfrom src", "\n\nimport os\n\nfrom src")
    lamps.write(**{LAMP: bad, "ruff.toml": 'force-exclude = true\nexclude = ["src"]\n'})
    assert lamps.told("lint")[:2] == ("fail", 1)


def test_type_errors_and_warnings_count(lamps: Lamps) -> None:
    lamps.write(**{LAMP: CODE + '\n\nX: int = "a"\n'})
    verdict, found, cause = lamps.told("types")
    assert (verdict, found) == ("fail", 1)
    assert cause.startswith(f"{LAMP}:")
    settings = '{"reportUnusedVariable": "warning", "typeCheckingMode": "standard"}'
    lamps.write(**{LAMP: CODE.replace("    if power", "    x = 1\n    if power"), "pyrightconfig.json": settings})
    assert lamps.told("types")[:2] == ("fail", 1)


def test_security_findings_of_medium_severity_count_and_low_ones_do_not(lamps: Lamps) -> None:
    lamps.write(**{LAMP: CODE + '\nassert True\nPASSWORD = "x"\n'})
    assert lamps.told("security")[:2] == ("pass", 0)
    lamps.write(**{LAMP: CODE + '\n\ndef run(text: str) -> None:\n    """Run."""\n    eval(text)\n'})
    verdict, found, cause = lamps.told("security")
    assert (verdict, found) == ("fail", 1)
    assert cause.startswith(f"./{LAMP}:16: B307")


@pytest.mark.parametrize("gate", ["api-documented", "api-stable", "lint", "types", "security"])
def test_without_python_files_nothing_was_examined(lamps: Lamps, gate: str) -> None:
    lamps.entry["paths"] = ["src/components/lamp"]
    verdict, found, cause = lamps.told(gate)
    assert (verdict, found) == ("inconclusive", None)
    assert cause.startswith(("lamp has no python files at ", "nothing was examined"))


@pytest.mark.parametrize("gate", ["security", "api-stable", "dependencies-declared"])
def test_code_that_is_no_python_is_inconclusive(lamps: Lamps, gate: str) -> None:
    lamps.write(**{LAMP: "def lit(:\n"})
    verdict, _, cause = lamps.told(gate)
    assert verdict == "inconclusive"
    assert LAMP in cause


@pytest.mark.parametrize(
    ("gate", "tool"),
    [("lint", "ruff"), ("types", "pyright"), ("security", "bandit"), ("api-documented", "interrogate")],
)
@pytest.mark.parametrize(
    ("script", "cause"),
    [
        (None, "uvx-of-nobody is not installed"),
        ("exit 0", "printed no"),
        ("echo '{'; exit 1", ""),
        ("echo '[]'; exit 1", ""),
        ("echo '{}'; exit 0", ""),
        ("echo '[{\"a\": NaN}]'", ""),
        ("head -c 30000000 /dev/zero", "printed more than its limit"),
        ("printf '\\377\\376'", ""),
        ("kill -9 $$", "signal 9"),
        ("exit 2", "ended with exit code 2"),
    ],
)
def test_a_tool_that_talks_nonsense_passes_nothing(
    lamps: Lamps, tmp_path: Path, gate: str, tool: str, script: str | None, cause: str
) -> None:
    path = tmp_path / "uvx-of-nobody"
    if script is not None:
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    # The runner is called with the tool's name behind it, as uvx is; whatever it prints is what the tool printed.
    lamps.settings["runner"] = {"run": [], "tool": [str(path)]}
    verdict, found, why = lamps.told(gate)
    assert (verdict, found) == ("inconclusive", None)
    assert cause in why


# README


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        ({README: "# Lamp\n\nNothing.\n"}, f"{README} and {LAMP}: no section Usage"),
        ({README: "# Lamp\n\n## Usage\n\n```bash\nls\n```\n"}, f"{README}: section 'Usage' has no Python code block"),
        ({README: "# Lamp\n\n## Usage\n\n```python\nfrom gone import x\n```\n"}, f"{README}:6: ModuleNotFoundError"),
        ({README: "# Lamp\n\n## Usage\n\n```python\n>>> 1 + 1\n3\n```\n"}, f"{README}:6: "),
        (
            {README: "# Lamp\n\n## Usage\n\n```python\nraise SystemExit(2)\n```\n"},
            f"{README}:6: ended the program with 2",
        ),
    ],
)
def test_a_readme_that_does_not_help_fails(lamps: Lamps, files: dict[str, str | None], cause: str) -> None:
    lamps.write(**files)
    verdict, found, why = lamps.told("readme")
    assert (verdict, found) == ("fail", 1)
    assert why.startswith(cause)


def test_a_module_s_docstring_serves_as_readme(lamps: Lamps) -> None:
    docstring = '"""A lamp.\n\nUsage::\n\n    from src.components.lamp import lit\n\n    print(lit)\n"""\n'
    lamps.write(**{README: None, LAMP: CODE.replace('"""A lamp."""\n', docstring)})
    assert lamps.told("readme") == ("pass", 0, "")
    lamps.write(**{LAMP: CODE.replace('"""A lamp."""\n', docstring.replace("print(lit)", "lit(1, 2, 3)"))})
    assert lamps.told("readme")[0] == "fail"


@pytest.mark.parametrize("end", ["import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)"])
def test_readme_code_that_ends_everything_is_inconclusive(lamps: Lamps, end: str) -> None:
    lamps.write(**{README: f"# Lamp\n\n## Usage\n\n```python\n{end}\n```\n"})
    assert lamps.told("readme")[0] == "inconclusive"


# dependencies


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (
            "import src.components.socket",
            f"{LAMP}:3 imports src/components/socket.py of socket, which is not in `depends`",
        ),
        (
            "from src.components import socket",
            f"{LAMP}:3 imports src/components/socket.py of socket, which is not in `depends`",
        ),
        ("import yaml", f"{LAMP}:3 imports yaml (pyyaml or yaml), which is not declared (pyproject.toml)"),
        ("import src.components.stray", f"{LAMP}:3 imports src/components/stray.py, which belongs to no component"),
    ],
)
def test_an_import_that_is_not_declared(lamps: Lamps, line: str, cause: str) -> None:
    code = CODE.replace("\n\nfrom src", f"\n\n{line}\nfrom src")
    lamps.write(**{LAMP: code, "src/components/stray.py": "X = 1\n"})
    verdict, found, why = lamps.told("dependencies-declared")
    assert (verdict, found) == ("fail", 1)
    assert why.startswith(cause)


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "import requests",
        "try:\n    import yaml\nexcept ImportError:\n    yaml = None",
        "from . import base",
    ],
)
def test_an_import_that_is_declared_or_optional(lamps: Lamps, line: str) -> None:
    lamps.write(**{LAMP: CODE.replace("\n\nfrom src", f"\n\n{line}\nfrom src")})
    assert lamps.told("dependencies-declared") == ("pass", 0, "")


def test_a_package_that_is_not_pinned(lamps: Lamps) -> None:
    project = FILES["pyproject.toml"].replace("==2.34.2", ">=2")
    lamps.write(**{LAMP: CODE.replace("\n\nfrom src", "\n\nimport requests\nfrom src"), "pyproject.toml": project})
    assert "is not pinned: no == and no lock file" in lamps.told("dependencies-declared")[2]
    lamps.write(**{"uv.lock": '[[package]]\nname = "requests"\nversion = "2.34.2"\n'})
    assert lamps.told("dependencies-declared")[0] == "pass"


def test_a_declared_component_that_nobody_imports(lamps: Lamps) -> None:
    lamps.entry["depends"] = ["socket"]
    lamps.stages = {"socket": "staging"}
    assert lamps.told("dependencies-declared")[:2] == ("fail", 1)
    lamps.components["socket"]["services"] = ["socket"]
    assert lamps.told("dependencies-declared") == ("pass", 0, "")


@pytest.mark.parametrize(
    ("stage", "verdict", "cause"),
    [
        ("production", "pass", ""),
        ("staging", "pass", ""),
        ("development", "fail", "socket is at development, staging or higher is wanted"),
        ("unknown", "inconclusive", "nobody knows at which stage socket is"),
        (None, "inconclusive", "nobody knows at which stage socket is"),
    ],
)
def test_the_stage_of_a_dependency(lamps: Lamps, stage: str | None, verdict: str, cause: str) -> None:
    lamps.entry["depends"] = ["socket"]
    lamps.stages = {"socket": stage} if stage else {}
    told = lamps.told("dependencies-stable")
    assert (told[0], told[2]) == (verdict, cause)
