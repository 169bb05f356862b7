import type { Reading } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import { allocateStructs, decodeStruct } from '../../native/struct-bytes.ts';
import { nativeLibrary } from '../../native.ts';
import { cleanText } from '../clean-text.ts';
import { available, errorText, unavailable } from '../reading.ts';
import { readHostFile } from './read-host-file.ts';

/** What CPUID says: leaf 1 whether there is a hypervisor, the leaves from 0x40000000 on how it signs. */
export interface CpuIdentity {
  readonly hypervisorPresent: boolean;
  readonly signature: string;
}

/** Documentation/virt and the vendors' CPUID leaves. One that shows Hyper-V's interface alone signs as Hyper-V does. */
const names: Readonly<Record<string, string>> = {
  KVMKVMKVM: 'kvm',
  TCGTCGTCGTCG: 'qemu-tcg',
  'Microsoft Hv': 'hyperv',
  XenVMMXenVMM: 'xen',
  VMwareVMware: 'vmware',
};

/** Xen says its name in /sys/hypervisor (also to Dom0), arm64 in the device tree, x86 by CPUID. */
export function readHypervisor(identify: () => Reading<CpuIdentity> = identifyCpu): Reading<string> {
  const sysfs = readHostFile('/sys/hypervisor/type');
  if ('value' in sysfs) return sysfs;
  const identity = identify();
  if ('value' in identity) return nameOf(identity.value);
  const deviceTree = readHostFile('/proc/device-tree/hypervisor/compatible');
  if ('unavailable' in deviceTree) return identity;
  const name = ['kvm', 'xen'].find((known) => deviceTree.value.includes(known));
  return available(name ?? 'unknown', `${deviceTree.source} ('${deviceTree.value}')`);
}

function nameOf({ hypervisorPresent, signature }: CpuIdentity): Reading<string> {
  if (!hypervisorPresent) return available('none', 'CPUID leaf 1: no hypervisor bit');
  const text = cleanText(signature, 12);
  return available(names[text] ?? 'unknown', `CPUID from leaf 0x40000000 on: '${text}'`);
}

function identifyCpu(): Reading<CpuIdentity> {
  try {
    const out = allocateStructs('vt_cpu');
    const result = nativeLibrary().vt_cpu_identify(out);
    if (result < 0) return unavailable('unsupported', `this CPU names no hypervisor (${errnoName(result)})`);
    const { hypervisor, hypervisor_present } = decodeStruct('vt_cpu', out);
    return available({ hypervisorPresent: hypervisor_present !== 0, signature: hypervisor }, 'CPUID');
  } catch (error) {
    return unavailable('failed', `asking CPUID: ${errorText(error)}`);
  }
}
