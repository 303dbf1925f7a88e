import { defineConfig, devices } from "@playwright/test";

const isRoot = process.getuid?.() === 0;

const chromium = {
  ...devices["Desktop Chrome"],
  viewport: { width: 1440, height: 900 },
  launchOptions: {
    executablePath: "/usr/bin/chromium",
    args: [
      // Chromium's sandbox refuses to start as root, which is what containers run tests as.
      ...(isRoot ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
};

export default defineConfig({
  testDir: "journeys",
  globalSetup: "./server.ts",
  // One server and its machines on two cores: journeys take turns, and a journey with a machine may take minutes.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: [["list"], ["html", { open: "never" }]],
  use: {
    // The certificate comes from a CA that the server under test made a moment ago.
    ignoreHTTPSErrors: true,
    locale: "en-GB",
    timezoneId: "Europe/Brussels",
    reducedMotion: "reduce",
    // What can't be clicked within this time is missing: better to say so than to wait for the journey's end.
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
  projects: [
    { name: "script", use: chromium, grepInvert: /@no-script-only/ },
    { name: "no-script", use: { ...chromium, javaScriptEnabled: false }, grepInvert: /@script-only/ },
    // The layout of small screens, for the journeys that say that theirs differs.
    { name: "phone", use: { ...chromium, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, grep: /@phone/ },
  ],
});
