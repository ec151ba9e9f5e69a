// The faults that tests and scripts can switch on while a router runs, and how one is read from JSON.
// `times` makes a fault one-shot (or n-shot); without it the fault stays until cleared.

export type Fault =
  /** Each commit takes this long. */
  | { readonly kind: 'slow-commit'; readonly milliseconds: number }
  /** The RPC is executed at once, its reply comes late. */
  | { readonly kind: 'slow-reply'; readonly rpc: string; readonly milliseconds: number }
  /** Another user's session holds the exclusive lock; with `times`, for that many attempts to lock. */
  | { readonly kind: 'lock-held'; readonly user?: string }
  /** Another user has left uncommitted changes in the shared candidate. */
  | { readonly kind: 'dirty-candidate'; readonly user?: string }
  /** The connection ends at the named RPC, or at the nth one of a session, before or after executing it. */
  | { readonly kind: 'drop-session'; readonly when: 'before' | 'after'; readonly rpc?: string; readonly nth?: number }
  /** Commit replies leave <routing-engine> open, as some multi-RE systems do. */
  | { readonly kind: 'malformed-commit-reply' }
  /** A warning in front of an otherwise good reply. */
  | { readonly kind: 'warning'; readonly rpc: string; readonly message: string }
  /** A banner or other text in front of <hello>. */
  | { readonly kind: 'text-before-hello'; readonly text: string }
  /** Every SSH login is refused. */
  | { readonly kind: 'refuse-login' }
  /** Silence: after TCP connect, in place of hello, or in place of any reply. */
  | { readonly kind: 'hang'; readonly where: 'connect' | 'hello' | 'reply' }
  /** SCP put ends with "No space left on device" after `bytes` bytes (0 unless told). */
  | { readonly kind: 'disk-full'; readonly bytes?: number }
  /** SSH shows another host key than the one in `hostKeyFingerprint`. */
  | { readonly kind: 'changed-host-key' };

export type FaultKind = Fault['kind'];
export type FaultSetting = Fault & { readonly times?: number };
export type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;

type FieldType = 'number' | 'string' | readonly string[];
interface Fields {
  readonly required: Readonly<Record<string, FieldType>>;
  readonly optional?: Readonly<Record<string, FieldType>>;
}

const FIELDS: Readonly<Record<FaultKind, Fields>> = {
  'slow-commit': { required: { milliseconds: 'number' } },
  'slow-reply': { required: { rpc: 'string', milliseconds: 'number' } },
  'lock-held': { required: {}, optional: { user: 'string' } },
  'dirty-candidate': { required: {}, optional: { user: 'string' } },
  'drop-session': { required: { when: ['before', 'after'] }, optional: { rpc: 'string', nth: 'number' } },
  'malformed-commit-reply': { required: {} },
  warning: { required: { rpc: 'string', message: 'string' } },
  'text-before-hello': { required: { text: 'string' } },
  'refuse-login': { required: {} },
  hang: { required: { where: ['connect', 'hello', 'reply'] } },
  'disk-full': { required: {}, optional: { bytes: 'number' } },
  'changed-host-key': { required: {} },
};

/** Checks a fault that came as JSON. Throws TypeError naming the field that is wrong. */
export function readFault(value: unknown): FaultSetting {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('a fault is a JSON object');
  const given = value as Record<string, unknown>;
  const kind = given['kind'];
  if (typeof kind !== 'string' || !Object.hasOwn(FIELDS, kind)) throw new TypeError(`kind: one of ${Object.keys(FIELDS).join(', ')}`);
  const { required, optional = {} } = FIELDS[kind as FaultKind];
  const known: Record<string, FieldType> = { ...required, ...optional, times: 'number', kind: 'string' };
  for (const name of Object.keys(required)) if (given[name] === undefined) throw new TypeError(`${name}: missing`);
  for (const [name, field] of Object.entries(given)) {
    if (!Object.hasOwn(known, name)) throw new TypeError(`${name}: not a field of ${kind}`);
    checkField(name, field, known[name] as FieldType);
  }
  return given as unknown as FaultSetting;
}

function checkField(name: string, value: unknown, type: FieldType): void {
  if (Array.isArray(type)) {
    if (!type.includes(value as string)) throw new TypeError(`${name}: one of ${type.join(', ')}`);
  } else if (typeof value !== type || (type === 'number' && !(Number.isSafeInteger(value) && (value as number) >= 0))) {
    throw new TypeError(`${name}: ${type === 'number' ? 'a whole number, 0 or more' : 'a text'}`);
  }
}
