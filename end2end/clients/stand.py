"""What every stage works with: the server, the administrator's command line, and a program with its own."""

import time
from dataclasses import dataclass

import requests

from browser import Browser
from cli import Cli, Refused
from server import Server

ADMIN = "admin@contoso.example"
GROUP = "rg-labs"
REGION = "westeurope"
READER = "Reader"


@dataclass
class Stand:
    """Made by the stages of `signin`, which come first."""

    server: Server
    #: A person's command line: the owner of the demo organisation.
    admin: Cli = None
    #: What `az ad sp create-for-rbac` printed: `appId`, `password`, `tenant`.
    program: dict = None
    #: The program's command line: Contributor on the group.
    cli: Cli = None

    @property
    def subscription(self):
        return self.admin.az("account", "show")["id"]

    @property
    def group(self):
        """The ARM id of the group that everything is made in."""
        return f"/subscriptions/{self.subscription}/resourceGroups/{GROUP}"


def refused(run, *words):
    """Makes sure that a command fails with these words."""
    try:
        run()
    except Refused as refusal:
        for word in words:
            assert word in str(refusal), f"“{word}” is not in {refusal}"
        return
    raise AssertionError(f"not refused: {words}")


def person(server, user_name, password):
    browser = Browser(server.base, server.authority)
    browser.sign_in(user_name, password)
    return browser


def token_of(cli, *arguments):
    return cli.az("account", "get-access-token", *arguments)["accessToken"]


def import_image(server, cli, gallery, name="ubuntu"):
    """A definition with a version of the base image, uploaded as docs/SCRIPTING.md says."""
    query = {"api-version": "2022-08-01"}
    session = requests.Session()
    session.trust_env = False
    session.verify = server.authority
    session.headers["Authorization"] = "Bearer " + token_of(cli)

    def ask(method, path, **options):
        answer = session.request(method, server.base + path, params=query, timeout=120, **options)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    disk = server.data / "base-image" / "base.qcow2"
    identifier = {"publisher": "school", "offer": "labs", "sku": name}
    properties = {"osType": "Linux", "osState": "Specialized", "identifier": identifier}
    ask("PUT", f"{gallery}/images/{name}", json={"location": "westeurope", "properties": properties})
    file = {"fileName": disk.name, "sizeBytes": disk.stat().st_size}
    upload = ask("POST", f"{gallery}/uploads", json={"properties": file})["id"]
    headers = {"Upload-Offset": "0", "Content-Type": "application/octet-stream"}
    ask("PATCH", upload, data=disk.read_bytes(), headers=headers)
    version = f"{gallery}/images/{name}/versions/1.0.0"
    profile = {
        "publishingProfile": {"targetRegions": [{"name": "westeurope"}]},
        "storageProfile": {"osDiskImage": {"source": {"id": upload}}},
    }
    ask("PUT", version, json={"location": "westeurope", "properties": profile})
    for _ in range(240):
        state = ask("GET", version)["properties"]["provisioningState"]
        if state == "Succeeded":
            return version
        assert state in ("Creating", "Updating"), state
        time.sleep(0.5)
    raise AssertionError("the version is not ready")
