import type { Page } from "@playwright/test";

import { expect, test } from "../journey";
import { signIn } from "../people";

/** A machine boots under software emulation, and its disk is read and copied. */
const MINUTES = 60_000;

async function createLab(page: Page, name: string, javaScriptEnabled: boolean): Promise<void> {
  await page.goto("/labs/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: /debian/i }).first().check();
  await page.getByRole("radio", { name: /^Tiny/ }).check();
  await page.getByLabel("User name").fill("student");
  await page.getByLabel("Password").fill("Lab-pass-1");
  await page.getByRole("button", { name: "Create lab" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await untilShown(page, page.getByText("Stopped"), javaScriptEnabled);
}

/** Waits for a state that comes by events, or by looking again where there is no script. */
async function untilShown(page: Page, what: ReturnType<Page["getByText"]>, javaScriptEnabled: boolean): Promise<void> {
  await expect(async () => {
    if (!javaScriptEnabled) await page.reload();
    await expect(what.first()).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 3 * MINUTES });
}

test("the form of a new lab refuses what breaks a rule, and keeps what was typed", async ({ page, people, expectAccessible }) => {
  await signIn(page, people.teacher1);
  await page.goto("/labs/new");

  await page.getByLabel("Name", { exact: true }).fill("not a name");
  await page.getByLabel("Title").fill("Databases");
  await page.getByRole("radio", { name: /debian/i }).first().check();
  await page.getByRole("button", { name: "Create lab" }).click();

  await expect(page.locator("#name-error")).toContainText("Use only");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("not a name");
  await expect(page.getByLabel("Title")).toHaveValue("Databases");
  await expectAccessible(page);
});

test("the form of a new lab judges a name while it is typed @script-only", async ({ page, people }) => {
  await signIn(page, people.teacher1);
  await page.goto("/labs/new");

  await page.getByLabel("Name", { exact: true }).pressSequentially("a b");
  await expect(page.locator("#name-error")).toContainText("Use only");
  await page.getByLabel("Name", { exact: true }).fill("a-b");
  await expect(page.locator("#name-error")).toBeEmpty();
});

test("a teacher creates a lab, exports its template VM, and finds the image on offer", async ({
  page,
  people,
  expectAccessible,
  javaScriptEnabled,
}, { project }) => {
  test.setTimeout(8 * MINUTES);
  const script = javaScriptEnabled ?? true;
  const name = `journey-${project.name}`;
  await signIn(page, people.teacher1);
  await createLab(page, name, script);
  await expectAccessible(page);

  await page.getByRole("link", { name: "Template", exact: true }).click();
  await page.getByLabel("Image name").fill(`image-${project.name}`);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Export of the template VM" })).toBeVisible();
  await untilShown(page, page.getByText("Succeeded"), script);

  await page.getByRole("link", { name: "Create a lab from it" }).click();
  const image = page.getByRole("radio", { name: new RegExp(`image-${project.name} 1\\.0\\.0`) });
  await expect(image).toBeVisible();
  await image.check();
  await expect(page.getByText("A specialized image keeps its accounts and its computer name")).toBeVisible();
  await expect(page.getByLabel("User name")).toBeHidden();
});

test("a template VM starts, shows its screen, and stops @script-only", async ({ page, people, expectAccessible }) => {
  test.setTimeout(8 * MINUTES);
  await signIn(page, people.teacher2);
  await createLab(page, "console-journey", true);

  await page.getByRole("button", { name: "Start" }).click();
  await untilShown(page, page.locator("#lab-state").getByText("Running"), true);
  await page.getByRole("link", { name: "Console", exact: true }).click();
  await expect(page.getByText("Connected")).toBeVisible({ timeout: MINUTES });
  await expect(page.locator("[data-console=screen] canvas")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: "Serial line" }).click();
  await expect(page.getByText("Connected")).toBeVisible({ timeout: MINUTES });

  await page.getByRole("link", { name: "Template and export" }).click();
  await page.getByRole("button", { name: "Stop" }).click();
  await untilShown(page, page.locator("#lab-state").getByText("Stopped"), true);
});

test("my machines are those of my labs, and nobody else's", async ({ page, people, expectAccessible }) => {
  await signIn(page, people.student);
  await page.goto("/machines");
  await expect(page.getByRole("heading", { name: "No machine is yours yet" })).toBeVisible();
  await expectAccessible(page);
});
