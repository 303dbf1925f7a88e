import { disk } from "../disk";
import { expect, test } from "../journey";
import { signIn } from "../people";

test("an administrator makes a gallery and an image of an uploaded disk @phone", async ({ page, people, expectAccessible }, { project }) => {
  const mark = project.name.replace("-", "_");
  await signIn(page, people.admin);
  await page.goto("/images");
  await expectAccessible(page);

  await page.getByRole("link", { name: "New gallery" }).first().click();
  await expectAccessible(page);
  await page.getByLabel("Name", { exact: true }).fill(`biology_${mark}`);
  await page.getByLabel("Description").fill("Images of the biology labs.");
  await page.getByLabel("Tags").fill("faculty=science");
  await page.getByRole("button", { name: "Create gallery" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`biology_${mark}`);
  await expect(page.getByText("Nothing in this gallery yet")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: "Upload an image" }).first().click();
  await expect(page.getByText("First say what the image is")).toBeVisible();
  await page.getByRole("link", { name: "New image definition" }).click();
  await expectAccessible(page);
  await page.getByLabel("Name", { exact: true }).fill("microscopy");
  await page.getByLabel("Publisher", { exact: true }).fill("school");
  await page.getByLabel("Offer").fill("biology");
  await page.getByLabel("SKU").fill("microscopy");
  await page.getByRole("button", { name: "Create image definition" }).click();

  await expect(page.getByLabel("Version number")).toHaveValue("1.0.0");
  await expectAccessible(page);
  await page.getByLabel("OS disk", { exact: true }).setInputFiles({ name: "microscopy.qcow2", mimeType: "application/octet-stream", buffer: disk("qcow2", "2G") });
  await page.getByRole("button", { name: "Upload", exact: true }).click();

  await expect(page.getByText("Ready", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page);
});

test("a definition that breaks rules is refused with every reason, and keeps what was typed", async ({ page, people }) => {
  await signIn(page, people.admin);
  await page.goto("/images");
  await page.getByRole("link", { name: "demo_gallery" }).click();
  await page.getByRole("link", { name: "New image definition" }).click();
  await page.getByLabel("Name", { exact: true }).fill("bad name");
  await page.getByLabel("Publisher", { exact: true }).fill("school");
  await page.getByLabel("Offer").fill("-");
  await page.getByLabel("SKU").fill("x");
  await page.getByLabel("Virtual processors, at least").fill("8");
  await page.getByLabel("Virtual processors, at most").fill("2");
  await page.getByRole("button", { name: "Create image definition" }).click();

  await expect(page.getByRole("alert")).toContainText("fields need attention");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("bad name");
  await expect(page.getByText("The minimum is above the maximum.").first()).toBeVisible();
});

test("rule B2: an image of 129 GiB is kept, and marked as not for labs @script-only", async ({ page, people }) => {
  await signIn(page, people.admin);
  await page.goto("/images");
  await page.getByRole("link", { name: "demo_gallery" }).click();
  await page.getByRole("link", { name: "New image definition" }).click();
  await page.getByLabel("Name", { exact: true }).fill("large");
  for (const [label, value] of [["Publisher", "school"], ["Offer", "large"], ["SKU", "large"]] as const) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
  await page.getByRole("button", { name: "Create image definition" }).click();
  await page.getByRole("link", { name: "Upload a version" }).first().click();
  await page.getByLabel("OS disk", { exact: true }).setInputFiles({ name: "large.qcow2", mimeType: "application/octet-stream", buffer: disk("qcow2", "129G") });
  await page.getByRole("button", { name: "Upload", exact: true }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("large 1.0.0");
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("Not for labs").first()).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
  await expect(page.getByText("The OS disk is 129 GiB")).toBeVisible();
});
