"""Requests that nobody would write, made from the server's own OpenAPI document."""

import subprocess
import sys
from pathlib import Path

from stand import token_of

#: Of each operation.
EXAMPLES = 8


def fuzz(stand):
    """No answer of 5xx, and none with a status that the document does not tell of."""
    tool = str(Path(sys.executable).with_name("schemathesis"))
    token = token_of(stand.admin)
    done = subprocess.run(
        [
            tool, "run", f"{stand.server.base}/openapi.json",
            "--url", stand.server.base,
            "--tls-verify", stand.server.authority,
            "--header", f"Authorization: Bearer {token}",
            "--checks", "not_a_server_error,status_code_conformance",
            "--phases", "examples,fuzzing",
            "--max-examples", str(EXAMPLES),
            # The same requests in every run.
            "--seed", "1",
            "--warnings", "off",
            "--no-color",
        ],
        cwd=stand.server.data,
        capture_output=True,
        text=True,
        timeout=900,
    )  # fmt: skip
    # The token is in what it prints of each failure.
    told = done.stdout.replace(token, "…")
    assert done.returncode == 0, told[-6000:] + done.stderr.replace(token, "…")
    print("  " + told.strip().splitlines()[-1], flush=True)
