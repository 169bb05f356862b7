import { listChildren } from './list-children.ts';

/** The processes below `pid` at this moment, parents before children, ourselves and what we started left out. */
export function listDescendants(pid: number): readonly number[] {
  const found = new Set<number>();
  const open = [pid];
  for (let parent = open.shift(); parent !== undefined; parent = open.shift()) {
    for (const child of listChildren(parent)) {
      if (child === pid || found.has(child)) continue;
      found.add(child);
      open.push(child);
    }
  }
  return [...found];
}
