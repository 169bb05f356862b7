import type { Reading } from '../../model/reading.ts';
import { readText } from '../read-file.ts';
import { available, guarded, unavailable } from '../reading.ts';

/** By bit number: include/uapi/linux/capability.h. */
const names = [
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service',
  'net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin',
  'sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override',
  'mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore',
].flatMap((line) => line.split(' '));

/**
 * What vdsotop may do, by its effective set. A capability newer than the table is left out. Not by readProcessStatus, whose
 * failures are worded by what vdsotop may do.
 */
export function readCapabilities(): Reading<readonly string[]> {
  const path = '/proc/self/status';
  return guarded(path, () => {
    const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readText(path))?.[1];
    return mask === undefined
      ? unavailable('absent', `${path} has no CapEff`)
      : available(decodeCapabilities(mask), `${path} CapEff`);
  });
}

/** Names of the bits that are set in a hexadecimal mask as /proc writes it. */
export function decodeCapabilities(mask: string): readonly string[] {
  const bits = BigInt(`0x${mask}`);
  return names.filter((_, bit) => ((bits >> BigInt(bit)) & 1n) === 1n);
}
