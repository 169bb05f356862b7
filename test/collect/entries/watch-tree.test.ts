import { describe, expect, it } from 'vitest';
import { watchTree } from '../../../src/collect/entries/watch-tree.ts';

/** A tree below process 1 in which another child stands at each look, for ever; the looks that were taken. */
function createForking() {
  const children: number[] = [];
  return {
    children,
    list: () => {
      children.push(100 + children.length);
      if (children.length > 1_000) throw new Error('it looks for ever');
      return [...children];
    },
  };
}

describe('a tree is watched', () => {
  it('from when all that are new are known to the kernel, however many there will be', () => {
    const { children, list } = createForking();
    const kernel = new Set<number>();
    const add = (pid: number) => {
      const isNew = pid < 102 && !kernel.has(pid);
      kernel.add(pid);
      return isNew;
    };
    expect(watchTree(1, add, list)).toBe(true);
    expect([...kernel]).toEqual([1, 100, 101, 102]);
    expect(children).toHaveLength(3);
  });

  it('after some looks, which it says, where that is never so', () => {
    const { children, list } = createForking();
    const added: number[] = [];
    expect(watchTree(1, (pid) => added.push(pid) > 0, list)).toBe(false);
    expect(children).toHaveLength(8);
    expect(added).toEqual([1, ...children]);
  });
});
