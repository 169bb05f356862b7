/**
 * The first line in which a guest's kernel says on its console that it failed, without its time: a fault of its own, of which
 * nobody knows yet whether what was watched, QEMU, or vdsotop brought it about. Undefined where there is none.
 */
export function kernelFailure(console: string): string | undefined {
  const failed = /^\[ *\d+\.\d+\] (.*(?:Oops|Kernel panic|BUG: |kernel BUG at|general protection fault).*)$/m;
  return failed.exec(console.replaceAll('\r', ''))?.[1]?.trim();
}
