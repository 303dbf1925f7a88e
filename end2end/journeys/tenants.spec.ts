// Two organisations with a provider each, and one of the demo's without: signing in, being a guest, and being refused.
import { execFileSync } from "node:child_process";

import type { Browser, BrowserContext, Page } from "@playwright/test";

import { expect, test } from "../journey";
import { signIn } from "../people";
import { Issuer } from "../providers/issuer";

interface Organisation {
  name: string;
  domain: string;
  owner: { userName: string; password: string };
  issuer: Issuer;
}

// The provider's own pages have no icon, and browsers report every refusal as an error.
test.use({ expectedComplaints: [/Failed to load resource/] });
test.describe.configure({ mode: "serial", timeout: 180_000 });

const organisations: Organisation[] = [];
const contexts: BrowserContext[] = [];

test.beforeAll(async ({}, { project }) => {
  for (const name of ["Fabrikam", "Litware"]) {
    const domain = `${name.toLowerCase()}-${project.name}.example`;
    const owner = makeOrganisation(`${name} ${project.name}`, domain);
    const issuer = await Issuer.start(domain, process.env.VITRINE_URL!);
    organisations.push({ name: `${name} ${project.name}`, domain, owner, issuer });
  }
});

test.afterAll(async () => {
  for (const { issuer } of organisations.splice(0)) await issuer.stop();
});

test.afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

/** What the operator does at the console. */
function makeOrganisation(name: string, domain: string): { userName: string; password: string } {
  const told = execFileSync(process.env.VITRINE_BINARY!, ["tenant", "add", "--name", name, "--domain", domain], {
    env: { PATH: process.env.PATH, VITRINE_DATA__FOLDER: process.env.VITRINE_DATA, VITRINE_SERVER__PUBLIC_URL: `${process.env.VITRINE_URL}/` },
    encoding: "utf8",
  });
  const fact = (word: string) => told.match(new RegExp(`^${word}\\s+(\\S+)`, "m"))![1]!;
  return { userName: fact("owner"), password: fact("password") };
}

function organisation(index: 0 | 1): Organisation {
  return organisations[index]!;
}

/** A browser of somebody else. */
async function somebodyElse(browser: Browser, like: Page, javaScriptEnabled: boolean): Promise<Page> {
  const context = await browser.newContext({ baseURL: process.env.VITRINE_URL, ignoreHTTPSErrors: true, javaScriptEnabled, viewport: like.viewportSize() });
  contexts.push(context);
  return context.newPage();
}

/** Signs in with a password, although the domain leads to a provider. */
async function signInLocally(page: Page, { owner }: Organisation): Promise<void> {
  await page.goto("/signin");
  await page.getByLabel("User name").fill(owner.userName);
  await page.getByRole("button", { name: "Use a password" }).click();
  await page.getByLabel("Password").fill(owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Says who one is; what comes next depends on the domain. */
async function sayWho(page: Page, userName: string): Promise<void> {
  await page.goto("/signin");
  await page.getByLabel("User name").fill(userName);
  await page.getByRole("button", { name: "Next" }).click();
}

for (const index of [0, 1] as const) {
  test(`an owner adds a provider, tests it, opens it, and leads a domain there (${index + 1})`, async ({ page, expectAccessible }) => {
    const { issuer, domain, owner } = organisation(index);
    await signIn(page, owner);
    await page.goto("/admin?tab=providers");
    await expectAccessible(page);
    await page.getByRole("link", { name: "Add a provider" }).click();
    await expectAccessible(page);
    await page.getByLabel("Name", { exact: true }).fill("School login");
    await page.getByLabel("Issuer").fill(issuer.address);
    await page.getByLabel("Client ID").fill(issuer.client.id);
    await page.getByLabel("Client secret").fill(issuer.client.secret);
    await page.getByLabel("Who has an address in one of our domains").check();
    await page.getByRole("button", { name: "Add provider" }).click();

    await expect(page.getByRole("heading", { level: 1, name: "School login" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Enable" })).toBeDisabled();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Test sign-in" }).click();
    await issuer.signIn(page, "tester");
    await expect(page.getByRole("heading", { level: 1, name: "The test succeeded" })).toBeVisible();
    await expect(page.getByText(`tester@${domain}, verified`)).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Back to the provider" }).click();
    await page.getByRole("button", { name: "Enable" }).click();
    await expect(page.getByRole("button", { name: "Disable" })).toBeVisible();

    await page.goto("/admin?tab=domains");
    await page.getByLabel(`Where people of ${domain} sign in`).selectOption({ label: "School login" });
    await page.getByRole("button", { name: `Set for ${domain}` }).click();
    await expect(page.getByText(`People of ${domain} are led there now`)).toBeVisible();
    await expectAccessible(page);
  });
}

test("the domain of the address leads to the provider, and a new person is let in by it", async ({ page, expectAccessible }) => {
  const { issuer, domain, name } = organisation(0);
  await sayWho(page, `ada@${domain}`);
  await issuer.signIn(page, "ada");
  await expect(page).toHaveURL(/\/machines$/);
  await page.goto("/account/organisations");
  await expect(page.getByRole("row", { name: new RegExp(name) })).toContainText("Here");
  await expectAccessible(page);

  await page.getByRole("button", { name: /your menu/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Signed out" })).toBeVisible();
  await page.goto("/machines");
  await expect(page.getByRole("button", { name: "Next" })).toBeVisible();
});

test("who belongs to another organisation is refused by name", async ({ page, expectAccessible }) => {
  // Litware's provider vouches for its own addresses alone; Litware's button is no way into Fabrikam.
  const [fabrikam, litware] = [organisation(0), organisation(1)];
  await sayWho(page, `x@${litware.domain}`);
  litware.issuer.domain = fabrikam.domain;
  await litware.issuer.signIn(page, "mallory");
  await expect(page.getByText("your e-mail address is not of this organisation")).toBeVisible();
  await expectAccessible(page);
  litware.issuer.domain = litware.domain;
});

test("a callback that is replayed, or whose state was tampered with, signs nobody in", async ({ page, browser, javaScriptEnabled }) => {
  const { issuer, domain } = organisation(0);
  const callbacks: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/auth/callback")) callbacks.push(request.url());
  });
  await sayWho(page, `ada@${domain}`);
  await issuer.signIn(page, "ada");
  await expect(page).toHaveURL(/\/machines$/);
  expect(callbacks).toHaveLength(1);

  await page.goto(callbacks[0]!);
  await expect(page.getByText(/begun in another browser|finished before/)).toBeVisible();
  const other = await somebodyElse(browser, page, javaScriptEnabled);
  await other.goto(callbacks[0]!);
  await expect(other.getByText("begun in another browser")).toBeVisible();

  // The provider sends back whatever state it was sent.
  await other.route((url) => url.origin === issuer.address && url.pathname === "/auth", (route) => {
    const address = new URL(route.request().url());
    address.searchParams.set("state", "tampered");
    return route.continue({ url: address.href });
  });
  await sayWho(other, `ada@${domain}`);
  await issuer.signIn(other, "ada");
  await expect(other.getByText("was not begun here")).toBeVisible();
  await other.goto("/machines");
  await expect(other.getByRole("button", { name: "Next" })).toBeVisible();
});

test("an invited person of another organisation becomes a guest and switches between the two", async ({ page, browser, javaScriptEnabled, expectAccessible }) => {
  const [fabrikam, litware] = [organisation(0), organisation(1)];
  await signInLocally(page, fabrikam);
  await page.goto("/admin?tab=invitations");
  await expectAccessible(page);
  await page.getByLabel("E-mail").fill(`bob@${litware.domain}`);
  await page.getByRole("button", { name: "Create link" }).click();
  const link = await page.getByLabel("Link").inputValue();
  await expectAccessible(page);

  const guest = await somebodyElse(browser, page, javaScriptEnabled);
  await guest.goto(link);
  await expect(guest.getByText(`${fabrikam.name} invites you`)).toBeVisible();
  await guest.getByLabel("Your user name elsewhere").fill(`bob@${litware.domain}`);
  await guest.getByRole("button", { name: "Accept with this account" }).click();
  await litware.issuer.signIn(guest, "bob");
  await guest.goto("/account/organisations");
  await expect(guest.getByRole("row", { name: new RegExp(fabrikam.name) })).toContainText("Here");
  await guest.getByRole("button", { name: `Switch to ${litware.name}` }).click();
  await guest.goto("/account/organisations");
  await expect(guest.getByRole("row", { name: new RegExp(litware.name) })).toContainText("Here");
  await guest.goto(link);
  await expect(guest.getByText("This invitation was used")).toBeVisible();

  await page.goto("/admin?tab=invitations");
  await expect(page.getByRole("row", { name: new RegExp(`bob@${litware.domain}`) })).toContainText("Accepted");
});

test("a provider that changes its key is believed again at once", async ({ page }) => {
  const { issuer, domain } = organisation(1);
  await issuer.rotate();
  await sayWho(page, `bob@${domain}`);
  await issuer.signIn(page, "bob");
  await expect(page).toHaveURL(/\/machines$/);
});
