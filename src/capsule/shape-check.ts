import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import schema from './capsule.schema.json' with { type: 'json' };
import type { ShapeCheck } from './record-reader.ts';

/**
 * Checks by the schema that is made from the types of src/model (`npm run docs`). Loading and compiling takes some
 * hundred milliseconds: only what opens a capsule imports this.
 */
export function createShapeCheck(): ShapeCheck {
  // The schema is ours and its shape is known; what it describes is not.
  const ajv = new Ajv({ strict: false, strictNumbers: true, validateSchema: false });
  ajv.addSchema(schema, 'capsule');
  const header = compiled(ajv, 'CapsuleHeader');
  const byField = new Map<string, ValidateFunction | undefined>();
  const required: readonly string[] = schema.definitions.Snapshot.required;
  const checkOf = (field: string) => {
    if (!byField.has(field))
      byField.set(field, field in fields ? compiled(ajv, `Snapshot/properties/${field}`) : undefined);
    return byField.get(field);
  };
  const fields = schema.definitions.Snapshot.properties;

  return {
    header: (value) => (header(value) ? undefined : sentence('', header.errors)),
    snapshot(value, changed) {
      const snapshot = value as { readonly [field: string]: unknown };
      const missing = required.find((field) => snapshot[field] === undefined);
      if (missing !== undefined) return `there is no ${missing}`;
      for (const field of changed) {
        const check = checkOf(field);
        if (check === undefined) return 'it says something that is not known here';
        if (!check(snapshot[field])) return sentence(field, check.errors);
      }
      return undefined;
    },
  };
}

function compiled(ajv: Ajv, path: string): ValidateFunction {
  const check = ajv.getSchema(`capsule#/definitions/${path}`);
  if (check === undefined) throw new Error(`the schema of a capsule has no ${path}`);
  return check;
}

/** Where and what, in the words of the schema alone: nothing that the file says is repeated. */
function sentence(field: string, errors: readonly ErrorObject[] | null | undefined): string {
  const error = errors?.at(-1);
  const path = `${field}${error?.instancePath ?? ''}`.replace(/[^\w/.-]/g, '?').slice(0, 80);
  return `${path || 'it'} ${error?.message ?? 'is not what it should be'}`;
}
