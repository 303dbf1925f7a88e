"""The stock Azure CLI, unpatched, with a configuration folder of its own."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Refused(Exception):
    """The command failed; its last words are the message."""


class Cli:
    """One signed-in command line. Every instance forgets what the others know."""

    def __init__(self, server):
        self.server = server
        self.folder = tempfile.mkdtemp(prefix="az-", dir=server.data)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.folder,
            "AZURE_CONFIG_DIR": self.folder,
            "AZURE_CORE_COLLECT_TELEMETRY": "false",
            "AZURE_CORE_LOGIN_EXPERIENCE_V2": "false",
            # The recipe of docs/SCRIPTING.md, word for word, from here on.
            "REQUESTS_CA_BUNDLE": server.authority,
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",
        }
        self.az("cloud", "register", "-n", "Vitrine", "--endpoint-resource-manager", server.base)
        self.az("cloud", "set", "-n", "Vitrine")

    def az(self, *arguments, timeout=180, **environment):
        """Runs a command and answers what it prints, read as JSON where it is."""
        begun = time.monotonic()
        done = subprocess.run(
            [program(), *arguments, "-o", "json"],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        took = time.monotonic() - begun
        print(f"  {took:5.1f} s  az {' '.join(shown(arguments))}", flush=True)
        if done.returncode:
            raise Refused(done.stderr.strip() or done.stdout.strip())
        return json.loads(done.stdout) if done.stdout.strip() else None

    def login_by_device(self, browser, *arguments):
        """Signs in with a code that somebody enters in their browser."""
        process = subprocess.Popen(
            [program(), "login", "--use-device-code", *arguments, "-o", "json"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        words = ""
        for line in process.stderr:
            words += line
            code = re.search(r"enter the code (\w+)", line)
            if code:
                browser.finish_device(code.group(1))
                break
        out, rest = process.communicate(timeout=120)
        print("         az login --use-device-code", flush=True)
        if process.returncode:
            raise Refused(words + rest)
        return json.loads(out)

    def login_by_browser(self, user_name, password):
        """Signs in through the browser that the command line opens."""
        script = Path(__file__).with_name("browser.py")
        person = [self.server.base, self.server.authority, user_name, password]
        words = " ".join(f"'{word}'" for word in [sys.executable, str(script), *person])
        opener = Path(self.folder) / "open"
        log = Path(self.folder) / "open.log"
        opener.write_text(f'#!/bin/sh\nexec {words} "$1" >"{log}" 2>&1\n', encoding="utf-8")
        opener.chmod(0o700)
        try:
            return self.az("login", BROWSER=f"{opener} %s &", DISPLAY=":0", timeout=60)
        except subprocess.TimeoutExpired:
            raise Refused(log.read_text(encoding="utf-8") if log.exists() else "no browser was opened") from None


def program():
    return str(Path(sys.executable).with_name("az"))


def shown(arguments):
    """The arguments without secrets."""
    long = {"-p", "--password", "--headers", "--body"}
    words = zip(["", *arguments], arguments)
    return ["…" if before in long or word.startswith("--password=") else word for before, word in words]
