import { readFileSync } from 'node:fs';
import { vdsotop } from './paths.ts';

/** What bin/vdsotop tells Node, for programs of a benchmark that stand for it. */
export function nodeFlags(): readonly string[] {
  const flags = /^exec "\$node" (.+) "\$program"/m.exec(readFileSync(vdsotop, 'utf8'))?.[1];
  if (flags === undefined) throw new Error(`${vdsotop} starts Node in a way that is not known here`);
  return flags.split(' ');
}
