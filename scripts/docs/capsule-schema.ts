import { type Json, schemaOf } from './schema-of.ts';

/**
 * The JSON Schema by which a capsule is checked when it is opened, made from the types of src/model. Without their
 * docstrings, which nobody reads there, and closed: what a later vdsotop added is not understood here.
 */
export function capsuleSchema(): { readonly [key: string]: Json } {
  return {
    $comment: 'Made by npm run docs from src/model.',
    ...schemaOf('Capsule', { closed: true, described: false }),
  };
}
