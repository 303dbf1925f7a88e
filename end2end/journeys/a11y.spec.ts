// Every page, for everybody, in both themes: nothing that keeps people out, nothing on the console.
import type { Page } from "@playwright/test";

import { expect, test } from "../journey";
import { signIn } from "../people";

type Person = "admin" | "teacher1" | "student";

/** Pages by their address, for those whom they are open to. Pages of single resources are found by following links. */
const PAGES: Record<Person, string[]> = {
  admin: [
    "/",
    "/labs",
    "/labs/new",
    "/machines",
    "/images",
    "/images/new",
    "/plans",
    "/plans/new",
    "/activity",
    "/activity?result=Failed",
    "/admin",
    "/admin?tab=roles",
    "/admin?tab=groups",
    "/admin?tab=host",
    "/search?q=demo",
    "/search?q=nothing-has-this-name",
    "/account/sessions",
    "/account/token",
  ],
  teacher1: ["/", "/labs", "/labs/new", "/machines", "/plans", "/search?q=science", "/account/sessions"],
  student: ["/machines", "/account/sessions"],
};

/** Lists whose first resource has pages of its own, with the tabs that these have. */
const RESOURCES = [
  { list: "/images", tabs: ["", "?tab=settings", "?tab=access", "?tab=activity", "/new", "/upload"] },
  { list: "/plans", tabs: ["", "?tab=images", "?tab=access", "?tab=activity"] },
];

for (const person of Object.keys(PAGES) as Person[]) {
  for (const theme of ["light", "dark"] as const) {
    // Colours do not depend on the width or on scripts, nor does the administrator's mark-up on scripts.
    const tags = [theme === "light" ? "@phone" : "", theme === "dark" || person === "admin" ? "@script-only" : ""].join(" ");
    test(`${person} finds every page usable in the ${theme} theme ${tags}`, async ({ page, people, context, baseURL, javaScriptEnabled, expectAccessible }) => {
      test.setTimeout(300_000);
      await signIn(page, people[person]);
      await context.addCookies([{ name: "theme", value: theme, url: baseURL! }]);
      const addresses = [...PAGES[person]];
      if (person === "admin") {
        for (const { list, tabs } of RESOURCES) {
          await page.goto(list);
          const first = await page.locator("main td a.cell-title").first().getAttribute("href");
          expect(first, `the demo has something in ${list}`).not.toBeNull();
          addresses.push(...tabs.map((tab) => `${first}${tab}`));
        }
      }
      for (const address of addresses) {
        await test.step(address, async () => {
          const answer = await page.goto(address);
          expect(answer?.status(), address).toBe(200);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
          await expectAccessible(page);
          if (javaScriptEnabled) await expectNoSidewaysScroll(page);
        });
      }
    });
  }
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { width } = page.viewportSize()!;
  const { content } = await page.locator("html").evaluate((html) => ({ content: html.scrollWidth }));
  expect(content, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(width);
}

test.describe("refusals", () => {
  test.use({ expectedComplaints: [/status of (403|404)/] });

  test("a page that is not there, and one that is not allowed, keep the way on", async ({ page, people, expectAccessible }) => {
    await signIn(page, people.student);
    for (const [address, status, title] of [
      ["/no-such-page", 404, "Not found"],
      ["/labs/00000000-0000-4000-8000-000000000000", 404, "Not found"],
      ["/admin", 403, "Not allowed"],
      ["/activity", 403, "Not allowed"],
    ] as const) {
      const answer = await page.goto(address);
      expect(answer?.status(), address).toBe(status);
      await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
      await expect(page.getByRole("link", { name: "My machines" })).toBeVisible();
      await expectAccessible(page);
    }
  });
});
