import { run } from './run.ts';

/** Where this machine gets Debian from. */
export interface Mirror {
  /** Of releases, and of their security updates where the machine has such a source. */
  readonly main: string;
  readonly security: string | undefined;
}

/** As apt on this machine is configured (apt-get indextargets prints what its sources name). */
export function configuredMirror(): Mirror {
  const lines = run('apt-get', [
    'indextargets',
    '--format',
    '$(ORIGIN) $(CODENAME) $(REPO_URI)',
    'Identifier: Packages',
  ]);
  const sources = lines
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([origin]) => origin === 'Debian');
  const uriOf = (holds: (codename: string) => boolean) => sources.find(([, codename = '']) => holds(codename))?.[2];
  const main = uriOf((codename) => /^[a-z]+$/.test(codename));
  if (main === undefined) throw new Error("apt on this machine has no source of Debian: run 'apt-get update' first");
  return { main, security: uriOf((codename) => codename.endsWith('-security')) };
}
