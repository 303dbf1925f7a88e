"""Templates by the command line."""

from libraries import SAMPLES
from stand import GROUP

IN_GROUP = ("-g", GROUP)


def deployments(stand):
    """Rule A70: a gallery with definitions from a template, looked at before and shown after."""
    cli, group = stand.cli, ("deployment", "group")
    shelf = [*IN_GROUP, "-n", "shelf", "--template-file", str(SAMPLES / "gallery.json")]
    values = ["--parameters", "galleryName=deployed", 'imageNames=["debian","ubuntu"]']
    cli.az(*group, "validate", *shelf, *values)
    forecast = cli.az(*group, "what-if", *shelf, *values, "--no-pretty-print")
    assert [change["changeType"] for change in forecast["changes"]] == ["Create"] * 3, forecast
    made = cli.az(*group, "create", *shelf, *values)["properties"]
    assert made["provisioningState"] == "Succeeded", made
    assert made["outputs"]["galleryId"]["value"].endswith("/galleries/deployed"), made
    removed = [*IN_GROUP, "--gallery-name", "deployed"]
    for name in ("debian", "ubuntu"):
        cli.az("sig", "image-definition", "delete", *removed, "--gallery-image-definition", name)
    cli.az("sig", "delete", *removed)
