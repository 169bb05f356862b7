import type { Evidence } from '../../model/findings.ts';
import type { Interposer } from '../../model/program.ts';
import type { ClockRead } from '../clock-read.ts';
import { clockEntry } from '../clock-table.ts';
import { namesPhrase } from '../phrase.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import { caughtBy } from './entered.ts';

const interposedLibc = targetRule({
  id: 'interposed-libc',
  layer: 'program',
  role: 'amplifier',
  title: 'clock functions are found before those of libc, in a library or in the program itself',
  needs: ['interposed clock functions'],
  weigh({ 'interposed clock functions': interposers }) {
    const where = 'dynamic symbol tables in the order of lookup';
    if (interposers.length === 0) return [contradicts('decisive', 'its clock functions are those of libc', where)];
    const modules = [...new Set(interposers.map(({ module }) => module))].slice(0, 3);
    return modules.map((module) => supports('decisive', interposedSentence(module, interposers), where));
  },
  reference: 'ld.so(8), LD_PRELOAD; dlsym(3)',
});

function interposedSentence(module: string, interposers: readonly Interposer[]): string {
  const own = interposers.filter((item) => item.module === module);
  const symbols = namesPhrase([...new Set(own.map(({ symbol }) => `${symbol}()`))]);
  const held = own.some(({ how }) => how === 'resolved-slot');
  return `${symbols} ${own.length === 1 ? 'is' : 'are'} found in ${module} before libc${held ? ', and calls are bound to it' : ''}`;
}

const disablesTsc = ['x86_64', 'aarch64'];

const tscPrctlTrap = targetRule({
  id: 'tsc-prctl-trap',
  layer: 'program',
  role: 'amplifier',
  title:
    'threads of the target are forbidden to read the counter, so that a signal meets each precise read in the vDSO',
  needs: ['architecture', 'seccomp mode', 'reads through the vDSO'],
  weigh({ architecture, 'seccomp mode': mode, 'reads through the vDSO': reads }) {
    if (!disablesTsc.includes(architecture))
      return [contradicts('decisive', `no kernel forbids it on ${architecture}`, 'prctl(2), PR_SET_TSC')];
    const strict = mode === 'strict' && architecture === 'x86_64';
    return [
      ...(strict
        ? [supports('weak', 'in seccomp mode strict the kernel forbids it', 'kernel/seccomp.c, disable_TSC')]
        : []),
      ...preciseEvidence(reads),
    ];
  },
  undecidedWithout: {
    reading: 'prctl(PR_GET_TSC) of the target',
    detail: 'unsupported: a thread can ask it only of itself',
  },
  reference: 'prctl(2), PR_SET_TSC: no file of /proc shows it; kernel/seccomp.c',
});

/** A call is caught before the instruction that the signal would meet, or at any other one. */
function preciseEvidence(reads: readonly ClockRead[]): readonly Evidence[] {
  const precise = reads.filter(
    ({ fn, slot }) => fn === 'gettimeofday' || (fn === 'clock_gettime' && clockEntry(slot).kind === 'precise'),
  );
  if (precise.length === 0) return [];
  const names = namesPhrase(precise.map(({ name }) => name));
  return [contradicts('weak', `${names}: calls of the vDSO were caught, though not how they ended`, caughtBy(precise))];
}

export const programContextRules: readonly Rule[] = [interposedLibc, tscPrctlTrap];
