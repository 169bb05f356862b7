import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prototypes } from '../../src/native/prototypes.ts';

const folder = join(import.meta.dirname, '..', '..', 'native');

test('every prototype is the one that the headers declare, in types, names and order of its arguments', () => {
  const declared = readdirSync(folder)
    .filter((name) => name.endsWith('.h'))
    .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/^VT_EXPORT ([^;]+);/gm)])
    .map(([, declaration = '']) => asPrototype(declaration));
  expect(declared.length).toBeGreaterThan(20);
  expect(declared.toSorted()).toEqual(Object.values(prototypes).toSorted());
});

test('every prototype stands under the name of its function', () => {
  const misplaced = Object.entries(prototypes).filter(([name, prototype]) => !prototype.startsWith(`int32_t ${name}(`));
  expect(misplaced).toEqual([]);
});

/** One line, and every pointer but one to text is a pointer to bytes: so structs and arrays cross over. */
function asPrototype(declaration: string): string {
  return declaration
    .replace(/\s+/g, ' ')
    .replace('(void)', '()')
    .replace(/(?:const )?(?:struct \w+|u?int\d+_t|double) \*/g, 'void *');
}
