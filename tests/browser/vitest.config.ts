import { defineConfig } from "vitest/config";

/** Runs for minutes and by itself: `npm run day -w tests/browser`. */
const WHOLE_DAY = "day.test.ts";
const only = process.env["WHOLE_DAY"] !== undefined;

export default defineConfig({
  test: {
    include: [only ? WHOLE_DAY : "*.test.ts"],
    exclude: only ? [] : [WHOLE_DAY],
    globalSetup: "built.ts",
    // Each test has a server and a browser of its own: one at a time, and with room for a slow machine.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
