import { expect, test } from "../journey";

test("a stranger who opens the portal is asked to sign in @phone", async ({ page, expectAccessible }) => {
  const answer = await page.goto("/");

  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("button", { name: /sign in/i })).toBeVisible();
  await expectAccessible(page);
});
