"""The libraries of Python and Node, with nothing but our address and a program's secret."""

import os
import subprocess
import sys
from pathlib import Path

from stand import GROUP, REGION

SAMPLES = Path(__file__).resolve().parents[2] / "docs" / "samples"


def clients(stand, *types):
    """One client of each type, signed in as the program."""
    from azure.identity import ClientSecretCredential

    server, made = stand.server, stand.program
    # The libraries read it from the environment when they first connect.
    os.environ["REQUESTS_CA_BUNDLE"] = server.authority
    credential = ClientSecretCredential(
        made["tenant"], made["appId"], made["password"], authority=server.base, disable_instance_discovery=True
    )
    ours = {"base_url": server.base, "credential_scopes": [server.base + "/.default"]}
    subscription = stand.subscription
    # Without scopes of ours they ask for the modelled service's own audience.
    plain = {"base_url": server.base}
    return [kind(credential, subscription, **(plain if number else ours)) for number, kind in enumerate(types)]


def python(stand):
    """The Python libraries, with nothing but our address and the secret."""
    from azure.mgmt.compute import ComputeManagementClient
    from azure.mgmt.labservices import ManagedLabsClient

    compute, labs, plain = clients(stand, ComputeManagementClient, ManagedLabsClient, ComputeManagementClient)
    assert "scripts" in [gallery.name for gallery in compute.galleries.list()]
    assert [plan.name for plan in labs.lab_plans.list_by_resource_group(GROUP)] == ["science"]
    assert list(plain.galleries.list_by_resource_group(GROUP))


def samples(stand):
    """The programs that docs/SCRIPTING.md tells of, as they stand there."""
    node = Path(__file__).with_name("node")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(stand.server.data),
        "VITRINE_URL": stand.server.base,
        "VITRINE_TENANT": stand.program["tenant"],
        "VITRINE_APP": stand.program["appId"],
        "VITRINE_SECRET": stand.program["password"],
        "VITRINE_SUBSCRIPTION": stand.subscription,
        "VITRINE_GROUP": GROUP,
        "REQUESTS_CA_BUNDLE": stand.server.authority,
        "NODE_EXTRA_CA_CERTS": stand.server.authority,
    }
    # Modules are looked for beside the program, so it is run from where they are.
    program = node / "galleries.mjs"
    program.write_text((SAMPLES / "galleries.mjs").read_text(encoding="utf-8"), encoding="utf-8")
    try:
        for command, gallery in (
            ([sys.executable, str(SAMPLES / "galleries.py")], "python_sample"),
            (["node", str(program)], "node_sample"),
        ):
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)
            assert done.returncode == 0, done.stderr
            assert f"removed {gallery}" in done.stdout, done.stdout
    finally:
        program.unlink()


def every_type(stand):
    """Creates, lists, changes and deletes one of each type by the Python libraries."""
    from azure.mgmt.authorization import AuthorizationManagementClient
    from azure.mgmt.compute import ComputeManagementClient
    from azure.mgmt.resource.resources import ResourceManagementClient

    compute, resources, roles = clients(
        stand, ComputeManagementClient, ResourceManagementClient, AuthorizationManagementClient
    )
    group = resources.resource_groups.get(GROUP)
    assert group.location == REGION, group
    gallery = {"location": REGION, "tags": {"by": "library"}}
    compute.galleries.begin_create_or_update(GROUP, "typed", gallery).result()
    changed = compute.galleries.begin_update(GROUP, "typed", {"description": "changed"}).result()
    assert changed.description == "changed", changed
    image = {
        "location": REGION,
        "os_type": "Linux",
        "os_state": "Specialized",
        "identifier": {"publisher": "school", "offer": "labs", "sku": "typed"},
    }
    compute.gallery_images.begin_create_or_update(GROUP, "typed", "debian", image).result()
    changed = compute.gallery_images.begin_update(GROUP, "typed", "debian", {"description": "newer"}).result()
    assert changed.description == "newer", changed
    assert [i.name for i in compute.gallery_images.list_by_gallery(GROUP, "typed")] == ["debian"]

    scope = changed.id
    [reader] = roles.role_definitions.list(scope, filter="roleName eq 'Reader'")
    assert reader.role_name == "Reader", reader
    assert list(roles.role_assignments.list_for_scope(scope)), "inherited roles are listed"

    compute.gallery_images.begin_delete(GROUP, "typed", "debian").result()
    compute.galleries.begin_delete(GROUP, "typed").result()
    assert "typed" not in [g.name for g in compute.galleries.list_by_resource_group(GROUP)]
