// The shortened validators say what ajv itself says of the same document, violation by violation.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Validator, validateInventory, validateOriginalDictionary } from '../src/inventory/generated/validators.js';
import { leanValidators } from './lean-validators.ts';

const read = (path: string): Record<string, unknown> => JSON.parse(readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8')) as Record<string, unknown>;

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
for (const name of ['inventory', 'original-dictionary']) ajv.addSchema(read(`src/inventory/${name}.schema.json`));

const READ = ['additionalProperty', 'missingProperty', 'propertyName'];

/** Verdict and violations, as violations.ts reads them. */
function said(validate: Validator, document: unknown): unknown {
  const accepted = validate(document);
  const violations = accepted ? [] : (validate.errors ?? []);
  return { accepted, violations: violations.map(({ instancePath, keyword, params }) => [instancePath, keyword, ...READ.map((name) => params[name])]) };
}

/** Every place of a document, as the path that leads to it. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
}

function changed(document: unknown, path: readonly string[], change: (parent: Record<string, unknown>, key: string) => void): unknown {
  const copy = { document: structuredClone(document) };
  const parent = path.slice(0, -1).reduce<Record<string, unknown>>((here, key) => here[key] as Record<string, unknown>, path.length === 0 ? copy : (copy.document as Record<string, unknown>));
  change(parent, path.at(-1) ?? 'document');
  return copy.document;
}

const WRONG_VALUES = [null, true, 0, -1, 1.5, 1e9, '', 'x', '\u0000', 'a'.repeat(5000), [], [1], ['a', 'a'], {}, { 'a/b~c': 1 }];

describe.each([
  ['inventory.schema.json', validateInventory, 'fixtures/inventory/full-example.json'],
  ['original-dictionary.schema.json', validateOriginalDictionary, 'fixtures/inventory/original-dictionary.json'],
] as const)('%s', (id, lean, fixture) => {
  const full = ajv.getSchema(id) as unknown as Validator;
  const document = read(fixture);

  it('takes the example', () => {
    expect(said(lean, document)).toEqual({ accepted: true, violations: [] });
  });

  it('judges as ajv does, whatever is changed, added or taken away', () => {
    const place = fc.constantFrom(...places(document));
    const value = fc.oneof(fc.constantFrom<unknown>(...WRONG_VALUES), fc.jsonValue());
    fc.assert(
      fc.property(place, value, fc.constantFrom('put', 'add', 'take'), (path, wrong, what) => {
        const other = changed(document, path, (parent, key) => {
          if (what === 'put') parent[key] = wrong;
          else if (what === 'take') delete parent[key];
          else if (typeof parent[key] === 'object' && parent[key] !== null) (parent[key] as Record<string, unknown>)['unknown/~'] = wrong;
        });
        expect(said(lean, other)).toEqual(said(full, other));
      }),
      { numRuns: 2000 },
    );
  });

  it('judges as ajv does with every wrong value at every place', () => {
    for (const path of places(document)) {
      for (const wrong of WRONG_VALUES) {
        const other = changed(document, path, (parent, key) => void (parent[key] = wrong));
        expect(said(lean, other), `${path.join('.')} = ${JSON.stringify(wrong).slice(0, 40)}`).toEqual(said(full, other));
      }
    }
  });
});

describe('lean validators', () => {
  it('refuse code that is not as expected', () => {
    expect(() => leanValidators('const a = 1;')).toThrow(/^validators: ajv's code has no /);
  });
});
