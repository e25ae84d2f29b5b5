"""Start or remove a container host from the command line, as Molecule's shared playbooks do.

`python -m container_host start NAME --variant bare --folder DIR` prints the host's inventory variables as JSON.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from container_host.host import ContainerHost


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="container_host", description=__doc__)
    parser.add_argument("verb", choices=["start", "remove"])
    parser.add_argument("name")
    parser.add_argument("--variant", choices=["engine", "bare"], default="engine")
    parser.add_argument("--folder", type=Path, required=True, help="where key pair and known_hosts are kept")
    parser.add_argument("--load", nargs="+", default=[], metavar="IMAGE", help="images to stream into its engine")
    arguments = parser.parse_args()
    host = ContainerHost(arguments.name, arguments.folder.resolve(), arguments.variant)
    if arguments.verb == "remove":
        host.remove()
    else:
        host.start()
        if arguments.load:
            host.load_images(*arguments.load)
        print(json.dumps(host.variables()))


if __name__ == "__main__":
    main()
