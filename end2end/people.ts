// How people of the demo organisation come in.
import { expect, type Page } from "@playwright/test";

/** Signs in at the front door, as a person does. */
export async function signIn(page: Page, person: { userName: string; password: string }): Promise<void> {
  await page.goto("/signin");
  await page.getByLabel("User name").fill(person.userName);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).not.toHaveURL(/signin|authorize|login/);
}
