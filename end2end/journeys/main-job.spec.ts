// What Vitrine is for, from end to end, on real machines.
import type { Page } from "@playwright/test";

import { expect, test } from "../journey";
import { signIn } from "../people";

/** Machines boot under software emulation here, and disks are really written. */
const MINUTES = 60_000;

/** The serial line's rows, as xterm draws them. */
const rows = (page: Page) => page.locator(".xterm-rows");

async function startLab(page: Page, name: string, image: RegExp, account?: { user: string; password: string }): Promise<void> {
  await page.goto("/labs/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: image }).first().check();
  await page.getByRole("radio", { name: /^Tiny/ }).check();
  if (account) {
    await page.getByLabel("User name").fill(account.user);
    await page.getByLabel("Password").fill(account.password);
  }
  await page.getByRole("button", { name: "Create lab" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.locator("#lab-state").getByText("Stopped").first()).toBeVisible({ timeout: 2 * MINUTES });
  await page.getByRole("button", { name: "Start" }).click();
  await expect(page.locator("#lab-state").getByText("Running").first()).toBeVisible({ timeout: 2 * MINUTES });
}

/** Opens the serial line of the lab that is shown. */
async function openSerialLine(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Console", exact: true }).click();
  await page.getByRole("link", { name: "Serial line" }).click();
}

/** Signs in on the serial line. */
async function logIn(page: Page, computer: string, user: string, password: string): Promise<void> {
  await expect(rows(page)).toContainText(`${computer} login:`, { timeout: 3 * MINUTES });
  await page.locator("[data-console=serial]").click();
  await page.keyboard.type(`${user}\n`);
  await expect(rows(page)).toContainText("Password:", { timeout: MINUTES });
  await page.keyboard.type(`${password}\n`);
  await run(page, "id -un", user);
}

/** Runs a command in the machine and waits for what it must print. */
async function run(page: Page, command: string, expected: string): Promise<void> {
  // The mark is typed in two halves, so that the echo of the command is not mistaken for its answer.
  await page.keyboard.type(`clear; ${command}; echo fin''ished\n`);
  await expect(rows(page)).toContainText("finished", { timeout: MINUTES });
  await expect(rows(page)).toContainText(expected);
}

test("what one teacher prepares and exports, another finds on a new machine @script-only", async ({ page, browser, people }) => {
  test.setTimeout(15 * MINUTES);
  await signIn(page, people.admin);
  await page.goto("/images");
  await page.getByRole("link", { name: "demo_gallery" }).click();
  await page.getByRole("link", { name: "New image definition" }).click();
  await page.getByLabel("Name", { exact: true }).fill("imported");
  for (const [label, value] of [["Publisher", "school"], ["Offer", "main"], ["SKU", "imported"]] as const) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
  await page.getByRole("radio", { name: /Generalized/ }).check();
  await page.getByRole("button", { name: "Create image definition" }).click();
  await page.getByRole("link", { name: "Upload a version" }).first().click();
  await page.getByLabel("OS disk", { exact: true }).setInputFiles(process.env.VITRINE_BASE_IMAGE!);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("imported 1.0.0", { timeout: 3 * MINUTES });
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("Succeeded").first()).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 3 * MINUTES });
  await page.goto("/plans");
  await page.getByRole("link", { name: "science" }).click();
  await page.getByRole("link", { name: /^Images/ }).last().click();
  await page.getByRole("row", { name: /imported/ }).getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByRole("row", { name: /imported/ }).getByRole("button", { name: "Switch off" })).toBeVisible();

  const first = await (await browser.newContext({ ignoreHTTPSErrors: true, baseURL: process.env.VITRINE_URL })).newPage();
  await signIn(first, people.teacher1);
  await startLab(first, "botany", /imported/, { user: "tom", password: "Lab-pass-1" });
  await openSerialLine(first);
  await logIn(first, "botany", "tom", "Lab-pass-1");
  await run(first, "echo photosynthesis > lesson.txt; cat lesson.txt", "photosynthesis");
  await run(first, "echo Lab-pass-1 | sudo -S useradd -m colleague 2>/dev/null; id colleague", "(colleague)");
  await run(first, "echo colleague:Other-pass-2 > pass; sudo -n chpasswd < pass && rm pass && echo chan''ged", "changed");
  await first.getByRole("link", { name: "Template and export" }).click();
  await expect(first.getByText("The machine runs and is stopped first")).toBeVisible();
  await first.getByLabel("Image name").fill("botany-ready");
  await first.getByRole("button", { name: "Export", exact: true }).click();
  await expect(first.getByText("Succeeded").first()).toBeVisible({ timeout: 4 * MINUTES });

  const second = await (await browser.newContext({ ignoreHTTPSErrors: true, baseURL: process.env.VITRINE_URL })).newPage();
  await signIn(second, people.teacher2);
  await startLab(second, "botany-b", /botany-ready/);
  await openSerialLine(second);
  // A specialized image keeps its accounts and its computer name: rules A34, A35.
  await logIn(second, "botany", "colleague", "Other-pass-2");
  await second.keyboard.type("exit\n");
  await logIn(second, "botany", "tom", "Lab-pass-1");
  await run(second, "cat lesson.txt", "photosynthesis");
});
