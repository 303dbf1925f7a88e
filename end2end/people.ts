// How people of the demo organisation come in.
import { expect, type Page } from "@playwright/test";

/** Signs in at the front door, as a person does. */
export async function signIn(page: Page, person: { userName: string; password: string }): Promise<void> {
  await page.goto("/signin");
  await page.getByLabel("User name").fill(person.userName);
  // With a single organisation nobody is asked which one is theirs.
  const next = page.getByRole("button", { name: "Next" });
  if (await next.isVisible()) await next.click();
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).not.toHaveURL(/signin|authorize|login/);
}
