// What faults make of the JSON of a right answer: other keys, other key_IDs, another order, members that nobody asked
// for, a status of zeros. Faults that are not about the JSON leave it alone.

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { zeros } from './answer.ts';
import type { FaultKind } from './fault-kinds.ts';

interface WrittenKey {
  readonly key_ID: string;
  readonly key: string;
}

/** The spoilt copy of `json`. */
export function spoilt(json: object, fault: FaultKind): object {
  const { keys } = json as { keys?: readonly WrittenKey[] };
  if (keys === undefined) return spoiltStatus(json, fault);
  switch (fault.fault) {
    case 'key-length':
      return { keys: keys.map((key) => ({ ...key, key: randomBytes(fault.bytes).toString('base64') })) };
    case 'other-key-id':
      return { keys: keys.map((key) => ({ ...key, key_ID: randomUUID() })) };
    case 'same-bytes':
      return { keys: keys.map((key) => ({ ...key, key: createHash('sha256').update('same bytes').digest('base64') })) };
    case 'duplicate-key': {
      const [first] = keys;
      return { keys: first === undefined ? [] : [first, first, ...keys.slice(2)] };
    }
    case 'reorder':
      return { ...json, keys: [...keys].reverse() };
    case 'extra-fields':
      return { ...json, ...EXTRA, key_container_extension: null, keys: keys.map((key) => ({ ...EXTRA, ...key, key_ID_extension: null, key_extension: {} })) };
    default:
      return json;
  }
}

const EXTRA = { vendor_note: 'none', vendor_flags: [null, { nested: true }] };

function spoiltStatus(status: object, { fault }: FaultKind): object {
  if (fault === 'extra-fields') return { ...status, ...EXTRA, status_extension: null };
  if (fault !== 'zero-status') return status;
  const counts = Object.fromEntries(Object.entries(status).filter(([name, value]) => typeof value === 'number' && name !== 'key_size'));
  return { ...status, ...zeros(counts) };
}
