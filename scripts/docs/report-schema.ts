import { type Json, schemaOf } from './schema-of.ts';

/**
 * The JSON Schema of what `vdsotop report --json` prints, made from the types of src/model and their docstrings.
 * `closed` refuses properties that the types do not have: for our own tests. What is shipped leaves room for the fields
 * of later versions with the same schema number.
 */
export function reportSchema({ closed }: { readonly closed: boolean }): { readonly [key: string]: Json } {
  const { $schema = '', definitions = {} } = schemaOf('Report', { closed, described: true });
  return {
    $id: 'https://www.npmjs.com/package/vdsotop/report.schema.json',
    $schema,
    title: 'vdsotop report --json',
    $ref: '#/definitions/Report',
    definitions,
  };
}
