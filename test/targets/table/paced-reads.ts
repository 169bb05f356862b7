/** The workload mixed-reads as it reads MONOTONIC through libc, 20 k/s, and what is said of it where nothing is wrong. */
export const pacedReads = {
  args: '--rate 20000 often:1:libc:1',
  expected: {
    verdict: 'fast',
    causes: [],
    headline: /MONOTONIC is read through the vDSO.*nothing wrong/,
    fastPerSecond: { MONOTONIC: 20_000 },
  },
} as const;
