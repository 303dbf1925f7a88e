// The pages that belong to no one resource: start, search, activity, access, administration.
import { expect, test } from "../journey";
import { signIn } from "../people";

test("who has no rights lands on their machines", async ({ page, people }) => {
  await signIn(page, people.student);
  await page.goto("/");
  await expect(page).toHaveURL(/\/machines$/);
  await expect(page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: "Administration" })).toHaveCount(0);
});

test("the start page leads an administrator to the first lab, and says what runs machines", async ({ page, people }) => {
  await signIn(page, people.admin);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  await page.goto("/admin?tab=host");
  await expect(page.getByText("Acceleration")).toBeVisible();
  await expect(page.getByRole("cell", { name: /West Europe/ })).toBeVisible();
});

test("the search finds resources by a part of their name, by the keyboard alone", async ({ page, people }) => {
  await signIn(page, people.admin);
  await page.goto("/admin");
  const search = page.getByRole("search", { name: "Whole portal" }).getByRole("searchbox");
  await search.focus();
  await page.keyboard.type("EMO_gal");
  await page.keyboard.press("Enter");
  await page.getByRole("main").getByRole("link", { name: "demo_gallery" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "demo_gallery" })).toBeVisible();
});

test("a role is given, checked with its reason, told in the log, and taken away", async ({ page, people }) => {
  await signIn(page, people.admin);
  await page.goto("/plans");
  await page.getByRole("main").getByRole("link", { name: "science" }).click();
  await page.getByRole("link", { name: "Access" }).click();
  const roles = page.getByRole("region", { name: "Role assignments" });
  await expect(roles.getByRole("row", { name: /Ada Admin/ })).toContainText("Inherited");

  await page.getByLabel("User name", { exact: true }).fill("nobody@contoso.example");
  await page.getByLabel("Role", { exact: true }).selectOption({ label: "Reader" });
  await page.getByRole("button", { name: "Give role" }).click();
  await expect(page.getByLabel("User name", { exact: true })).toHaveValue("nobody@contoso.example");
  await expect(page.getByText("Nobody here has the user name").first()).toBeVisible();

  await page.getByLabel("User name", { exact: true }).fill(people.student.userName);
  await page.getByLabel("Role", { exact: true }).selectOption({ label: "Lab Services Reader" });
  await page.getByRole("button", { name: "Give role" }).click();
  await expect(page.getByText("Sam Student now has the role Lab Services Reader.")).toBeVisible();

  await page.getByLabel("User name to check").fill(people.student.userName);
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByText("Sam Student has access here:")).toBeVisible();
  await expect(page.locator("#check")).toContainText("given here");

  await page.getByRole("button", { name: "Take away Lab Services Reader of Sam Student" }).click();
  await page.getByRole("button", { name: "Take the role away" }).click();
  await expect(page.getByText("The role was taken away.")).toBeVisible();
  await expect(roles.getByRole("row", { name: /Sam Student/ })).toHaveCount(0);

  await page.getByRole("link", { name: "Activity", exact: true }).last().click();
  await expect(page.getByRole("row", { name: /Take role away/ }).first()).toContainText("admin@contoso.example");
});

test("an administrator makes a resource group and deletes it, and is refused the one that is in use", async ({ page, people }, { project }) => {
  const name = `rg-${project.name}`;
  await signIn(page, people.admin);
  await page.goto("/admin?tab=groups");
  await page.getByLabel("Group name").fill(name);
  await page.getByRole("button", { name: "Create group" }).click();
  await expect(page.getByRole("row", { name: new RegExp(name) })).toBeVisible();

  for (const group of [name, "rg-labs"]) {
    await page.getByRole("button", { name: `Delete ${group}`, exact: true }).click();
    await page.getByRole("dialog").getByLabel(/^Type/).fill(group);
    await page.getByRole("button", { name: "Delete the resource group" }).click();
  }
  await expect(page.getByRole("alert")).toContainText("still holds");
  await expect(page.getByRole("row", { name: new RegExp(name) })).toHaveCount(0);
});

test("somebody who joins can sign in, until they are barred", async ({ page, people, browser, baseURL }, { project }) => {
  const person = { userName: `new-${project.name}@contoso.example`, password: "Correct-horse-7" };
  await signIn(page, people.admin);
  await page.goto("/admin");
  await page.getByLabel("Name", { exact: true }).fill(`Nia ${project.name}`);
  await page.getByRole("textbox", { name: "User name", exact: true }).fill(person.userName);
  await page.getByLabel("First password").fill("weak");
  await page.getByRole("button", { name: "Add person" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(`Nia ${project.name}`);
  await page.getByLabel("First password").fill(person.password);
  await page.getByRole("button", { name: "Add person" }).click();
  await expect(page.getByRole("row", { name: new RegExp(person.userName) })).toContainText("Allowed");

  const context = await browser.newContext({ baseURL, ignoreHTTPSErrors: true });
  const theirs = await context.newPage();
  await signIn(theirs, person);
  await expect(theirs).toHaveURL(/\/machines$/);

  await page.getByRole("button", { name: `Bar Nia ${project.name}` }).click();
  await page.getByRole("button", { name: "Bar from signing in" }).click();
  await expect(page.getByRole("row", { name: new RegExp(person.userName) })).toContainText("Barred");
  await theirs.goto("/machines");
  await expect(theirs.getByRole("button", { name: /next|sign in/i })).toBeVisible();
  await context.close();
});

test("the log is searched and filtered", async ({ page, people }) => {
  await signIn(page, people.admin);
  await page.goto("/activity");
  await page.getByRole("main").getByRole("searchbox").fill("session");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/q=session/);
  await expect(page.getByRole("row", { name: /Sign in/ }).first()).toBeVisible();
  await page.getByRole("link", { name: "Refused", exact: true }).click();
  await expect(page).toHaveURL(/q=session&result=Refused/);
  await page.getByRole("main").getByRole("searchbox").fill("no-such-thing-was-done");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "No line matches" })).toBeVisible();
});
