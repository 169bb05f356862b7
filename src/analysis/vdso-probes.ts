/** What catches calls of the vDSO, as evidence names it: breakpoints, or CPU samples where none is ever hit. */
export const vdsoProbes = {
  breakpoints: 'breakpoints on vDSO functions',
  cpuSamples: 'CPU samples in the vDSO',
} as const;
