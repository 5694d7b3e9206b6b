import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["*.test.ts"],
    globalSetup: "harness/built.ts",
    // Each file drives a browser of its own, which waits more than it computes: two at a time, and with room for a slow machine.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
