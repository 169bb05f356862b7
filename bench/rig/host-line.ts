import { readFileSync } from 'node:fs';
import { cpus, release, type } from 'node:os';

/** 'Linux 6.18.44, AMD EPYC, 2 cores, kvm guest, clocksource tsc, Node v24.21.0'. */
export function hostLine(): string {
  const model = cpus()[0]?.model ?? 'unknown CPU';
  const guest = /^flags\s*:.*\bhypervisor\b/m.test(readFileSync('/proc/cpuinfo', 'latin1')) ? ', virtual machine' : '';
  const clocksource = readFileSync('/sys/devices/system/clocksource/clocksource0/current_clocksource', 'latin1').trim();
  return `${type()} ${release()}, ${model}, ${cpus().length} cores${guest}, clocksource ${clocksource}, Node ${process.version}`;
}
