"""Disks, snapshots, machines and managed images by the command line, and the versions that are made of them."""

import json

from stand import GROUP, REGION, import_image, refused

IN_GROUP = ("-g", GROUP)
PLACE = ("-g", GROUP, "-l", REGION)


def compute(stand):
    """Rules A4, A7, A8, A31, A32, A73, A74, A81."""
    cli = stand.cli
    provider = f"{stand.group}/providers/Microsoft.Compute"
    source = import_image(stand.server, stand.admin, f"{provider}/galleries/demo_gallery", "golden")

    # Disks and snapshots.
    disk = cli.az("disk", "create", *PLACE, "-n", "data", "--size-gb", "1", "--sku", "Premium_LRS")
    assert (disk["diskSizeGB"], disk["provisioningState"]) == (1, "Succeeded"), disk
    system = cli.az("disk", "create", *PLACE, "-n", "system", "--gallery-image-reference", source)
    assert system["osType"] == "Linux", system
    snapshot = cli.az("snapshot", "create", *PLACE, "-n", "before", "--source", "system")
    assert snapshot["creationData"]["sourceResourceId"] == system["id"], snapshot
    assert {d["name"] for d in cli.az("disk", "list", *IN_GROUP)} >= {"data", "system"}
    assert [s["name"] for s in cli.az("snapshot", "list", *IN_GROUP)] == ["before"]

    # A machine from the version: the deployment of `az vm create` has a stage of its own.
    sizes = cli.az("vm", "list-sizes", "-l", REGION)
    machine = f"{provider}/virtualMachines/captured"
    properties = {
        "hardwareProfile": {"vmSize": sizes[0]["name"]},
        "storageProfile": {
            "imageReference": {"id": source},
            "osDisk": {"createOption": "FromImage", "deleteOption": "Delete"},
        },
    }
    body = json.dumps({"location": REGION, "properties": properties})
    url = f"{stand.server.base}{machine}?api-version=2024-11-01"
    cli.az("rest", "--method", "put", "--url", url, "--body", body)
    vm = ("vm",)
    name = (*IN_GROUP, "-n", "captured")
    cli.az(*vm, "wait", *name, "--created")
    assert power(cli, name) == "VM running"
    cli.az(*vm, "deallocate", *name)
    assert power(cli, name) == "VM deallocated"
    cli.az(*vm, "start", *name)
    cli.az(*vm, "stop", *name)
    assert power(cli, name) == "VM stopped"

    # What a running machine can't, and what a generalized one can't.
    refused(lambda: cli.az("image", "create", *PLACE, "-n", "early", "--source", "captured"), "not generalized")
    cli.az(*vm, "generalize", *name)
    refused(lambda: cli.az(*vm, "start", *name), "generalized")
    image = cli.az("image", "create", *PLACE, "-n", "captured", "--source", "captured")
    assert image["storageProfile"]["osDisk"]["osState"] == "Generalized", image

    # Versions from each of them.
    gallery = [*IN_GROUP, "--gallery-name", "captures"]
    cli.az("sig", "create", *gallery)
    for definition, state in (("generalized", "Generalized"), ("specialized", "Specialized")):
        cli.az(
            "sig", "image-definition", "create", *gallery, "--gallery-image-definition", definition, "--publisher", "school",
            "--offer", "captures", "--sku", definition, "--os-type", "Linux", "--os-state", state, "--hyper-v-generation", "V1",
            "--features", "SecurityType=Standard",
        )  # fmt: skip

    def version(definition, number, *words):
        named = [*gallery, "--gallery-image-definition", definition, "--gallery-image-version", number]
        return cli.az("sig", "image-version", "create", *named, "-l", REGION, *words)

    made = version("generalized", "1.0.0", "--managed-image", "captured")
    assert made["storageProfile"]["source"]["id"] == image["id"], made
    version("generalized", "1.0.1", "--virtual-machine", machine)
    version("generalized", "1.0.2", "--image-version", made["id"])
    both = ("--os-snapshot", snapshot["id"], "--data-snapshots", disk["id"], "--data-snapshot-luns", "0")
    kept = version("specialized", "1.0.0", *both)
    assert kept["storageProfile"]["dataDiskImages"][0]["lun"] == 0, kept
    refused(lambda: version("specialized", "1.0.1", "--managed-image", "captured"), "OsStateMismatch")

    cli.az(*vm, "delete", *name, "-y")
    for kind, what in (("image", "captured"), ("snapshot", "before"), ("disk", "system"), ("disk", "data")):
        confirm = ["-y"] if kind == "disk" else []
        cli.az(kind, "delete", *IN_GROUP, "-n", what, *confirm)
    assert cli.az("disk", "list", *IN_GROUP) == []


def power(cli, name):
    """The machine's power in words, as the command line shows it."""
    statuses = cli.az("vm", "get-instance-view", *name)["instanceView"]["statuses"]
    return next(status["displayStatus"] for status in statuses if status["code"].startswith("PowerState/"))
