// How a fault that comes as JSON is checked: each kind has fields with types. Shared by the routers and the
// KMEs of the bench; which kinds there are is theirs.

export type FieldType = 'number' | 'integer' | 'string' | 'strings' | readonly string[];

export interface FaultFields {
  /** What it does, one line of help text. */
  readonly about: string;
  readonly required?: Readonly<Record<string, FieldType>>;
  readonly optional?: Readonly<Record<string, FieldType>>;
}

export type FaultTable = Readonly<Record<string, FaultFields>>;

/** Checks one fault; `nameField` is the member that says which kind it is. Throws TypeError naming the field that is wrong. */
export function checkFault(value: unknown, nameField: string, table: FaultTable): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('a fault is a JSON object');
  const given = value as Record<string, unknown>;
  const kind = given[nameField];
  if (typeof kind !== 'string' || !Object.hasOwn(table, kind)) throw new TypeError(`${nameField}: one of ${Object.keys(table).join(', ')}`);
  const { required = {}, optional = {} } = table[kind] as FaultFields;
  const known: Record<string, FieldType> = { ...required, ...optional, [nameField]: 'string' };
  for (const name of Object.keys(required)) if (given[name] === undefined) throw new TypeError(`${name}: missing`);
  for (const [name, field] of Object.entries(given)) {
    if (!Object.hasOwn(known, name)) throw new TypeError(`${name}: not a field of ${kind}`);
    checkField(name, field, known[name] as FieldType);
  }
  return given;
}

const WORDS: Readonly<Record<string, string>> = { number: 'a whole number, 0 or more', integer: 'a whole number', string: 'a text', strings: 'an object of texts' };

function checkField(name: string, value: unknown, type: FieldType): void {
  if (typeof type !== 'string') {
    if (!type.includes(value as string)) throw new TypeError(`${name}: one of ${type.join(', ')}`);
  } else if (!fits(value, type)) throw new TypeError(`${name}: ${WORDS[type]}`);
}

function fits(value: unknown, type: FieldType): boolean {
  if (type === 'string') return typeof value === 'string';
  if (type === 'strings') return typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string');
  return Number.isSafeInteger(value) && (type === 'integer' || (value as number) >= 0);
}

/** The kinds as lines of help text: name, fields (optional ones in brackets), what it does. */
export function faultHelp(table: FaultTable): string[] {
  const field = ([name, type]: [string, FieldType]): string => (typeof type === 'string' ? name : `${name}=${type.join('|')}`);
  return Object.entries(table).map(([kind, { about, required = {}, optional = {} }]) => {
    const fields = [...Object.entries(required).map(field), ...Object.entries(optional).map((entry) => `[${field(entry)}]`)];
    return `${[kind, ...fields].join(' ').padEnd(52)} ${about}`;
  });
}
