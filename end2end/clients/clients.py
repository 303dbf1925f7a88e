"""Stock clients against a real server, stage by stage.

`run` calls this with the Python of the clients' environment; words name the stages that are wanted. It stops at the
first thing that is not as it should be; the server's log is printed then. To add a stage, write a function that takes
the `Stand`, in the module of its kind, and list it below.
"""

import os
import sys

import compute
import deployments
import fuzz
import libraries
import organisations
import seeds
import signin
from server import Server
from stand import Stand

#: The others need what these make.
FIRST = [signin.device_code, signin.secret]
STAGES = [
    *FIRST,
    signin.browser_flow,
    signin.certificate,
    signin.roles,
    libraries.python,
    libraries.every_type,
    libraries.samples,
    seeds.seeds,
    compute.compute,
    deployments.deployments,
    organisations.two_organisations,
    # Last: it leaves a disorder behind.
    fuzz.fuzz,
]


def main():
    server = Server(os.environ["VITRINE_BINARY"], os.environ["VITRINE_BASE_IMAGE"])
    only = set(sys.argv[1:])
    unknown = only - {stage.__name__ for stage in STAGES}
    if unknown:
        sys.exit(f"no stage is called {', '.join(sorted(unknown))}")
    stage = None
    try:
        server.start()
        stand = Stand(server)
        for stage in STAGES:
            if only and stage.__name__ not in only and stage not in FIRST:
                continue
            print(stage.__name__.replace("_", " "), flush=True)
            stage(stand)
    except Exception:
        place = stage.__name__ if stage else "the start of the server"
        print(f"{place} failed; the server said:\n{server.log()}", file=sys.stderr)
        raise
    finally:
        server.stop()


if __name__ == "__main__":
    main()
