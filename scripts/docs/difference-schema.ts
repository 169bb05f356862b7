import { type Json, schemaOf } from './schema-of.ts';

/** The JSON Schema of what `vdsotop diff --json` prints; `closed` as of the report's. */
export function differenceSchema({ closed }: { readonly closed: boolean }): { readonly [key: string]: Json } {
  const { $schema = '', definitions = {} } = schemaOf('Difference', { closed, described: true });
  return {
    $id: 'https://www.npmjs.com/package/vdsotop/difference.schema.json',
    $schema,
    title: 'vdsotop diff --json',
    $ref: '#/definitions/Difference',
    definitions,
  };
}
