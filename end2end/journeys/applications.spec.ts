// Programs that sign in: an application with its secret, a program that a person lets in, and who may decide.
import { expect, test } from "../journey";
import { signIn } from "../people";

test("an administrator registers an application and sees its secret once", async ({ page, people, expectAccessible }) => {
  await signIn(page, people.admin);
  await page.goto("/admin?tab=applications");
  await expectAccessible(page);
  const name = `nightly ${Date.now()}`;
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Other organisations may admit it").check();
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByText("The application is registered.")).toBeVisible();
  await expectAccessible(page);

  await page.getByLabel("What it is for").fill("laptop");
  await page.getByRole("button", { name: "Make a secret" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Client secret" })).toBeVisible();
  const secret = await page.getByLabel("Secret", { exact: true }).inputValue();
  expect(secret).toMatch(/^[\w-]{43}$/);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Done" }).click();
  const credentials = page.getByRole("region", { name: "Credentials" });
  await expect(credentials.getByRole("row", { name: /laptop/ })).toContainText("Never");
  await expect(page.getByText(secret)).toHaveCount(0);

  await page.getByLabel("Certificate in PEM").fill("-----BEGIN PRIVATE KEY-----");
  await page.getByRole("button", { name: "Add certificate" }).click();
  await expect(page.getByText("holds its private key").first()).toBeVisible();

  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page.getByText("az login --service-principal").first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Redirect addresses").fill("http://elsewhere.example");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("addresses that begin with https://").first()).toBeVisible();
  await page.getByRole("button", { name: "Delete the application" }).first().click();
  await page.getByLabel(/Type .* to confirm/).fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Delete the application" }).click();
  await expect(page.getByText("it can sign in nowhere any more")).toBeVisible();
});

test("a person lets a program in by its code, and a code works once", async ({ page, people, request, expectAccessible }) => {
  const begun = await request.post("/organizations/oauth2/v2.0/devicecode", {
    form: { client_id: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", scope: "openid" },
  });
  const { user_code: code } = (await begun.json()) as { user_code: string };
  await signIn(page, people.teacher1);
  await page.goto("/device");
  await expectAccessible(page);
  await page.getByLabel("Code").fill(`${code.slice(0, 4)}-${code.slice(4)}`.toLowerCase());
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("Did you start this?")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Let it sign in" }).click();
  await expect(page.getByText("Your program is signed in.")).toBeVisible();
});
