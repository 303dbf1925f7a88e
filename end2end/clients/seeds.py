"""The commands of the service's own guides, as they stand there but for names and regions."""

from stand import GROUP, REGION, import_image, refused

GALLERY = "demo_gallery"
FURTHER = "northeurope"


def seeds(stand):
    """Rules A72, A80 to A82, A54, A67, A68, A88: the loop over subscriptions, and a version's whole life."""
    cli, sig = stand.cli, ("sig", "image-version")
    subscriptions = [account["id"] for account in cli.az("account", "list")]
    found = [gallery["name"] for id in subscriptions for gallery in cli.az("sig", "list", "--subscription", id)]
    assert GALLERY in found, found

    source = import_image(stand.server, stand.admin, f"{stand.group}/providers/Microsoft.Compute/galleries/{GALLERY}", "seed")
    names = ["-g", GROUP, "--gallery-name", "seeds"]
    cli.az("sig", "create", *names, "--description", "from the guides")
    shown = cli.az("sig", "update", *names, "--set", "description=changed")
    assert shown["description"] == "changed", shown
    definition = [*names, "--gallery-image-definition", "frontend"]
    cli.az(
        "sig", "image-definition", "create", *definition, "--publisher", "Contoso", "--offer", "Finance", "--sku", "Frontend",
        "--os-type", "Linux", "--os-state", "Specialized", "--hyper-v-generation", "V1", "--features", "SecurityType=Standard",
        "--minimum-cpu-core", "1", "--maximum-cpu-core", "4",
    )  # fmt: skip
    refused(
        lambda: cli.az(
            "sig", "image-definition", "create", *names, "--gallery-image-definition", "again", "--publisher", "Contoso",
            "--offer", "Finance", "--sku", "Frontend", "--os-type", "Linux", "--os-state", "Specialized",
        ),
        "Contoso",
    )  # fmt: skip
    updated = cli.az("sig", "image-definition", "update", *definition, "--set", "description=front")
    assert updated["description"] == "front", updated

    version = [*definition, "--gallery-image-version", "1.0.0"]
    # An explicit list without the source region is refused, and the message names it.
    refused(lambda: cli.az(*sig, "create", *version, "-l", REGION, "--target-regions", FURTHER, "--image-version", source), REGION)
    made = cli.az(
        *sig, "create", *version, "-l", REGION, "--replica-count", "2",
        "--target-regions", f"{REGION}=2=standard_lrs", f"{FURTHER}=1", "--image-version", source,
    )  # fmt: skip
    counts = {t["name"]: t["regionalReplicaCount"] for t in made["publishingProfile"]["targetRegions"]}
    assert counts == {REGION: 2, FURTHER: 1}, made
    shown = cli.az(*sig, "show", *version, "--expand", "ReplicationStatus")
    status = shown["replicationStatus"]
    assert status["aggregatedState"] == "Completed", status
    assert {s["region"].lower().replace(" ", ""): s["progress"] for s in status["summary"]} == {REGION: 100, FURTHER: 100}, status

    updated = cli.az(*sig, "update", *version, "--target-regions", f"{REGION}=1", "--set", "publishingProfile.excludeFromLatest=true")
    assert updated["publishingProfile"]["excludeFromLatest"] is True, updated
    cli.az(*sig, "wait", *version, "--updated")
    assert [v["name"] for v in cli.az(*sig, "list", *definition)] == ["1.0.0"]

    refused(lambda: cli.az("sig", "delete", *names), "ResourceInUse")
    refused(lambda: cli.az("sig", "image-definition", "delete", *definition), "ResourceInUse")
    cli.az(*sig, "delete", *version)
    cli.az("sig", "image-definition", "delete", *definition)
    cli.az("sig", "delete", *names)
    # What is gone already is no error.
    cli.az("sig", "delete", *names)
