"""One application in two organisations."""

import json

from cli import Cli
from stand import GROUP, READER, import_image, person, refused, token_of


def two_organisations(stand):
    """One application in two organisations: rules C3 to C13 and A61, step by step."""
    server, admin = stand.server, stand.admin
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
