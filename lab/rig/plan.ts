import type { Scenario } from '../scenario.ts';
import { type LabTarget, labTargets } from '../targets.ts';
import { usualWatch, type Way, ways } from '../ways.ts';

/** The lines of shell that lab/guest/init follows. */
export function planOf(scenarios: readonly Scenario[], shell = false): string {
  const stay = 'stty sane rows 24 cols 80; say shell; setsid -c sh -i <"$console" >"$console" 2>&1';
  return [...scenarios.map(linesOf), ...(shell ? [stay] : []), ''].join('\n');
}

function linesOf({ id, target, way }: Scenario): string {
  const { watch = usualWatch, ...rest }: Way = ways[way];
  const { program, args }: LabTarget = labTargets[target];
  const variables = {
    target: [rest.under, program, args].filter(Boolean).join(' '),
    as_child: rest.under === undefined ? '' : 'yes',
    as_user: rest.user ?? 'root',
    watch,
    before: rest.before ?? ':',
    beside: rest.beside ?? ':',
    after: rest.after ?? ':',
  };
  const set = Object.entries(variables).map(([name, value]) => `${name}=${quote(value)}`);
  return [...set, `${rest.screen ? 'screen' : 'scenario'} ${quote(id)}`].join('\n');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
