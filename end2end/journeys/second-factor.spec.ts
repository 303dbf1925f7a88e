// A second factor for a local account: an app, a passkey, recovery codes; set up, asked for, and removed.
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";

import type { Page } from "@playwright/test";

import { expect, test } from "../journey";
import { signIn } from "../people";

test.describe.configure({ mode: "serial" });
// Browsers report refused sign-ins as errors.
test.use({ expectedComplaints: [/status of 401/] });

interface Person {
  userName: string;
  password: string;
}

/** What an authenticator app shows so many steps of 30 seconds from now (RFC 6238). */
function appCode(secret: string, steps = 0): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const moment = Buffer.alloc(8);
  moment.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const tag = createHmac("sha1", key).update(moment).digest();
  const number = tag.readUInt32BE(tag[19]! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** Fills in the password's page, as far as the second step. */
async function halfway(page: Page, person: Person): Promise<void> {
  await page.goto("/signin?return_to=/account/sessions");
  await page.getByLabel("User name").fill(person.userName);
  const next = page.getByRole("button", { name: "Use a password" });
  if (await next.isVisible()) await next.click();
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("One more step");
}

async function signOut(page: Page): Promise<void> {
  await page.context().clearCookies();
}

/** Opens the factors for changes. */
async function open(page: Page, person: Person): Promise<void> {
  await page.goto("/account/security");
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("Open for changes until")).toBeVisible();
}

test("codes of an app are asked for, recovery codes stand in, and an operator removes both @phone", async ({ page, people, expectAccessible }) => {
  const person = people.teacher2;
  await signIn(page, person);
  await page.goto("/account/security");
  await expectAccessible(page);
  await open(page, person);
  await page.getByRole("button", { name: "Set up an app" }).click();
  await expect(page.getByRole("img", { name: "The address of the secret, to be scanned" })).toBeVisible();
  await expectAccessible(page);
  const address = await page.getByRole("link", { name: "Open in an app on this device" }).getAttribute("href");
  const secret = new URL(address!).searchParams.get("secret")!;
  await page.getByLabel("The code that the app shows now").fill(appCode(secret, -1));
  await page.getByRole("button", { name: "Ask for codes from now on" }).click();
  await expect(page.getByText("Codes of your app are asked for since")).toBeVisible();
  await page.getByRole("button", { name: "Make new recovery codes" }).click();
  const codes = page.getByRole("listitem");
  await expect(codes).toHaveCount(10);
  await expectAccessible(page);
  const recovery = await codes.first().innerText();
  await page.getByRole("link", { name: "Done" }).click();
  await expect(page.getByText("10 of 10 are left")).toBeVisible();
  await expectAccessible(page);

  await signOut(page);
  await halfway(page, person);
  await expectAccessible(page);
  const code = appCode(secret);
  await page.getByLabel("Code", { exact: true }).fill("000000");
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("alert")).toContainText("The code is wrong");
  await page.goto("/account/sessions");
  await expect(page.getByRole("heading", { name: "Sessions" })).toBeHidden();
  await halfway(page, person);
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("heading", { name: "Sessions" })).toBeVisible();

  // The same code does not sign in again, a recovery code does.
  await signOut(page);
  await halfway(page, person);
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("alert")).toContainText("was used before");
  await page.getByLabel("Code", { exact: true }).fill(recovery.toUpperCase());
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("heading", { name: "Sessions" })).toBeVisible();
  await page.goto("/account/security");
  await expect(page.getByText("9 of 10 are left")).toBeVisible();

  execFileSync(process.env.VITRINE_BINARY!, ["account", "reset-factor", person.userName], {
    env: { PATH: process.env.PATH, VITRINE_DATA__FOLDER: process.env.VITRINE_DATA, VITRINE_SERVER__PUBLIC_URL: `${process.env.VITRINE_URL}/` },
  });
  await signOut(page);
  await signIn(page, person);
});

test("a passkey is added, asked for, and removed by an administrator @script-only", async ({ page, browser, people, expectAccessible }) => {
  const person = people.student;
  // A device of the browser's own, which asks nobody for a finger.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await signIn(page, person);
  await open(page, person);
  await page.getByRole("link", { name: "Add a passkey" }).click();
  await expectAccessible(page);
  await page.getByLabel("Name").fill("Blue key");
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await expect(page.getByRole("row", { name: /Blue key/ })).toBeVisible();
  // The same device is not added twice.
  await page.getByRole("link", { name: "Add a passkey" }).click();
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("has a passkey for your account already");
  await page.goto("/account/security");
  await page.getByRole("button", { name: /Rename/ }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Green key");
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("row", { name: /Green key/ })).toContainText("never");

  await signOut(page);
  await halfway(page, person);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByRole("heading", { name: "Sessions" })).toBeVisible();
  await page.goto("/account/security");
  await expect(page.getByRole("row", { name: /Green key/ })).not.toContainText("never");

  const context = await browser.newContext({ baseURL: process.env.VITRINE_URL, ignoreHTTPSErrors: true, viewport: page.viewportSize() });
  const office = await context.newPage();
  await signIn(office, people.admin);
  await office.goto("/admin?q=student");
  const row = office.getByRole("row", { name: new RegExp(person.userName) });
  await expect(row).toContainText("with a second factor");
  await row.getByRole("button", { name: /Remove second factor/ }).click();
  await office.getByRole("dialog").getByRole("button", { name: "Remove second factor" }).click();
  await expect(row).not.toContainText("with a second factor");
  await office.goto("/activity?q=factor_reset");
  await expect(office.getByRole("cell", { name: "Remove second factor" }).first()).toBeVisible();
  await context.close();

  await signOut(page);
  await signIn(page, person);
});
