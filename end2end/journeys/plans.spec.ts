import { expect, test } from "../journey";
import { signIn } from "../people";

test("an administrator makes a lab plan, attaches a gallery and detaches it @phone", async ({ page, people, expectAccessible }, { project }) => {
  await signIn(page, people.admin);
  await page.goto("/plans");
  await expectAccessible(page);

  await page.getByRole("link", { name: "New lab plan" }).first().click();
  await expectAccessible(page);
  await page.getByLabel("Name", { exact: true }).fill(`arts-${project.name}`);
  await page.getByLabel("Replicate within the geography").check();
  await page.getByLabel("E-mail for support").fill("help@school.example");
  await page.getByRole("button", { name: "Create lab plan" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`arts-${project.name}`);
  await expect(page.getByText("exports are copied to every region of the geography")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Gallery", { exact: true }).selectOption({ label: "demo_gallery" });
  await page.getByRole("button", { name: "Attach gallery" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await expect(page.getByLabel("Replicate within the geography")).toBeChecked();
  await expectAccessible(page);
  await page.getByLabel("Replicate within the geography").uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Replicate within the geography")).not.toBeChecked();

  await page.getByRole("link", { name: "Overview", exact: true }).click();
  await page.getByRole("button", { name: "Detach" }).click();
  await page.getByRole("button", { name: "Detach gallery" }).click();
  await expect(page.getByText("No gallery is attached")).toBeVisible();
});

test("a teacher sees lab plans and can't change them", async ({ page, people }) => {
  await signIn(page, people.teacher1);
  await page.goto("/plans");
  await expect(page.getByRole("link", { name: "New lab plan" })).toHaveCount(0);
  await page.getByRole("link", { name: "science", exact: true }).click();
  await expect(page.getByRole("button", { name: "Detach" })).toHaveCount(0);
});
