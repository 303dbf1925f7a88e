"""Every way in, and roles."""

import subprocess
from pathlib import Path

from cli import Cli
from stand import ADMIN, GROUP, READER, person, refused


def device_code(stand):
    """A person signs in with a code, and works."""
    server = stand.server
    cli = Cli(server)
    accounts = cli.login_by_device(person(server, ADMIN, server.password(ADMIN)))
    assert [a["user"]["name"] for a in accounts] == [ADMIN], accounts
    assert len(cli.az("account", "list", "--refresh")) == 1
    assert cli.az("ad", "signed-in-user", "show")["userPrincipalName"] == ADMIN
    made = cli.az("group", "create", "-n", "rg-scripts", "-l", "westeurope")
    assert made["properties"]["provisioningState"] == "Succeeded", made
    galleries = cli.az("sig", "list")
    assert [g["name"] for g in galleries] == ["demo_gallery"], galleries
    stand.admin = cli


def browser_flow(stand):
    """A person signs in through the browser that the command line opens."""
    cli = Cli(stand.server)
    accounts = cli.login_by_browser(ADMIN, stand.server.password(ADMIN))
    assert accounts[0]["user"] == {"name": ADMIN, "type": "user"}, accounts
    cli.az("sig", "list")


def secret(stand):
    """A script gets a program of its own, signs in with its secret, and may do what its role allows."""
    server, admin = stand.server, stand.admin
    subscription = admin.az("account", "show")["id"]
    scope = f"/subscriptions/{subscription}/resourceGroups/{GROUP}"
    made = admin.az("ad", "sp", "create-for-rbac", "-n", "nightly", "--role", "Contributor", "--scopes", scope)
    cli = Cli(server)
    login = ["login", "--service-principal", "-u", made["appId"], "--tenant", made["tenant"]]
    # A fresh configuration for the wrong one: the command line caches tokens, and refusals too.
    refused(lambda: Cli(server).az(*login, "-p", "wrong"), "AADSTS7000215")
    cli.az(*login, "-p", made["password"])
    cli.az("sig", "create", "-g", GROUP, "--gallery-name", "scripts", "-l", "westeurope")
    assert "scripts" in [g["name"] for g in cli.az("sig", "list", "-g", GROUP)]
    refused(lambda: cli.az("group", "create", "-n", "elsewhere", "-l", "westeurope"), "not found", )
    stand.program, stand.cli = made, cli


def certificate(stand):
    """The same program signs in with a certificate."""
    server, admin, made = stand.server, stand.admin, stand.program
    files = [str(server.data / name) for name in ("key.pem", "cert.pem")]
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=nightly -keyout".split()
    subprocess.run([*command, files[0], "-out", files[1]], check=True, capture_output=True)
    admin.az("ad", "app", "credential", "reset", "--id", made["appId"], "--cert", f"@{files[1]}", "--append")
    both = server.data / "both.pem"
    both.write_text("".join(Path(file).read_text(encoding="utf-8") for file in files), encoding="utf-8")
    cli = Cli(server)
    login = ["login", "--service-principal", "-u", made["appId"], "--tenant", made["tenant"]]
    cli.az(*login, "--certificate", str(both))
    cli.az("sig", "list", "-g", GROUP)


def roles(stand):
    """Roles are given, listed with names, and taken."""
    admin, made = stand.admin, stand.program
    subscription = admin.az("account", "show")["id"]
    scope = f"/subscriptions/{subscription}"
    given = admin.az("role", "assignment", "create", "--assignee", made["appId"], "--role", READER, "--scope", scope)
    assert given["principalType"] == "ServicePrincipal", given
    again = admin.az("role", "assignment", "create", "--assignee", made["appId"], "--role", READER, "--scope", scope)
    assert again["id"] == given["id"], "an assignment that is there is answered"
    listed = admin.az("role", "assignment", "list", "--scope", scope)
    names = {(a["principalName"], a["roleDefinitionName"]) for a in listed}
    assert (made["appId"], READER) in names, names
    mine = admin.az("role", "assignment", "list", "--assignee", ADMIN, "--scope", scope, "--include-inherited")
    assert "Owner" in {a["roleDefinitionName"] for a in mine}, mine
    admin.az("role", "assignment", "delete", "--assignee", made["appId"], "--role", READER, "--scope", scope)
    left = admin.az("role", "assignment", "list", "--scope", scope)
    assert (made["appId"], READER) not in {(a["principalName"], a["roleDefinitionName"]) for a in left}
