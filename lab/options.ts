import { parseArgs } from 'node:util';

export interface LabOptions {
  /** Scenario ids, '*' for anything. */
  readonly only?: string;
  readonly list: boolean;
  readonly keep: boolean;
  readonly install: boolean;
  readonly quick: boolean;
  readonly junit?: string;
  readonly dist?: string;
}

export const usage = `npm run lab [-- OPTIONS]: boots kernels, runs vdsotop on programs in them, and checks what it says

  --only GLOB      scenarios by id, such as '6.1/hpet/*'; --list says which there are
  --quick          the scenarios that are run for every change
  --keep           a shell in each guest when its scenarios are done ('poweroff -f' leaves it)
  --install        installs the Debian packages that are missing
  --junit FILE     writes the outcomes as JUnit XML too
  --dist DIR       vdsotop as built there instead of dist`;

export function labOptions(): LabOptions {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      list: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      install: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      junit: { type: 'string' },
      dist: { type: 'string' },
    },
  });
  return values;
}

/** Whether '6.1/*' takes in an id: '*' stands for anything, slashes too. */
export function matches(glob: string, id: string): boolean {
  const literal = glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*')}$`).test(id);
}
