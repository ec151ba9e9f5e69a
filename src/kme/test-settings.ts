// KME settings for tests: what the inventory makes of a KME when it says nothing.

import type { KmeEndpoint, KmeQuirks, KmeSettings } from '../inventory/inventory.ts';

export const NO_QUIRKS: KmeQuirks = {
  request: 'get',
  sendNumber: true,
  sendSize: true,
  keysPerRequest: undefined,
  keysMember: 'keys',
  keyIdMember: 'key_ID',
  keyMember: 'key',
  keyEncoding: 'base64',
  contentTypes: [],
  unknownKeyStatus: [],
  noStockStatus: [],
};

/** An endpoint as a URL alone makes it. */
export function endpoint(url: string, more: Partial<KmeEndpoint> = {}): KmeEndpoint {
  return { name: new URL(url).host, url, serverName: undefined, address: undefined, pair: undefined, ...more };
}

/** Settings with every default; the status is not asked unless a test wants it. */
export function kmeSettings(endpoints: readonly KmeEndpoint[], files: Pick<KmeSettings, 'caFile' | 'certificateFile' | 'keyFile'>, more: Partial<KmeSettings> = {}): KmeSettings {
  return { endpoints, ...files, spki: [], minTls: '1.2', status: 'off', keySize: undefined, extensionMandatory: [], extensionOptional: [], quirks: NO_QUIRKS, ...more };
}
