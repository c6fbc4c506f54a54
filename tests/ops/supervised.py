"""A supervisor over two children, run by test_supervisor.py as a process of its own.

Arguments: a folder, the Python code of the child "brief", and "servers" to run the embedded servers
as well. The child "steady" has a child of its own and writes both process ids to ``steady.pids``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from wealthnexus.cli.supervisor import children, watch
from wealthnexus.kit.servers import LocalServers
from wealthnexus.kit.settings import Settings

STEADY = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
open(os.environ["PIDS"], "w").write(f"{os.getpid()} {child.pid}")
time.sleep(300)
"""


def tell(text: str) -> None:
    print(text, flush=True)


def main(folder: Path, brief: str, with_servers: bool) -> int:
    servers = LocalServers(Settings(data_dir=folder / "data")) if with_servers else None
    if servers:
        servers.start()
    children.BACK_OFF_SECONDS = (0.05, 0.1)

    def child(name: str, code: str) -> children.Child:
        return children.Child(
            name=name,
            command=[sys.executable, "-c", code],
            log=folder / f"{name}.log",
            environment={**os.environ, "PIDS": str(folder / "steady.pids")},
            stop_seconds=1.0,
        )

    supervisor = watch.Supervisor(servers, [child("steady", STEADY), child("brief", brief)], tell)
    status = supervisor.run(when_started=(folder / "steady.pids").exists, on_ready=lambda: tell("ready"))
    if servers:
        servers.stop()
    tell("stopped")
    return status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "servers"))
