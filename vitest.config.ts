import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The end-to-end tests count real processes on two cores: files one after another keep their timing honest.
    fileParallelism: false,
    reporters: ['default', './test/reporters/skip-reasons.ts'],
  },
});
