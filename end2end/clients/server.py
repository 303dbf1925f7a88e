"""A Vitrine of our own for the clients: the demo organisation and a second one, on a free port of the loopback."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import requests

PATIENCE = 60


class Server:
    """Runs from `start` to `stop`; everything that it keeps is in a folder that goes with it."""

    def __init__(self, binary, image):
        self.data = Path(tempfile.mkdtemp(prefix="vitrine-clients-"))
        (self.data / "base-image").mkdir()
        shutil.copyfile(image, self.data / "base-image" / "base.qcow2")
        self.port = free_port()
        # One host name throughout: clients send no token to another one.
        self.base = f"https://localhost:{self.port}"
        self.binary = binary
        self.environment = {
            "PATH": os.environ["PATH"],
            "VITRINE_DATA__FOLDER": str(self.data),
            "VITRINE_SERVER__LISTEN": f"127.0.0.1:{self.port}",
            "VITRINE_SERVER__PUBLIC_URL": f"{self.base}/",
        }
        self.process = None

    @property
    def authority(self):
        """The certificate authority that clients have to trust."""
        return str(self.data / "tls" / "authority.pem")

    def start(self):
        log = open(self.data / "server.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", self.binary, "serve", "--demo"],
            env=self.environment,
            # Where no configuration of the checkout is read.
            cwd=self.data,
            stdout=log,
            stderr=log,
        )
        end = time.monotonic() + PATIENCE
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the server is not ready:\n{self.log()}")
            time.sleep(0.2)

    def is_ready(self):
        try:
            session = requests.Session()
            session.trust_env = False
            return session.get(f"{self.base}/readyz", verify=self.authority, timeout=2).ok
        except (OSError, requests.RequestException):
            return False

    def log(self):
        return (self.data / "server.log").read_text(encoding="utf-8")[-5000:]

    def password(self, user_name):
        """The password of somebody of the demo organisation."""
        text = (self.data / "demo-accounts.txt").read_text(encoding="utf-8")
        return re.search(rf"^\s*{re.escape(user_name)}\s+(\S+)", text, re.MULTILINE).group(1)

    def add_tenant(self, name, domain):
        """A second organisation, made as an operator makes it; answers what the command prints."""
        told = subprocess.run(
            [self.binary, "tenant", "add", "--name", name, "--domain", domain],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        return dict(line.split(None, 1) for line in told.strip().splitlines())

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.stop_machines()
        shutil.rmtree(self.data, ignore_errors=True)

    def stop_machines(self):
        """Machines outlive their server by design; those of this run are told by their working folder."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if Path(os.readlink(folder / "cwd")).is_relative_to(self.data):
                    os.kill(int(folder.name), signal.SIGKILL)
            except OSError:
                # It ended while we looked, or is somebody else's.
                continue


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
