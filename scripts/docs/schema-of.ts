import { join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';

const root = join(import.meta.dirname, '..', '..');

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface SchemaOptions {
  /** Refuses properties that the types do not have. */
  readonly closed: boolean;
  /** Keeps the docstrings of the types as descriptions. */
  readonly described: boolean;
}

/** The JSON Schema of a type of src/model and of all it names, as `$schema` and `definitions`. */
export function schemaOf(type: string, { closed, described }: SchemaOptions): { readonly [key: string]: Json } {
  const { $schema, definitions = {} } = createGenerator({
    path: join(root, 'src/model/*.ts'),
    tsconfig: join(root, 'src/tsconfig.pure.json'),
    type,
    additionalProperties: !closed,
    sortProps: false,
    skipTypeCheck: true,
    jsDoc: described ? 'extended' : 'none',
  }).createSchema(type) as { readonly $schema: string; readonly definitions?: Readonly<Record<string, Json>> };
  const named = Object.keys(definitions).filter((name) => isTypeName(name));
  return {
    $schema,
    definitions: Object.fromEntries(named.map((name) => [name, spellOut(definitions[name] ?? {}, definitions)])),
  };
}

/** `Known<Interval>` and the like are called by where they stand in the source: they are spelt out instead. */
function isTypeName(name: string): boolean {
  return /^\w+$/.test(name);
}

function spellOut(schema: Json, definitions: Readonly<Record<string, Json>>): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => spellOut(item, definitions));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, ...rest } = schema as { readonly [key: string]: Json };
  const name = typeof $ref === 'string' ? decodeURIComponent($ref.replace('#/definitions/', '')) : undefined;
  if (name !== undefined && !isTypeName(name))
    return spellOut({ ...asObject(definitions[name]), ...rest }, definitions);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, spellOut(value, definitions)]));
}

function asObject(schema: Json | undefined): { readonly [key: string]: Json } {
  if (schema === undefined || typeof schema !== 'object' || schema === null || Array.isArray(schema))
    throw new Error('the schema names a type that it does not define');
  return schema as { readonly [key: string]: Json };
}
