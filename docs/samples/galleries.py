"""Lists every image version of every subscription, and makes a gallery with a definition.

Needs azure-identity, azure-mgmt-compute and azure-mgmt-resource, and five environment variables:
VITRINE_URL, VITRINE_TENANT, VITRINE_APP, VITRINE_SECRET and, for a server with its own authority, REQUESTS_CA_BUNDLE.
"""

import os

from azure.identity import ClientSecretCredential
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient

base = os.environ["VITRINE_URL"].rstrip("/")
credential = ClientSecretCredential(
    os.environ["VITRINE_TENANT"],
    os.environ["VITRINE_APP"],
    os.environ["VITRINE_SECRET"],
    authority=base,
    disable_instance_discovery=True,
)
ours = {"base_url": base, "credential_scopes": [base + "/.default"]}

for subscription in SubscriptionClient(credential, **ours).subscriptions.list():
    compute = ComputeManagementClient(credential, subscription.subscription_id, **ours)
    for gallery in compute.galleries.list():
        group = gallery.id.split("/")[4]
        for image in compute.gallery_images.list_by_gallery(group, gallery.name):
            for version in compute.gallery_image_versions.list_by_gallery_image(group, gallery.name, image.name):
                regions = [target.name for target in version.publishing_profile.target_regions]
                print(gallery.name, image.name, version.name, ", ".join(regions))

group = os.environ.get("VITRINE_GROUP", "rg-labs")
made = compute.galleries.begin_create_or_update(
    group, "python_sample", {"location": "westeurope", "description": "Made by a script"}
).result()
image = compute.gallery_images.begin_create_or_update(
    group,
    made.name,
    "debian",
    {
        "location": "westeurope",
        "os_type": "Linux",
        "os_state": "Specialized",
        "identifier": {"publisher": "school", "offer": "labs", "sku": "debian-python"},
    },
).result()
print("made", image.id)
compute.gallery_images.begin_delete(group, made.name, image.name).result()
compute.galleries.begin_delete(group, made.name).result()
print("removed", made.name)
