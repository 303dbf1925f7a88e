// Lists every gallery of a subscription with its definitions, and makes one.
//
// Needs @azure/identity and @azure/arm-compute, and the environment variables VITRINE_URL, VITRINE_TENANT,
// VITRINE_APP, VITRINE_SECRET and VITRINE_SUBSCRIPTION; NODE_EXTRA_CA_CERTS for a server with its own authority.

import { ComputeManagementClient } from "@azure/arm-compute";
import { ClientSecretCredential } from "@azure/identity";

const { VITRINE_URL, VITRINE_TENANT, VITRINE_APP, VITRINE_SECRET, VITRINE_SUBSCRIPTION } = process.env;
const base = VITRINE_URL.replace(/\/+$/, "");
const credential = new ClientSecretCredential(VITRINE_TENANT, VITRINE_APP, VITRINE_SECRET, {
  authorityHost: base,
  disableInstanceDiscovery: true,
});
const compute = new ComputeManagementClient(credential, VITRINE_SUBSCRIPTION, {
  endpoint: base,
  credentials: { scopes: [`${base}/.default`] },
});

for await (const gallery of compute.galleries.list()) {
  const group = gallery.id.split("/")[4];
  for await (const image of compute.galleryImages.listByGallery(group, gallery.name)) {
    console.log(gallery.name, image.name, image.osType, image.osState);
  }
}

const group = process.env.VITRINE_GROUP ?? "rg-labs";
const made = await compute.galleries.createOrUpdate(group, "node_sample", {
  location: "westeurope",
  description: "Made by a script",
});
console.log("made", made.id);
await compute.galleries.delete(group, made.name);
console.log("removed", made.name);
