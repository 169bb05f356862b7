import { appendFileSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTerminal, type Terminal } from '../../test/terminal/terminal.ts';
import { type BootName, boots } from '../boots.ts';
import type { Kernel } from '../kernels.ts';
import { packTree } from './cpio.ts';
import type { KernelImage } from './fetch-kernel.ts';
import { images } from './paths.ts';

/** A machine that is running or has been: its console of 80×24, and the way to end it. */
export interface Guest {
  readonly console: Terminal;
  end(): Promise<void>;
}

const machines = {
  // Where the host lets the guest wait at the wrong moment, the kernel's check of its timer fails and it panics.
  amd64: { qemu: 'qemu-system-x86_64', machine: 'pc', usual: 'console=ttyS0 no_timer_check' },
  arm64: { qemu: 'qemu-system-aarch64', machine: 'virt', usual: 'console=ttyAMA0' },
} as const;

/** Its CPUs run in turn: where they run at once, QEMU 7.2 may go on with code from before another one patched it. */
const accelerator = 'tcg,thread=single';

/** Boots the kernel with the image and what is to be done; nothing of the host but its console is shared. */
export function bootGuest(
  { architecture }: Kernel,
  { path }: KernelImage,
  image: string,
  bootName: BootName,
  plan: string,
): Guest {
  const { qemu, machine, usual } = machines[architecture];
  const { parameters, cpus } = boots[bootName];
  // Warnings too: they may say why it fails afterwards.
  const terminal = startTerminal(
    qemu,
    [
      ...['-accel', accelerator, '-cpu', 'max', '-machine', machine],
      ...['-smp', String(cpus), '-m', '1024', '-nic', 'none'],
      ...['-display', 'none', '-monitor', 'none', '-serial', 'stdio', '-no-reboot'],
      ...['-kernel', path, '-initrd', withPlan(image, plan)],
      ...['-append', `${usual} panic=-1 loglevel=5 ${parameters}`],
    ],
    { columns: 80, rows: 24 },
  );
  return { console: terminal, end: async () => void (await terminal.kill()) };
}

/** The kernel unpacks one archive after another. */
function withPlan(image: string, plan: string): string {
  const tree = join(images, 'plan');
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(join(tree, 'lab'), { recursive: true });
  writeFileSync(join(tree, 'lab/plan'), plan);
  const whole = join(images, 'guest.cpio');
  copyFileSync(image, whole);
  appendFileSync(whole, readFileSync(packTree(tree, `${tree}.cpio`)));
  return whole;
}
