// Says what a schema violation means to the person who wrote the file: the path, what was seen, what was
// expected (the schema's `title`) and the nearest known key. Values under names that suggest a secret are
// described, never quoted.

import { oneLine } from '../errors.ts';
import { type JsonObject, type JsonValue, isJsonObject } from '../json.ts';
import type { Violation } from './generated/validators.js';
import inventorySchema from './inventory.schema.json' with { type: 'json' };
import { nearestName } from './nearest-name.ts';
import originalSchema from './original-dictionary.schema.json' with { type: 'json' };

/** The members of a schema that messages are made from. */
interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema | true>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

export type SchemaName = 'inventory.schema.json' | 'original-dictionary.schema.json';

const SCHEMAS: Record<SchemaName, unknown> = {
  'inventory.schema.json': inventorySchema,
  'original-dictionary.schema.json': originalSchema,
};

const SECRET_NAME = /pass|cak|secret|private|key_file|_env$/i;
const MOST_SHOWN = 4;

/** One line for all violations of `document`, the first ones in words: `links[0]: unknown key "nam"; nearest known key is "name"`. */
export function violationText(schema: SchemaName, document: JsonValue, violations: readonly Violation[]): string {
  const suggested = new Set<string>();
  const lines: string[] = [];
  // Unknown keys first: what they meant is then not reported as missing as well.
  for (const unknown of violations.filter((v) => v.keyword === 'additionalProperties')) {
    const { text, nearest } = unknownKey(schema, unknown);
    if (nearest !== undefined) suggested.add(`${unknown.instancePath}/${nearest}`);
    lines.push(text);
  }
  for (const violation of violations) {
    const line = otherViolation(schema, document, violation, suggested);
    if (line !== undefined) lines.push(line);
  }
  const distinct = [...new Set(lines)];
  const more = distinct.length - MOST_SHOWN;
  return distinct.slice(0, MOST_SHOWN).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function unknownKey(schema: SchemaName, { instancePath, params }: Violation): { text: string; nearest: string | undefined } {
  const key = String(params['additionalProperty']);
  const known = Object.keys(schemaAt(schema, instancePath)?.properties ?? {}).filter((name) => name !== '//');
  const nearest = nearestName(key, known);
  const advice = nearest === undefined ? `known keys are ${known.join(', ')}` : `nearest known key is "${nearest}"`;
  return { text: `${label(instancePath)}unknown key ${quoted(key)}; ${advice}`, nearest };
}

function otherViolation(schema: SchemaName, document: JsonValue, violation: Violation, suggested: ReadonlySet<string>): string | undefined {
  const { instancePath, keyword, params } = violation;
  if (keyword === 'additionalProperties') return undefined;
  // ajv reports a wrong name twice: as a pattern (which no object can break), then as propertyNames.
  if (keyword === 'pattern' && typeof valueAt(document, instancePath) !== 'string') return undefined;
  if (keyword === 'propertyNames') {
    const name = resolve('#/$defs/device_name', 'inventory.schema.json').schema;
    return `${label(instancePath)}${quoted(String(params['propertyName']))} cannot be a device's name: expected ${expected(name)}`;
  }
  if (keyword === 'required') {
    const missing = String(params['missingProperty']);
    return suggested.has(`${instancePath}/${missing}`) ? undefined : `${label(instancePath)}key "${missing}" is missing`;
  }
  return `${label(instancePath)}${seen(document, instancePath)}, expected ${expected(schemaAt(schema, instancePath))}`;
}

/** A JSON pointer as people write it, with a colon: `devices.mx1.kme: `; nothing for the whole document. */
function label(pointer: string): string {
  const text = segments(pointer).reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : `${path}.${oneLine(part, 60)}`), '');
  return text === '' ? '' : `${text.replace(/^\./, '')}: `;
}

function segments(pointer: string): string[] {
  return pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function seen(document: JsonValue, pointer: string): string {
  const path = segments(pointer);
  const value = valueAt(document, pointer);
  const secret = path.some((part) => SECRET_NAME.test(part));
  if (typeof value === 'string') return secret ? `a text of ${value.length} characters` : quoted(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (isJsonObject(value)) return 'an object';
  return secret && typeof value === 'number' ? 'a number' : String(value);
}

function valueAt(document: JsonValue, pointer: string): JsonValue | undefined {
  return segments(pointer).reduce<JsonValue | undefined>((here, part) => {
    if (Array.isArray(here)) return here[Number(part)];
    return isJsonObject(here) ? here[part] : undefined;
  }, document);
}

function expected(schema: Schema | undefined): string {
  if (schema === undefined) return 'something else';
  if (schema.title !== undefined) return schema.title;
  if (schema.enum !== undefined) return schema.enum.join(', ').replace(/, ([^,]*)$/, ' or $1');
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type !== 'integer' && schema.type !== 'number') return schema.type === 'array' ? 'a list' : `an ${String(schema.type)}`;
  const noun = schema.type === 'integer' ? 'a whole number' : 'a number';
  if (schema.exclusiveMinimum === undefined) return `${noun} from ${schema.minimum} to ${schema.maximum}`;
  return `${noun} above ${schema.exclusiveMinimum}, at most ${schema.maximum}`;
}

/** The schema for the value at a JSON pointer, `$ref` followed. */
function schemaAt(name: SchemaName, pointer: string): Schema | undefined {
  let here: { schema: Schema; from: SchemaName } | undefined = { schema: SCHEMAS[name] as Schema, from: name };
  for (const part of segments(pointer)) {
    here = here === undefined ? undefined : step(here.schema, part, here.from);
  }
  return here?.schema;
}

function step(schema: Schema, part: string, from: SchemaName): { schema: Schema; from: SchemaName } | undefined {
  const own = schema.properties !== undefined && Object.hasOwn(schema.properties, part) ? schema.properties[part] : undefined;
  const next = own ?? schema.items ?? schema.additionalProperties;
  if (typeof next !== 'object') return undefined;
  return next.$ref === undefined ? { schema: next, from } : resolve(next.$ref, from);
}

function resolve(ref: string, from: SchemaName): { schema: Schema; from: SchemaName } {
  const [file, pointer = ''] = ref.split('#');
  const name = file === '' ? from : (file as SchemaName);
  const schema = segments(pointer).reduce<unknown>((here, part) => (here as JsonObject)[part], SCHEMAS[name]);
  return { schema: schema as Schema, from: name };
}

function quoted(text: string): string {
  return JSON.stringify(oneLine(text, 60));
}
