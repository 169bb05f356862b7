import type { HostFacts } from '../../model/host.ts';
import type { Available, Reading, Unavailable } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import { available, errorText, unavailable } from '../reading.ts';
import { collectKernelLog } from './kernel-log.ts';
import { readOtherWatchers } from './other-watchers.ts';
import { readHostFile } from './read-host-file.ts';

/** What takes a process or a long read, and comes after the first frame. */
export type SlowFact = 'kernelLog' | 'distribution' | 'machineModel' | 'otherWatchers';

/** Never throws; takes some tens of milliseconds, seconds where a journal is long. */
export async function collectSlowHost(): Promise<Pick<HostFacts, SlowFact>> {
  const [kernelLog, distribution, machineModel, otherWatchers] = await Promise.all([
    settled('the kernel log', collectKernelLog),
    settled('systeminformation osInfo', readDistribution),
    settled('systeminformation system', readMachineModel),
    settled('the descriptors of other processes', readOtherWatchers),
  ]);
  return { kernelLog, distribution, machineModel, otherWatchers };
}

const timeoutMs = 15_000;

/** A reading whatever happens: a collector that throws or never answers must not take the others along. */
async function settled<R>(what: string, collect: () => Promise<R>): Promise<R | Unavailable> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Unavailable>((resolve) => {
    timer = setTimeout(() => resolve(unavailable('failed', `${what}: no answer in ${timeoutMs / 1_000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([collect(), late]);
  } catch (error) {
    return unavailable('failed', `${what}: ${errorText(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** They are CommonJS: Node finds the names of their functions, a bundle has them on `default` only. */
function named<M extends object>(module: M | { readonly default: M }): M {
  return 'default' in module ? module.default : module;
}

/** systeminformation says 'unknown' where it found nothing: that is no value. */
async function readDistribution(): Promise<Reading<string>> {
  const { osInfo } = named(await import('systeminformation/lib/osinfo.js'));
  const { distro, release, codename } = await osInfo();
  const [name, version, code] = [distro, release, codename].map((part) => cleanText(part, 80));
  if (!name || name === 'unknown') return unavailable('absent', 'no os-release file names a distribution');
  const parts = [name, version === 'unknown' ? '' : version, code && `(${code})`].filter(Boolean);
  return available(parts.join(' '), 'systeminformation osInfo (os-release)');
}

/** What systeminformation fills in where it found no model: guesses, not readings. */
const placeholders = new Set(['', '-', 'Computer', 'Virtual machine', 'Docker Container']);

async function readMachineModel(): Promise<Reading<string>> {
  const { system } = named(await import('systeminformation/lib/system.js'));
  const { manufacturer, model } = await system();
  const [maker, name] = [manufacturer, model].map((part) => cleanText(part, 80));
  if (name !== undefined && !placeholders.has(name))
    return available([maker, name].filter(Boolean).join(' '), 'systeminformation system (DMI)');
  return readDmiModel() ?? readModelFile('/proc/device-tree/model') ?? noModel();
}

function readDmiModel(): Reading<string> | undefined {
  const directory = '/sys/class/dmi/id';
  const product = readModelFile(`${directory}/product_name`);
  const vendor = readModelFile(`${directory}/sys_vendor`);
  if (product === undefined || vendor === undefined) return product;
  return available(`${vendor.value} ${product.value}`, directory);
}

function readModelFile(path: string): Available<string> | undefined {
  const file = readHostFile(path);
  return 'value' in file && file.value !== '' ? file : undefined;
}

function noModel(): Reading<string> {
  return unavailable('absent', 'neither DMI nor a device tree names the machine');
}
