import { digits, nsPhrase, sharePhrase } from '../phrase.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import { unlessUntouched } from './entered.ts';

/** Beyond this part of reads meeting an update of the page, retries would be worth a word. */
const retriesThatMatter = 0.01;

const seqcountContention = targetRule({
  id: 'seqcount-contention',
  layer: 'kernel',
  role: 'cause',
  title: 'reads in the vDSO wait for updates of the clock page',
  needs: ['clock data page', 'price of a vDSO read'],
  weigh({ 'clock data page': { updatesPerSecond }, 'price of a vDSO read': { p50 } }) {
    const part = (updatesPerSecond * p50) / 1e9;
    const bound = `${digits(updatesPerSecond)} updates of the page a second and ${nsPhrase(p50)} a read: about ${sharePhrase(part)} of reads meet one`;
    const where = 'seq of [vvar] in vdsotop itself';
    if (part >= retriesThatMatter) return [supports('strong', bound, where)];
    return [
      contradicts('decisive', bound, where),
      contradicts(
        'strong',
        'a read that meets an update retries in user space: it never enters the kernel',
        'lib/vdso/gettimeofday.c',
      ),
    ];
  },
  clause: () => 'reads retry while the kernel updates the clock page',
  reference: 'include/vdso/helpers.h, vdso_read_begin and vdso_read_retry',
});

/** Mitigations that work on every entry to or exit from the kernel, as the kernel's own lines name them. */
const pricedMitigations: readonly RegExp[] = [
  /\bPTI\b/,
  /Clear CPU buffers/,
  /Mitigation: IBRS/,
  /untrained return thunk/i,
  /Safe RET/i,
  /Mitigation: IBPB(?!.*(VMEXIT|before exit))/,
  /Stuffing/,
  /BHI: SW loop/,
];
const lookedFor =
  'PTI, clearing of CPU buffers, IBRS, IBPB, untrained or safe returns, call depth stuffing, the BHI loop';

const syscallMitigations = targetRule({
  id: 'syscall-mitigations',
  layer: 'kernel',
  role: 'amplifier',
  title: 'mitigations make every kernel entry dearer',
  needs: ['mitigations', 'price of a null syscall', 'kernel entries'],
  weigh({ mitigations, 'price of a null syscall': nothing, 'kernel entries': reads }) {
    const where = '/sys/devices/system/cpu/vulnerabilities';
    const priced = Object.entries(mitigations).filter(([, line]) =>
      pricedMitigations.some((pattern) => pattern.test(line)),
    );
    if (priced.length === 0) return [contradicts('strong', `none of these is on: ${lookedFor}`, where)];
    const names = priced.map(([name, line]) => `${name} (${line.slice(0, 60)})`).join(', ');
    return unlessUntouched(reads, 'nothing that is counted', [
      supports('decisive', `${names}; a null syscall costs ${nsPhrase(nothing.p50)} with all of them on`, where),
    ]);
  },
  reference: 'Documentation/arch/x86/pti.rst, Documentation/admin-guide/hw-vuln/mds.rst and spectre.rst',
});

export const kernelRules: readonly Rule[] = [seqcountContention, syscallMitigations];
