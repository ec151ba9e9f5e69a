// The wire of ETSI GS QKD 014 V1.1.1 (clauses 5 and 6): paths, queries and bodies of requests. GET carries what a
// query can say, number and size or one key_ID; additional slaves, extensions and several key_IDs need POST. What a
// KME does differently is told by the inventory's quirks. Answers are read by key-container.ts and status.ts.

import { QkdError } from '../errors.ts';
import type { KmeSettings } from '../inventory/inventory.ts';
import type { DecKeysRequest, EncKeysRequest } from '../workflow/ports.ts';
import { readKeyContainer } from './key-container.ts';
import { readStatus } from './status.ts';
import type { KmeCall, Wire, WireRequest } from './wire.ts';

export type WireSettings = Pick<KmeSettings, 'quirks' | 'extensionMandatory' | 'extensionOptional'>;

/** The wire of one KME. */
export function edition1(settings: WireSettings): Wire {
  return {
    encKeys: (request) => encKeys(request, settings),
    decKeys: (request) => decKeys(request, settings),
    status: (saeId) => get('status', saeId, ''),
    readKeys: (body, asked) => readKeyContainer(body, asked, settings.quirks),
    readStatus,
  };
}

function encKeys({ slaveSaeId, additionalSlaveSaeIds = [], number, size }: EncKeysRequest, settings: WireSettings): WireRequest {
  const { quirks, extensionMandatory, extensionOptional } = settings;
  const amounts = { ...(quirks.sendNumber ? { number } : {}), ...(quirks.sendSize ? { size } : {}) };
  const more = {
    ...(additionalSlaveSaeIds.length === 0 ? {} : { additional_slave_SAE_IDs: additionalSlaveSaeIds }),
    ...(extensionMandatory.length === 0 ? {} : { extension_mandatory: extensionMandatory }),
    ...(extensionOptional.length === 0 ? {} : { extension_optional: extensionOptional }),
  };
  if (quirks.request === 'post' || Object.keys(more).length > 0) return post('enc_keys', slaveSaeId, { ...amounts, ...more });
  const query = Object.entries(amounts).map(([name, value]) => `${name}=${value}`).join('&');
  return get('enc_keys', slaveSaeId, query);
}

function decKeys({ masterSaeId, keyIds }: DecKeysRequest, { quirks }: WireSettings): WireRequest {
  const [keyId = '', ...more] = keyIds;
  if (quirks.request === 'post' || more.length > 0) return post('dec_keys', masterSaeId, { key_IDs: keyIds.map((key_ID) => ({ key_ID })) });
  return get('dec_keys', masterSaeId, `key_ID=${encodeURIComponent(keyId)}`);
}

function get(call: KmeCall, otherSaeId: string, query: string): WireRequest {
  const path = target(otherSaeId, call);
  return { call, otherSaeId, method: 'GET', target: query === '' ? path : `${path}?${query}`, body: undefined };
}

function post(call: KmeCall, otherSaeId: string, body: object): WireRequest {
  return { call, otherSaeId, method: 'POST', target: target(otherSaeId, call), body: JSON.stringify(body) };
}

/** Throws `inventory` on an SAE ID that no path can carry. */
function target(saeId: string, call: KmeCall): string {
  // Encoding leaves dots alone, and a proxy on the way would take '..' for a step up.
  if (saeId === '' || saeId === '.' || saeId === '..' || /\p{Surrogate}/u.test(saeId)) {
    throw new QkdError('inventory', 'SAE ID cannot be used in a URL', { hint: 'correct sae_id in the inventory' });
  }
  return `/api/v1/keys/${encodeURIComponent(saeId)}/${call}`;
}
