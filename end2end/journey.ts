// What every journey imports instead of @playwright/test: the same, with the habits of this project.
import { readFileSync } from "node:fs";

import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";

/** A person of the demo organisation, by the part of the user name before the @. */
type People = Record<"admin" | "teacher1" | "teacher2" | "student", { userName: string; password: string }>;

interface Habits {
  people: People;
  /**
   * What a browser may complain about on this page, for journeys that provoke it: Chromium reports each answer of 404
   * as an error, for example. Everything else on the console fails the journey.
   */
  expectedComplaints: RegExp[];
  complaints: void;
  /** Fails when axe finds something that keeps people from using this page. */
  expectAccessible: (page: Page) => Promise<void>;
}

export const test = base.extend<Habits>({
  baseURL: async ({}, use) => use(process.env.VITRINE_URL),

  people: async ({}, use) => {
    const lines = readFileSync(`${process.env.VITRINE_DATA}/demo-accounts.txt`, "utf8").matchAll(/^\s*(([^@\s]+)@\S+)\s+(\S+)/gm);
    const entries = [...lines].map(([, userName, name, password]) => [name, { userName, password }]);
    await use(Object.fromEntries(entries) as People);
  },

  expectedComplaints: [[], { option: true }],

  complaints: [
    async ({ context, expectedComplaints }, use) => {
      const complaints: string[] = [];
      const note = (text: string) => {
        if (!expectedComplaints.some((expected) => expected.test(text))) complaints.push(text);
      };
      context.on("console", (message) => {
        if (message.type() === "error") note(`${message.text()} (${message.location().url})`);
      });
      context.on("weberror", (error) => note(String(error.error())));
      await use();
      expect(complaints, "the browser complained").toEqual([]);
    },
    { auto: true },
  ],

  expectAccessible: async ({ browser, javaScriptEnabled }, use) => {
    let copies: BrowserContext | undefined;
    await use(async (page) => {
      if (javaScriptEnabled) return expectNothingFound(page);
      // axe needs timers, and without JavaScript a page has none.
      copies ??= await browser.newContext({ javaScriptEnabled: true, ignoreHTTPSErrors: true, viewport: page.viewportSize() });
      const copy = await copyOf(page, copies);
      await expectNothingFound(copy);
      await copy.close();
    });
    await copies?.close();
  },
});

async function expectNothingFound(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}\n  ${node.html}`));
  expect(found, `axe on ${page.url()}`).toEqual([]);
}

/** The page as it stands, in a context that could run scripts, with none of the page's own allowed. */
async function copyOf(page: Page, context: BrowserContext): Promise<Page> {
  const copy = await context.newPage();
  const body = await page.content();
  const headers = { "content-security-policy": "script-src 'none'" };
  await copy.route(page.url(), (route) => route.fulfill({ contentType: "text/html", headers, body }));
  await copy.goto(page.url());
  return copy;
}

export { expect };
