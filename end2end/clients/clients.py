"""Stock clients against a real server: sign-in in every way, resources, roles, and two organisations.

`run` calls this with the Python of the clients' environment. It stops at the first thing that is not as it should be;
the server's log is printed then.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import requests

from browser import Browser
from cli import Cli, Refused
from server import Server

ADMIN = "admin@contoso.example"
GROUP = "rg-labs"
READER = "Reader"


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


def device_code(server):
    """A person signs in with a code, and works."""
    cli = Cli(server)
    accounts = cli.login_by_device(person(server, ADMIN, server.password(ADMIN)))
    assert [a["user"]["name"] for a in accounts] == [ADMIN], accounts
    assert len(cli.az("account", "list", "--refresh")) == 1
    assert cli.az("ad", "signed-in-user", "show")["userPrincipalName"] == ADMIN
    made = cli.az("group", "create", "-n", "rg-scripts", "-l", "westeurope")
    assert made["properties"]["provisioningState"] == "Succeeded", made
    galleries = cli.az("sig", "list")
    assert [g["name"] for g in galleries] == ["demo_gallery"], galleries
    return cli


def browser_flow(server):
    """A person signs in through the browser that the command line opens."""
    cli = Cli(server)
    accounts = cli.login_by_browser(ADMIN, server.password(ADMIN))
    assert accounts[0]["user"] == {"name": ADMIN, "type": "user"}, accounts
    cli.az("sig", "list")


def secret(server, admin):
    """A script gets a program of its own, signs in with its secret, and may do what its role allows."""
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
    return made, cli


def certificate(server, admin, made):
    """The same program signs in with a certificate."""
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


def roles(admin, made):
    """Roles are given, listed with names, and taken."""
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


def libraries(server, made, cli):
    """The Python libraries, with nothing but our address and the secret."""
    from azure.identity import ClientSecretCredential
    from azure.mgmt.compute import ComputeManagementClient
    from azure.mgmt.labservices import ManagedLabsClient

    os.environ["REQUESTS_CA_BUNDLE"] = server.authority
    credential = ClientSecretCredential(
        made["tenant"], made["appId"], made["password"], authority=server.base, disable_instance_discovery=True
    )
    subscription = cli.az("account", "show")["id"]
    ours = {"base_url": server.base, "credential_scopes": [server.base + "/.default"]}
    compute = ComputeManagementClient(credential, subscription, **ours)
    assert "scripts" in [gallery.name for gallery in compute.galleries.list()]
    labs = ManagedLabsClient(credential, subscription, **ours)
    assert [plan.name for plan in labs.lab_plans.list_by_resource_group(GROUP)] == ["science"]
    # Without scopes of ours they ask for the modelled service's own audience.
    plain = ComputeManagementClient(credential, subscription, base_url=server.base)
    assert list(plain.galleries.list_by_resource_group(GROUP))


def token_of(cli, *arguments):
    return cli.az("account", "get-access-token", *arguments)["accessToken"]


def import_image(server, cli, gallery):
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
    identifier = {"publisher": "school", "offer": "labs", "sku": "ubuntu"}
    properties = {"osType": "Linux", "osState": "Specialized", "identifier": identifier}
    ask("PUT", f"{gallery}/images/ubuntu", json={"location": "westeurope", "properties": properties})
    file = {"fileName": disk.name, "sizeBytes": disk.stat().st_size}
    upload = ask("POST", f"{gallery}/uploads", json={"properties": file})["id"]
    headers = {"Upload-Offset": "0", "Content-Type": "application/octet-stream"}
    ask("PATCH", upload, data=disk.read_bytes(), headers=headers)
    version = f"{gallery}/images/ubuntu/versions/1.0.0"
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


def two_organisations(server, admin):
    """One application in two organisations: rules C3 to C13 and A61, step by step."""
    other = server.add_tenant("Fabrikam School", "fabrikam.example")
    subscription = admin.az("account", "show")["id"]
    home = admin.az("account", "show")["tenantId"]
    gallery = f"/subscriptions/{subscription}/resourceGroups/{GROUP}/providers/Microsoft.Compute/galleries/demo_gallery"
    version = import_image(server, admin, gallery)

    # Tenant 1: the application, its secret, its principal, and Reader on the gallery.
    made = admin.az(
        "ad", "app", "create", "--display-name", "myGalleryApp",
        "--sign-in-audience", "AzureADMultipleOrgs", "--web-redirect-uris", "https://www.microsoft.com",
    )  # fmt: skip
    app = made["appId"]
    password = admin.az("ad", "app", "credential", "reset", "--id", app)["password"]
    admin.az("ad", "sp", "create", "--id", app)
    admin.az("role", "assignment", "create", "--assignee", app, "--role", READER, "--scope", gallery)

    # Tenant 2: nobody admitted it yet; then its administrator does, by opening its address.
    tenant = other["tenant"]
    login = ["login", "--service-principal", "-u", app, f"--password={password}", "--allow-no-subscriptions", "--tenant"]
    refused(lambda: Cli(server).az(*login, tenant), "AADSTS7000229")
    owner = person(server, other["owner"], other["password"])
    address = f"/{tenant}/oauth2/authorize?client_id={app}&response_type=code&redirect_uri=https%3A%2F%2Fwww.microsoft.com"
    page = owner.agree(address)
    assert page.ok and "is admitted" in page.text, page.text[-2000:]

    # Tenant 2: a resource group with a lab plan, and Contributor there.
    fabrikam = Cli(server)
    fabrikam.login_by_device(owner, "--tenant", tenant)
    target = "/subscriptions/" + other["subscription"] + "/resourceGroups/rg-target"
    fabrikam.az("group", "create", "-n", "rg-target", "-l", "westeurope")
    fabrikam.az("role", "assignment", "create", "--assignee", app, "--role", "Contributor", "--scope", target)
    query = "?api-version=2022-08-01"
    plan = f"{target}/providers/Microsoft.LabServices/labPlans/plan"
    put = ["rest", "--method", "put", "--url"]
    body = {"location": "westeurope", "properties": {"allowedRegions": ["westeurope"]}}
    fabrikam.az(*put, server.base + plan + query, "--body", json.dumps(body))

    # The application signs in to both, and makes a lab in tenant 2 from the full version id of tenant 1.
    cli = Cli(server)
    cli.az(*login, home)
    there = token_of(cli, "--tenant", home)
    cli.az(*login, tenant)
    size = cli.az("rest", "--url", server.base + f"/subscriptions/{other['subscription']}/providers/Microsoft.LabServices/skus{query}")
    lab = f"{server.base}{target}/providers/Microsoft.LabServices/labs/shared{query}"
    body = {
        "location": "westeurope",
        "properties": {
            "labPlanId": plan,
            "title": "From another organisation",
            "virtualMachineProfile": {
                "createOption": "TemplateVM",
                "imageReference": {"id": version},
                "sku": {"name": size["value"][0]["name"], "capacity": 1},
            },
        },
    }
    both = ["--headers", f"x-ms-authorization-auxiliary=Bearer {there}"]
    # Whether an image may be used in a lab plan is the plan's own switch.
    refused(lambda: cli.az(*put, lab, "--body", json.dumps(body), *both), "ImageDisabled")
    images = cli.az("rest", "--url", f"{server.base}{plan}/images{query}", *both)["value"]
    [image] = [image["name"] for image in images if image["properties"]["displayName"] == "ubuntu"]
    switch = json.dumps({"properties": {"enabledState": "Enabled"}})
    cli.az(*put, f"{server.base}{plan}/images/{image}{query}", "--body", switch, *both)
    made = cli.az(*put, lab, "--body", json.dumps(body), *both)
    assert made["name"] == "shared", made

    # Taken back in tenant 1, it is of no use any more.
    admin.az("role", "assignment", "delete", "--assignee", app, "--role", READER, "--scope", gallery)
    again = lab.replace("labs/shared", "labs/later")
    refused(lambda: cli.az(*put, again, "--body", json.dumps(body), *both), "not found")


def main():
    server = Server(os.environ["VITRINE_BINARY"], os.environ["VITRINE_BASE_IMAGE"])
    only = set(sys.argv[1:])
    stage = "the start of the server"
    try:
        server.start()
        admin = made = cli = None
        for stage in ("device_code", "browser_flow", "secret", "certificate", "roles", "libraries", "two_organisations"):
            if only and stage not in only and stage not in ("device_code", "secret"):
                continue
            print(stage.replace("_", " "), flush=True)
            if stage == "device_code":
                admin = device_code(server)
            elif stage == "browser_flow":
                browser_flow(server)
            elif stage == "secret":
                made, cli = secret(server, admin)
            elif stage == "certificate":
                certificate(server, admin, made)
            elif stage == "roles":
                roles(admin, made)
            elif stage == "libraries":
                libraries(server, made, cli)
            else:
                two_organisations(server, admin)
    except (AssertionError, Refused, RuntimeError, KeyError) as error:
        print(f"{stage} failed: {error}\nthe server said:\n{server.log()}", file=sys.stderr)
        raise
    finally:
        server.stop()


if __name__ == "__main__":
    main()
