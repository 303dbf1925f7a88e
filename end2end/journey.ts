// What every journey imports instead of @playwright/test: the same, with the habits of this project.
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

interface Habits {
  /**
   * What a browser may complain about on this page, for journeys that provoke it: Chromium reports each answer of 404
   * as an error, for example. Everything else on the console fails the journey.
   */
  expectedComplaints: RegExp[];
  complaints: void;
}

export const test = base.extend<Habits>({
  baseURL: async ({}, use) => use(process.env.VITRINE_URL),
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
});

/** Fails when axe finds something that keeps people from using this page. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}\n  ${node.html}`));
  expect(found, `axe on ${page.url()}`).toEqual([]);
}

export { expect };
