/** Arguments for unshare(1) that run TypeScript inside a PID namespace of its own, with its own /proc. */
export function insidePidNamespace(source: string): readonly string[] {
  return ['--pid', '--fork', '--mount-proc', process.execPath, '--input-type=module-typescript', '-e', source];
}
