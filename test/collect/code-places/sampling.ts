import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { RawCallSample } from '../../../src/collect/calls/raw-call-sample.ts';
import { buildProgram } from '../../programs/build.ts';

const names = ['ip', 'sp', 'bp', 'bx', 'si', 'di', 'r10', 'r12', 'r13', 'r14', 'r15'];

/** Samples of one thread where it enters the kernel for a system call ('clock_gettime'). */
export function sampleKernel(tid: number, syscall: string, count: number): readonly RawCallSample[] {
  return sample(tid, ['tracepoint', tracepoint(`syscalls/sys_enter_${syscall}`)], count, 'kernel', 64);
}

/** The same for a 32-bit process, and any of its system calls. */
export function sampleRawEntry(tid: number, count: number): readonly RawCallSample[] {
  return sample(tid, ['tracepoint', tracepoint('raw_syscalls/sys_enter')], count, 'kernel', 32);
}

export function sampleVsyscall(tid: number, count: number): readonly RawCallSample[] {
  return sample(tid, ['tracepoint', tracepoint('vsyscall/emulate_vsyscall')], count, 'kernel', 64);
}

/** Samples where it calls an address, such as that of a vDSO function. */
export function sampleCalls(tid: number, address: number, count: number, bits: 32 | 64 = 64): readonly RawCallSample[] {
  return sample(tid, ['breakpoint', address.toString(16)], count, 'vdso', bits);
}

function tracepoint(name: string): string {
  return readFileSync(`/sys/kernel/tracing/events/${name}/id`, 'utf8').trim();
}

function sample(
  tid: number,
  event: readonly string[],
  count: number,
  side: RawCallSample['side'],
  bits: 32 | 64,
): readonly RawCallSample[] {
  const program = buildProgram('sample-registers');
  const output = execFileSync(program, [String(tid), ...event, String(count)], {
    encoding: 'utf8',
    timeout: 10_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return output
    .trim()
    .split('\n')
    .map((line) => parse(line, tid, side, bits));
}

function parse(line: string, tid: number, side: RawCallSample['side'], bits: 32 | 64): RawCallSample {
  const fields = line.split(' ');
  const registers = Object.fromEntries(names.map((name, index) => [name, BigInt(`0x${fields[index]}`)]));
  const stack = new Uint8Array(Buffer.from(fields[names.length] ?? '', 'hex'));
  const stackAddress = registers.sp ?? 0n;
  return { side, fn: 'clock_gettime', slot: 0, tid, bits, registers, stack, stackAddress };
}
