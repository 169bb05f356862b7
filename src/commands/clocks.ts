import { describeClockSupport } from '../analysis/clock-support.ts';
import { machineOf } from '../analysis/kernel-version.ts';
import { collectHost } from '../collect/host/host.ts';
import { readOwnVdso } from '../collect/host/own-vdso.ts';
import { createSampler } from '../collect/prices/sampler.ts';
import { renderClocksText } from '../view/clocks-text.ts';
import { printedJson } from './printed-json.ts';
import { requireNativeLibrary } from './require-native-library.ts';
import { exitCodes, UserError } from './user-error.ts';

export interface ClocksOptions {
  readonly json: boolean;
  /** Machine to tell about instead of this one. */
  readonly arch?: string;
  /** Kernel release to tell about instead of this one. */
  readonly kernel?: string;
}

/** `vdsotop clocks`: which clock ids a vDSO answers, by kernel and machine, and on this host as timed now. */
export async function clocks({ json, arch, kernel }: ClocksOptions): Promise<void> {
  refuseUnknown(arch, kernel);
  const support = arch === undefined && kernel === undefined ? await measuredHere() : bySource(arch, kernel);
  process.stdout.write(`${json ? printedJson(support) : renderClocksText(support)}\n`);
}

function refuseUnknown(arch: string | undefined, kernel: string | undefined): void {
  if (arch !== undefined && machineOf(arch) === undefined)
    throw new UserError(
      `--arch '${arch}' is not known here: expected x86_64, i386, aarch64 or riscv64`,
      exitCodes.usage,
    );
  if (kernel !== undefined && !/^\d+\.\d+/.test(kernel))
    throw new UserError(
      `--kernel '${kernel}' cannot be used: expected a release such as 6.12 or 5.10.0`,
      exitCodes.usage,
    );
}

async function measuredHere() {
  requireNativeLibrary();
  const host = collectHost(readOwnVdso());
  const timings = await createSampler().price();
  return describeClockSupport(thisHost(host), { host, timings });
}

function bySource(arch: string | undefined, kernel: string | undefined) {
  const here = thisHost(collectHost(readOwnVdso()));
  return describeClockSupport({
    kernel: kernel ?? here.kernel,
    machine: arch === undefined ? here.machine : (machineOf(arch) ?? arch),
  });
}

function thisHost({ kernelRelease, architecture }: ReturnType<typeof collectHost>) {
  return {
    kernel: 'value' in kernelRelease ? kernelRelease.value : 'of an unknown release',
    machine: 'value' in architecture ? architecture.value : 'a machine that is not known',
  };
}
