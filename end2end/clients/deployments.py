"""Templates by the command line, and the machine that `az vm create` makes of one."""

import json

from libraries import SAMPLES
from stand import GROUP, REGION, import_image, refused

IN_GROUP = ("-g", GROUP)


def deployments(stand):
    """Rule A70: a gallery with definitions from a template, looked at before and shown after."""
    cli, group = stand.cli, ("deployment", "group")
    shelf = [*IN_GROUP, "-n", "shelf", "--template-file", str(SAMPLES / "gallery.json")]
    values = ["--parameters", "galleryName=deployed", 'imageNames=["debian","ubuntu"]']
    refused(lambda: cli.az(*group, "validate", *shelf, "--parameters", "imageNames=[]", "galleryName=a b"), "a b")
    cli.az(*group, "validate", *shelf, *values)
    forecast = cli.az(*group, "what-if", *shelf, *values, "--no-pretty-print")
    assert [change["changeType"] for change in forecast["changes"]] == ["Create"] * 3, forecast
    made = cli.az(*group, "create", *shelf, *values)["properties"]
    assert made["provisioningState"] == "Succeeded", made
    assert made["outputs"]["galleryId"]["value"].endswith("/galleries/deployed"), made
    done = cli.az("deployment", "operation", "group", "list", *IN_GROUP, "-n", "shelf")
    assert len(done) >= 3, done
    found = cli.az("resource", "list", *IN_GROUP, "--resource-type", "Microsoft.Compute/galleries")
    assert "deployed" in [gallery["name"] for gallery in found], found

    # Tags and locks, on any resource.
    gallery = f"{stand.group}/providers/Microsoft.Compute/galleries/deployed"
    tagged = cli.az("tag", "update", "--resource-id", gallery, "--operation", "merge", "--tags", "made=template")
    assert tagged["properties"]["tags"] == {"made": "template"}, tagged
    refused(lambda: cli.az("lock", "create", "-n", "mine", "--lock-type", "CanNotDelete", "--resource", gallery), "not")
    lock = stand.admin.az("lock", "create", "-n", "keep", "--lock-type", "CanNotDelete", "--resource", gallery)
    removed = [*IN_GROUP, "--gallery-name", "deployed"]
    for name in ("debian", "ubuntu"):
        refused(lambda: cli.az("sig", "image-definition", "delete", *removed, "--gallery-image-definition", name), "keep")
    stand.admin.az("lock", "delete", "--ids", lock["id"])
    for name in ("debian", "ubuntu"):
        cli.az("sig", "image-definition", "delete", *removed, "--gallery-image-definition", name)
    cli.az("sig", "delete", *removed)


def vm_create(stand):
    """Rules A32, A57, A70, A74, A89: a machine from a specialized version, with network records of its own."""
    cli = stand.cli
    source = import_image(stand.server, stand.admin, f"{stand.group}/providers/Microsoft.Compute/galleries/demo_gallery", "machines")
    size = cli.az("vm", "list-sizes", "-l", REGION)[0]["name"]
    name = [*IN_GROUP, "-n", "web"]
    made = cli.az("vm", "create", *name, "-l", REGION, "--image", source, "--specialized", "--size", size, timeout=300)
    assert made["powerState"] == "VM running", made
    shown = cli.az("vm", "show", "-d", *name)
    assert shown["storageProfile"]["imageReference"]["id"].lower() == source.lower(), shown
    assert shown["osProfile"] is None, "a specialized machine has none"
    nics = cli.az("network", "nic", "list", *IN_GROUP)
    assert [json.dumps(nic["virtualMachine"]).count("web") for nic in nics] == [1], nics
    cli.az("vm", "delete", *name, "--yes")
