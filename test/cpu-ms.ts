/** Milliseconds of CPU time that this process spends on some work, whatever else runs on the machine meanwhile. */
export function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
