import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts', 'test/support/tally.ts'],
    // Hundreds of processes share a small machine there; a test that fails for its own sake fails every time.
    retry: process.env['CI'] ? 2 : 0,
    testTimeout: 180_000,
    hookTimeout: 60_000,
    // Tests that start processes run side by side, and so do two files, most of which have one process at a time;
    // more of them than this only wait for a processor.
    maxConcurrency: 3,
    maxWorkers: 2,
  },
});
