import type { Page } from "@playwright/test";

import { disk } from "../disk";
import { expect, test } from "../journey";
import { signIn } from "../people";

/** Uploads an empty disk as the next version of the definition that is open, and waits until it is ready. */
async function upload(page: Page, number: string): Promise<void> {
  await page.getByRole("link", { name: "Upload a version" }).first().click();
  await expect(page.getByLabel("Version number")).toHaveValue(number);
  const file = { name: `cells-${number}.qcow2`, mimeType: "application/octet-stream", buffer: disk("qcow2", "1G") };
  await page.getByLabel("OS disk", { exact: true }).setInputFiles(file);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  // Not before the file has arrived: a reload would break the upload off.
  await expect(page).not.toHaveURL(/upload/, { timeout: 30_000 });
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("Ready", { exact: true }).first()).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
}

test("copies are recommended and paid, versions compared, deleted and restored", async ({ page, people, expectAccessible }, { project }) => {
  test.slow();
  const gallery = `copies_${project.name.replace("-", "_")}`;
  await signIn(page, people.admin);
  await page.goto("/images/new");
  await page.getByLabel("Name", { exact: true }).fill(gallery);
  await page.getByRole("button", { name: "Create gallery" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(gallery);
  const home = page.url();

  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByLabel("Keep deleted versions for a while").check();
  await page.getByLabel("Days that they are kept").fill("3");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The gallery was changed.")).toBeVisible();
  await expect(page.getByLabel("Days that they are kept")).toHaveValue("3");
  await expect(page.getByText(/\d+ of 100/).first()).toBeVisible();
  await expectAccessible(page);

  await page.goto(`${home.split("?")[0]}/new`);
  await page.getByLabel("Name", { exact: true }).fill("cells");
  for (const [label, value] of [["Publisher", "school"], ["Offer", "biology"], ["SKU", "cells"]] as const) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
  await page.getByRole("button", { name: "Create image definition" }).click();
  const image = page.url().replace(/\?.*/, "");
  await upload(page, "1.0.0");
  // With scripts an upload ends at the version, without them at the definition.
  await page.goto(image);
  await page.getByRole("link", { name: "1.0.0", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("1.0.0");
  const version = page.url().replace(/\?.*/, "");

  // Rules A47 and A49: 120 machines at once need six copies, and one is to spare.
  await page.goto(`${version}?tab=settings`);
  await page.getByLabel("Machines that you expect at once").fill("120");
  await page.getByRole("button", { name: "Recommend" }).click();
  await expect(page.getByText("7 copies", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Machines that you expect at once").fill("1");
  await page.getByRole("button", { name: "Recommend" }).click();
  await page.getByRole("button", { name: "Keep 2 copies in every region" }).click();
  await expect(page.getByText(/of 2$/).first()).toBeVisible();
  await expect(async () => {
    await page.goto(version);
    await expect(page.getByText("Ready", { exact: true }).first()).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });

  // What a change would cost is told before it is made.
  await page.goto(`${version}?tab=settings`);
  await page.getByRole("button", { name: "What would it cost?" }).click();
  await expect(page.getByText(/a month instead of/)).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: "Cost", exact: true }).click();
  await expect(page.getByRole("img", { name: /Cost of the last 12 months/ })).toBeVisible();
  await expect(page.getByRole("link", { name: "Download as CSV" })).toBeVisible();
  await expectAccessible(page);

  await page.goto(image);
  await upload(page, "1.0.1");
  await page.goto(image);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Compare two versions" }).click();
  await expect(page.getByRole("row", { name: /Number/ })).toContainText("1.0.1");
  await expect(page.getByText("Differs", { exact: true }).first()).toBeVisible();
  await expectAccessible(page);

  await page.goto(image);
  await page.getByLabel("Choose version 1.0.0").check();
  await page.getByRole("button", { name: "Delete chosen versions" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete chosen versions" }).click();
  await expect(page.getByText("One version is being deleted.")).toBeVisible();
  await page.getByRole("link", { name: /^Deleted/ }).click();
  await expect(page.getByRole("row", { name: /1\.0\.0/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Restore" }).click();
  await expect(page.getByText("Version 1.0.0 is back.")).toBeVisible();
});

test("an administrator sees how much of the limits is used", async ({ page, people, expectAccessible }) => {
  await signIn(page, people.admin);
  await page.goto("/admin?tab=limits");
  await expect(page.getByText("Image versions").first()).toBeVisible();
  await expectAccessible(page);
});
