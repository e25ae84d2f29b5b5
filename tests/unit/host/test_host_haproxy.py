"""What the edge's HAProxy is told, and how what it says is read."""

from __future__ import annotations

from ansible_collections.tta.ops.plugins.module_utils.host import haproxy
from ansible_collections.tta.ops.plugins.module_utils.host.haproxy import Backend
from ansible_collections.tta.ops.plugins.module_utils.host.routes import Check, Route

WEB = Route("web", 8080, True, 2, Check("http", 8080, "/health", None))
RAW = Route("web", 9000, False, 2, Check("http", 8080, "/health", None))
# As HAProxy 2.6 says it, columns in between left out.
STAT = """\
# pxname,svname,scur,status,check_code,last_chk
live_8080,FRONTEND,3,OPEN,,
blue_8080,s1,2,UP,200,
blue_8080,s2,0,MAINT (resolution),,
blue_8080,BACKEND,2,UP,,
green_8080,s1,0,DOWN,500,
green_8080,s2,0,UP 1/3,200,
green_8080,BACKEND,0,UP,,
green_9000,s1,1,no check,,
green_9000,BACKEND,1,UP,,
green_9001,s1,0,DOWN,,Connection refused
green_9001,BACKEND,0,DOWN,,
other,BACKEND,9,UP,,
"""
PROCESSES = """\
#<PID>          <type>          <reloads>       <uptime>        <version>
1               master          1 [failed: 0]   0d00h00m01s     2.6.12-1+deb12u4
# workers
12              worker          0               0d00h00m00s     2.6.12-1+deb12u4
# old workers
8               worker          1               0d00h00m01s     2.6.12-1+deb12u4
# programs

"""


def section(text: str, title: str) -> list[str]:
    return next(part for part in text.split("\n\n") if part.startswith(f"{title}\n")).splitlines()[1:]


def test_all_ports_follow_one_entry_of_the_map() -> None:
    text = haproxy.config("tta-web", {"blue": [WEB, RAW], "green": [WEB, RAW]})
    assert section(text, "frontend live_8080")[:3] == [
        "  bind :8080",
        "  mode http",
        "  use_backend %[str(live),map(/etc/tta-ops-edge/colours.map,none)]_8080",
    ]
    assert "  bind :28080" in section(text, "frontend preview_8080")
    assert "  use_backend %[str(preview),map(/etc/tta-ops-edge/colours.map,none)]_9000" in text
    assert {"backend blue_8080", "backend green_8080", "backend blue_9000"} <= set(text.splitlines())


def test_only_what_may_be_repeated_is_repeated() -> None:
    text = haproxy.config("tta-web", {"blue": [WEB], "green": [WEB]})
    assert "  http-request disable-l7-retry unless { method GET HEAD OPTIONS }" in section(text, "frontend live_8080")
    assert "  retry-on conn-failure empty-response" in section(text, "backend blue_8080")
    for line in ("  timeout connect 250ms", "  retries 3", "  option redispatch 1"):
        assert line in text.splitlines()


def test_each_colour_is_checked_as_its_own_release_wants() -> None:
    other = WEB._replace(check=Check("https", 8080, "/ready now", "a.example"), slots=4)
    text = haproxy.config("tta-web", {"blue": [WEB], "green": [other]})
    assert "  http-check send meth GET uri /health ver HTTP/1.1 hdr Host localhost hdr Connection close" in section(
        text, "backend blue_8080"
    )
    green = section(text, "backend green_8080")
    assert any("uri /ready\\ now ver HTTP/1.1 hdr Host a.example" in line for line in green)
    assert any("server-template s 1-4 web.green.tta-web:8080 check port 8080 check-ssl" in line for line in green)


def test_addresses_survive_a_reload_and_nothing_else_does() -> None:
    lines = haproxy.config("tta-web", {"blue": [WEB], "green": [WEB]}).splitlines()
    assert "  server-state-file /etc/tta-ops-edge/servers.state" in lines
    assert "  load-server-state-from-file global" in lines
    assert all(line.endswith("init-addr last,none") for line in lines if "server-template" in line)


def test_a_port_without_health_is_passed_on_unchecked_and_as_it_is() -> None:
    text = haproxy.config("tta-web", {"blue": [RAW._replace(check=None)], "green": [RAW._replace(check=None)]})
    backend = section(text, "backend blue_9000")
    assert "  mode tcp" in backend
    assert not any("check" in line for line in backend)
    assert "retry-on" not in text.partition("frontend")[2]


def test_a_port_speaks_http_only_when_both_colours_do() -> None:
    text = haproxy.config("tta-web", {"blue": [WEB], "green": [WEB._replace(http=False)]})
    assert "mode http" not in text
    text = haproxy.config("tta-web", {"blue": [WEB], "green": [RAW]})
    assert "  mode http" in section(text, "frontend live_8080")
    assert "backend blue_9000" not in text


def test_nothing_in_a_path_becomes_configuration() -> None:
    evil = WEB._replace(check=Check("http", 8080, "/x\n  stats enable #'\"$(", "a b"))
    lines = haproxy.config("tta-web", {"blue": [evil], "green": [evil]}).splitlines()
    assert not any(line.strip().startswith("stats enable") for line in lines)
    assert any("uri /x\\ \\ stats\\ enable\\ \\#\\'\\\"\\$( ver" in line for line in lines)


def test_the_map_comes_back_from_file_and_socket() -> None:
    assert haproxy.parse_map(haproxy.mapping("blue", "green")) == {"live": "blue", "preview": "green"}
    assert haproxy.parse_map("0x561226ab7440 live green\n0x561226ab74d0 preview none\n\n") == {
        "live": "green",
        "preview": "none",
    }
    assert haproxy.parse_map("Unknown map identifier.\n") == {}


def test_statistics_and_processes_are_read() -> None:
    assert haproxy.backends(STAT) == [
        Backend("blue", 8080, 1, 2),
        Backend("green", 8080, 1, 0, "HTTP 500"),
        Backend("green", 9000, 1, 1),
        Backend("green", 9001, 0, 0, "Connection refused"),
    ]
    assert haproxy.workers(PROCESSES) == [12, 8]
    assert (haproxy.newest(PROCESSES), haproxy.newest("")) == (12, 0)
    assert haproxy.newest(PROCESSES.replace("12 ", "# ")) == 0
