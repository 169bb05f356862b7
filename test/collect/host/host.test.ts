import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { decodeCapabilities } from '../../../src/collect/host/capabilities.ts';
import { readCompatVdso } from '../../../src/collect/host/compat-vdso.ts';
import { parseCpuInfo } from '../../../src/collect/host/cpu-facts.ts';
import { cpusOfList } from '../../../src/collect/host/cpu-list.ts';
import { collectHost, collectSlowHost } from '../../../src/collect/host/host.ts';
import { readHypervisor } from '../../../src/collect/host/hypervisor.ts';
import { available, unavailable } from '../../../src/collect/reading.ts';
import { skipUnless } from '../../skip-unless.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { collector, runAsNobody, value } from '../processes.ts';

const noVdso = unavailable('absent', 'not asked for in this test');
const run = (command: string, ...args: readonly string[]) => execFileSync(command, args, { encoding: 'utf8' }).trim();

describe('collectHost', () => {
  const host = collectHost(noVdso);

  it('agrees with the tools that print the same', () => {
    expect(value(host.hostname)).toBe(run('uname', '-n'));
    expect(value(host.architecture)).toBe(run('uname', '-m'));
    expect(value(host.kernelRelease)).toBe(run('uname', '-r'));
    expect(value(host.kernelCommandLine)).toBe(run('cat', '/proc/cmdline'));
    expect(value(host.onlineCpus)).toBe(Number(run('getconf', '_NPROCESSORS_ONLN')));
    expect(value(host.perfEventParanoid)).toBe(Number(run('cat', '/proc/sys/kernel/perf_event_paranoid')));
    expect(value(host.availableClocksources)).toContain(value(host.currentClocksource));
    expect(value(host.onlineCpus)).toBeGreaterThanOrEqual(availableParallelism());
    const flags = /^(?:flags|Features)\s*: (.*)$/m.exec(run('cat', '/proc/cpuinfo'))?.[1]?.split(/ +/);
    expect(value(host.cpu).flags).toEqual(flags);
  });

  it('has the architecture of the machine, whatever uname was asked to tell', () => {
    const source = `import { collectHost } from ${JSON.stringify(collector('host/host'))};
      console.log(collectHost({ unavailable: 'absent', detail: '' }).architecture.value);`;
    const script = [process.execPath, '--input-type=module-typescript', '-e', source];
    expect(run('setarch', 'linux32', ...script)).toBe(run('uname', '-m'));
  });

  it('knows our own capabilities and mappings', () => {
    const bits = run('sed', '-n', 's/^CapEff:\\t//p', '/proc/self/status');
    expect(value(host.capabilities)).toEqual(decodeCapabilities(bits));
    expect(value(host.ownMappings).map(({ name }) => name)).toContain('[vdso]');
    expect(host.ownVdso).toBe(noVdso);
  });

  it('agrees with systemd about the hypervisor', () => {
    const known: Readonly<Record<string, string>> = { microsoft: 'hyperv', qemu: 'qemu-tcg', none: 'none' };
    const detected = spawnText('systemd-detect-virt', '--vm');
    if (detected === undefined)
      console.log('systemd-detect-virt is not installed: the hypervisor is not cross-checked');
    else expect(['unknown', known[detected] ?? detected]).toContain(value(host.hypervisor));
  });

  it('agrees with sysctl about the vDSO of 32-bit programs', () => {
    const path = '/proc/sys/abi/vsyscall32';
    skipUnless(existsSync(path), `${path} is not there: this kernel runs no 32-bit programs of x86`);
    expect(host.compatVdso).toEqual(available(run('cat', path) === '1', path));
  });

  it('takes every other value for off, and says what it could not read', () => {
    const directory = temporaryDirectory();
    const file = (name: string, text: string) => {
      writeFileSync(`${directory}/${name}`, text);
      return `${directory}/${name}`;
    };
    expect(value(readCompatVdso(file('on', '1\n')))).toBe(true);
    expect(value(readCompatVdso(file('off', '0\n')))).toBe(false);
    expect(value(readCompatVdso(file('two', '2\n')))).toBe(false);
    expect(readCompatVdso(file('text', 'on\n'))).toMatchObject({ unavailable: 'failed' });
    expect(readCompatVdso(`${directory}/none`)).toMatchObject({ unavailable: 'absent' });
  });

  it('leaves to later what takes long', () => {
    for (const fact of [host.kernelLog, host.distribution, host.machineModel])
      expect(fact).toEqual({ unavailable: 'absent', detail: 'not read yet' });
  });

  it('takes less than fifteen milliseconds', () => {
    const times = Array.from({ length: 5 }, () => {
      const started = performance.now();
      collectHost(noVdso);
      return performance.now() - started;
    });
    expect(Math.min(...times)).toBeLessThan(15);
  });

  it('gives an unprivileged user the same facts, but for his capabilities', () => {
    const unprivileged = runAsNobody(
      `import { collectHost } from ${JSON.stringify(collector('host/host'))};
      console.log(JSON.stringify(collectHost({ unavailable: 'absent', detail: '' })));`,
    );
    expect(unprivileged).toMatchObject({
      currentClocksource: host.currentClocksource,
      mitigations: host.mitigations,
      cpu: host.cpu,
      capabilities: { value: [] },
    });
  });
});

/** undefined where the command does not exist; its first line whatever its exit status, which is 1 for 'none'. */
function spawnText(command: string, ...args: readonly string[]): string | undefined {
  try {
    return run(command, ...args);
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && error.stdout) return String(error.stdout).trim();
    return undefined;
  }
}

describe('collectSlowHost', () => {
  it('names the distribution as os-release does, and no machine that nothing names', async () => {
    const { distribution, machineModel, kernelLog } = await collectSlowHost();
    const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(run('cat', '/etc/os-release'))?.[1];
    expect(value(distribution)).toBe(name);
    if ('value' in machineModel)
      expect(machineModel.value).not.toMatch(/^(Computer|Docker Container|Virtual machine|-)?$/);
    else expect(machineModel.unavailable).toBe('absent');
    expect(value(kernelLog).length).toBeGreaterThan(0);
  });
});

describe('the hypervisor', () => {
  const signed = (signature: string) => () => available({ hypervisorPresent: true, signature }, 'CPUID');

  it.each([
    ['KVMKVMKVM', 'kvm'],
    ['TCGTCGTCGTCG', 'qemu-tcg'],
    ['Microsoft Hv', 'hyperv'],
    ['XenVMMXenVMM', 'xen'],
    ['VMwareVMware', 'vmware'],
    ['bhyve bhyve ', 'unknown'],
    ['', 'unknown'],
  ])('that signs %j is %s', (signature, name) => {
    const reading = readHypervisor(signed(signature));
    expect(value(reading)).toBe(name);
    expect(reading).toMatchObject({ source: `CPUID from leaf 0x40000000 on: '${signature.trim()}'` });
  });

  it('is none where CPUID has no bit for one, and not known where there is no CPUID', () => {
    expect(value(readHypervisor(() => available({ hypervisorPresent: false, signature: '' }, 'CPUID')))).toBe('none');
    expect(readHypervisor(() => unavailable('unsupported', 'not x86'))).toEqual({
      unavailable: 'unsupported',
      detail: 'not x86',
    });
  });
});

describe('small formats of the kernel', () => {
  it.each([
    ['0', 1],
    ['0-1', 2],
    ['0-3,8,10-11', 7],
    ['', 0],
    ['(null)', undefined],
  ])('a CPU list %j names %s', (list, count) => expect(cpusOfList(list)?.length).toBe(count));

  it('a capability mask names its bits', () => {
    expect(decodeCapabilities('0000000000000000')).toEqual([]);
    expect(decodeCapabilities('000000c000080000')).toEqual(['sys_ptrace', 'perfmon', 'bpf']);
    expect(decodeCapabilities('ffffffffffffffff')).toHaveLength(41);
  });

  // The lines in use of /proc/cpuinfo of an AWS Graviton2 and a SiFive U74, as their kernels write them.
  it('cpuinfo has Features on arm64 and isa on riscv', () => {
    const arm =
      'processor\t: 0\nFeatures\t: fp asimd atomics\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n\nprocessor\t: 1\n';
    expect(parseCpuInfo(arm)).toEqual({ model: 'implementer 0x41, part 0xd0c', flags: ['fp', 'asimd', 'atomics'] });
    const riscv = 'processor\t: 0\nhart\t\t: 1\nisa\t\t: rv64imafdc_zicntr\nuarch\t\t: sifive,u74-mc\n\n';
    expect(parseCpuInfo(riscv)).toEqual({ model: 'sifive,u74-mc', flags: ['rv64imafdc', 'zicntr'] });
    expect(parseCpuInfo('processor : 0\n\n')).toBeUndefined();
  });
});
