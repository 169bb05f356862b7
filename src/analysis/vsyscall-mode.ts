import { bootParameters } from './boot-parameters.ts';
import { isAtLeast } from './kernel-version.ts';

export type VsyscallMode = 'emulate' | 'native' | 'emulate or native' | 'xonly';

/**
 * How the kernel treats calls of a [vsyscall] page of these permissions (arch/x86/entry/vsyscall/vsyscall_64.c,
 * map_vsyscall; in mode none no process has the page). A page that can be read is emulated, unless the kernel is older
 * than 4.18: 4.15 still had mode native, mapped the same way, with real system calls in it.
 */
export function vsyscallMode(
  permissions: string,
  release: string | undefined,
  commandLine: string | undefined,
): VsyscallMode | undefined {
  if (permissions.startsWith('--x')) return 'xonly';
  if (!permissions.startsWith('r-x')) return undefined;
  if (release !== undefined && isAtLeast(release, '4.18')) return 'emulate';
  const asked = askedVsyscall(commandLine);
  return asked === 'emulate' || asked === 'native' ? asked : 'emulate or native';
}

/** The last vsyscall= of the command line counts (Documentation/admin-guide/kernel-parameters.txt); without one, the build. */
export function askedVsyscall(commandLine: string | undefined): string | undefined {
  const last = bootParameters(commandLine ?? '').findLast((word) => word.startsWith('vsyscall='));
  return last?.match(/(?<==)\w+/)?.[0];
}
