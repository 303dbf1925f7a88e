import { expect, test } from "../journey";

test("a stranger who opens the portal is asked to sign in @phone", async ({ page, expectAccessible }) => {
  const answer = await page.goto("/");

  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("button", { name: /next|sign in/i })).toBeVisible();
  await expectAccessible(page);
});

test.describe(() => {
  test.use({ expectedComplaints: [/status of 401/] });

  test("a wrong password is refused and the name stays", async ({ page, people, expectAccessible }) => {
    await page.goto("/signin");
    await page.getByLabel("User name").fill(people.student.userName);
    const next = page.getByRole("button", { name: "Next" });
    if (await next.isVisible()) await next.click();
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toContainText("The user name or the password is wrong.");
    await expect(page.getByLabel("User name")).toHaveValue(people.student.userName);
    await expectAccessible(page);
  });
});
