import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: "tests/setup.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A test that was forgotten is a test that failed.
    passWithNoTests: false,
    allowOnly: false,
  },
});
