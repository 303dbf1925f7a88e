import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import { expect, test } from "../journey";
import { signIn } from "../people";

/** An empty disk as qemu-img makes it. */
function disk(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-disk-"));
  try {
    const file = join(folder, "disk");
    const made = spawnSync("qemu-img", ["create", "-q", "-f", "qcow2", file, "1G"]);
    if (made.status !== 0) throw new Error(String(made.stderr));
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Another organisation on the server under test, made as its operator would; answers how its owner signs in. */
function anotherOrganisation(domain: string): { userName: string; password: string } {
  const told = execFileSync(process.env.VITRINE_BINARY!, ["tenant", "add", "--name", "Partner College", "--domain", domain], {
    env: { PATH: process.env.PATH, VITRINE_DATA__FOLDER: process.env.VITRINE_DATA, VITRINE_SERVER__PUBLIC_URL: `${process.env.VITRINE_URL}/` },
    encoding: "utf8",
  });
  const fact = (word: string) => told.match(new RegExp(`^${word}\\s+(\\S+)`, "m"))![1]!;
  return { userName: fact("owner"), password: fact("password") };
}

/** A gallery of one generalized image, with a finished version. */
async function makeImage(page: Page, gallery: string): Promise<void> {
  await page.goto("/images/new");
  await page.getByLabel("Name", { exact: true }).fill(gallery);
  await page.getByRole("button", { name: "Create gallery" }).click();
  await page.getByRole("link", { name: "New image definition" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("microscopy");
  for (const [label, value] of [["Publisher", "school"], ["Offer", gallery], ["SKU", "microscopy"]] as const) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
  await page.getByRole("button", { name: "Create image definition" }).click();
  await page.goto("/images");
  await page.getByRole("link", { name: gallery }).click();
  await page.getByRole("link", { name: "microscopy" }).click();
  await page.getByRole("link", { name: "Upload a version" }).first().click();
  await page.locator("#file").setInputFiles({ name: "m.qcow2", mimeType: "application/octet-stream", buffer: disk() });
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^microscopy/, { timeout: 30_000 });
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("Ready", { exact: true }).first()).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
}

/** A resource group and a lab plan in it. */
async function makePlan(page: Page): Promise<void> {
  await page.goto("/admin?tab=groups");
  await page.getByLabel("Group name").fill("rg-labs");
  await page.getByRole("button", { name: "Create group" }).click();
  await page.goto("/plans/new");
  await page.getByLabel("Name", { exact: true }).fill("borrowing");
  await page.getByRole("button", { name: "Create lab plan" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("borrowing");
}

test("an image is shared with another organisation, used there for a lab, and taken back", async ({ page, browser, people, expectAccessible, javaScriptEnabled }, { project }) => {
  test.setTimeout(240_000);
  const mark = project.name.replace("-", "");
  const partner = anotherOrganisation(`${mark}.partner.example`);
  const theirs = await (await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled, baseURL: process.env.VITRINE_URL })).newPage();

  await signIn(page, people.admin);
  await makeImage(page, `shared_${mark}`);
  await page.goto("/images");
  await page.getByRole("link", { name: `shared_${mark}` }).click();
  await page.getByRole("link", { name: "microscopy" }).click();
  await page.getByRole("link", { name: "Access", exact: true }).click();
  await expectAccessible(page);
  await page.getByLabel("Role", { exact: true }).last().selectOption({ label: "Reader" });
  await page.getByLabel("Lasts").selectOption({ label: "90 days" });
  await page.getByRole("button", { name: "Make a link" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Share link");
  const link = await page.getByLabel("Link", { exact: true }).inputValue();
  await expectAccessible(page);

  await signIn(theirs, partner);
  await makePlan(theirs);
  await theirs.goto("/images/shared");
  await expect(theirs.getByText("Nothing is shared with you")).toBeVisible();
  await expectAccessible(theirs);
  await theirs.goto(link);
  await expect(theirs.getByText("Contoso School").first()).toBeVisible();
  await expectAccessible(theirs);
  await theirs.getByRole("button", { name: "Accept the share" }).click();
  await expect(theirs.getByText("Active", { exact: true })).toBeVisible();
  await expectAccessible(theirs);

  await theirs.goto("/images/shared");
  await theirs.getByRole("link", { name: "Test access" }).click();
  await theirs.getByRole("button", { name: "Test access" }).click();
  await expect(theirs.getByText("Missing: the lab plan offers it")).toBeVisible();
  await expectAccessible(theirs);
  const wayAddress = theirs.url();
  await theirs.goto("/plans");
  await theirs.getByRole("link", { name: "borrowing" }).click();
  await theirs.getByRole("link", { name: "Images", exact: true }).last().click();
  await expectAccessible(theirs);
  await theirs.getByRole("button", { name: /Switch on/ }).click();
  await theirs.goto(wayAddress);
  await expect(theirs.getByText("Nothing is missing")).toBeVisible();

  await theirs.goto("/labs/new");
  await theirs.getByLabel("Name", { exact: true }).fill("borrowed");
  await theirs.getByRole("radio", { name: /microscopy/ }).check();
  await theirs.getByRole("radio", { name: /Small/ }).check();
  await theirs.getByLabel("User name").fill("ada");
  await theirs.getByLabel("Password").fill("Correct-horse-1");
  await theirs.getByRole("button", { name: "Create lab" }).click();
  await expect(theirs.getByRole("heading", { level: 1 })).toContainText("borrowed");

  // Both sides see the same line, with its use.
  for (const side of [page, theirs]) {
    await side.goto("/shares");
    await expect(side.getByRole("row", { name: /microscopy/ }).first()).toContainText("1");
  }
  await page.getByRole("row", { name: /microscopy/ }).first().getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke the share" }).click();
  await expect(page.getByText("Revoked", { exact: true }).first()).toBeVisible();

  await theirs.goto(wayAddress);
  await expect(theirs.getByText("Missing: the share is in force")).toBeVisible();
  await theirs.goto("/labs/new");
  await expect(theirs.getByRole("radio", { name: /microscopy/ })).toHaveCount(0);
  await theirs.goto("/labs");
  await expect(theirs.getByRole("link", { name: "borrowed" })).toBeVisible();
  await theirs.context().close();
});

test("an administrator defines a role, changes it and deletes it", async ({ page, people, expectAccessible }, { project }) => {
  await signIn(page, people.admin);
  await page.goto("/admin?tab=roles");
  await page.getByRole("link", { name: "Roles and what they allow" }).click();
  await expectAccessible(page);
  await page.getByRole("link", { name: "New role" }).click();
  await expectAccessible(page);
  await page.getByLabel("Name", { exact: true }).fill(`Keeper ${project.name}`);
  await page.getByLabel("Allowed actions").fill("Microsoft.Compute/gallery/read");
  await page.getByRole("button", { name: "Define the role" }).click();
  await expect(page.getByRole("alert")).toContainText("Microsoft.Compute/gallery/read");
  await page.getByLabel("Allowed actions").fill("Microsoft.Compute/galleries/*");
  await page.getByRole("button", { name: "Define the role" }).click();
  const row = page.getByRole("row", { name: new RegExp(`Keeper ${project.name}`) });
  await expect(row).toContainText("9 actions");
  await row.getByRole("link", { name: "Change" }).click();
  await page.getByLabel("Actions taken out of these").fill("*/delete");
  await page.getByRole("button", { name: "Change the role" }).click();
  await expect(row).toContainText("6 actions");
  await row.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete the role" }).click();
  await expect(row).toHaveCount(0);
});
