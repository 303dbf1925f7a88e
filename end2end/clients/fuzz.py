"""Requests that nobody would write, made from the server's own OpenAPI document."""

import json
import subprocess
import sys
from pathlib import Path

from stand import token_of

#: Of each operation.
EXAMPLES = 8


#: Names that lead somewhere, so that more than addresses is tried; the group holds nothing that others need.
GROUP = "rg-scripts"
NAMES = {
    "gallery": ["fuzz", "fuzz_two"],
    "image": ["debian", "windows"],
    "version": ["1.0.0", "latest"],
    "labPlan": ["fuzz"],
    "lab": ["fuzz"],
}


def configuration(stand):
    """A file by which every address lies in our subscription and group."""
    names = {"subscription": [stand.subscription], "resourceGroup": [GROUP], **NAMES}
    lines = [f'"path.{name}" = {json.dumps(values)}' for name, values in names.items()]
    file = stand.server.data / "schemathesis.toml"
    file.write_text("[parameters]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def fuzz(stand):
    """No answer of 5xx, and none with a status that the document does not tell of."""
    stand.admin.az("sig", "create", "-g", GROUP, "--gallery-name", "fuzz")
    tool = str(Path(sys.executable).with_name("schemathesis"))
    token = token_of(stand.admin)
    done = subprocess.run(
        [
            tool, "--config-file", configuration(stand), "run", f"{stand.server.base}/openapi.json",
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
    summary = told[told.rfind("SUMMARY") :].splitlines()[1:]
    print("\n".join(f"  {line.strip()}" for line in summary if line.strip()), flush=True)
