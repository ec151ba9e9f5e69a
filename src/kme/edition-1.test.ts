// Requests as edition 1 of the standard wants them, and as KMEs want them that differ.

import { describe, expect, it } from 'vitest';
import type { KmeQuirks } from '../inventory/inventory.ts';
import { edition1 } from './edition-1.ts';
import type { WireSettings } from './edition-1.ts';
import { NO_QUIRKS } from './test-settings.ts';

const wire = (quirks: Partial<KmeQuirks> = {}, more: Partial<WireSettings> = {}): ReturnType<typeof edition1> =>
  edition1({ extensionMandatory: [], extensionOptional: [], ...more, quirks: { ...NO_QUIRKS, ...quirks } });
const one = { slaveSaeId: 'b', number: 1, size: 256 };

describe('C09 enc_keys', () => {
  it.each([
    ['one key: GET', wire().encKeys(one), 'GET', '/api/v1/keys/b/enc_keys?number=1&size=256', undefined],
    ['additional slaves: POST', wire().encKeys({ ...one, additionalSlaveSaeIds: ['c', 'd'] }), 'POST', '/api/v1/keys/b/enc_keys', { number: 1, size: 256, additional_slave_SAE_IDs: ['c', 'd'] }],
    ['a mandatory extension: POST', wire({}, { extensionMandatory: [{ abc_route: 'direct' }] }).encKeys(one), 'POST', '/api/v1/keys/b/enc_keys', { number: 1, size: 256, extension_mandatory: [{ abc_route: 'direct' }] }],
    ['an optional extension: POST', wire({}, { extensionOptional: [{ abc_age: { max: 1 } }] }).encKeys(one), 'POST', '/api/v1/keys/b/enc_keys', { number: 1, size: 256, extension_optional: [{ abc_age: { max: 1 } }] }],
    ['POST wanted', wire({ request: 'post' }).encKeys(one), 'POST', '/api/v1/keys/b/enc_keys', { number: 1, size: 256 }],
    ['no size wanted', wire({ sendSize: false }).encKeys(one), 'GET', '/api/v1/keys/b/enc_keys?number=1', undefined],
    ['no number wanted', wire({ sendNumber: false }).encKeys(one), 'GET', '/api/v1/keys/b/enc_keys?size=256', undefined],
    ['neither wanted', wire({ sendNumber: false, sendSize: false }).encKeys(one), 'GET', '/api/v1/keys/b/enc_keys', undefined],
    ['neither wanted, by POST', wire({ sendNumber: false, sendSize: false, request: 'post' }).encKeys(one), 'POST', '/api/v1/keys/b/enc_keys', {}],
  ])('%s', (_name, request, method, target, body) => {
    expect({ method: request.method, target: request.target }).toEqual({ method, target });
    expect(request.body === undefined ? undefined : (JSON.parse(request.body) as unknown)).toEqual(body);
  });
});

describe('C09 dec_keys and status', () => {
  it.each([
    ['one key: GET', wire().decKeys({ masterSaeId: 'a', keyIds: ['X-1'], size: 256 }), 'GET', '/api/v1/keys/a/dec_keys?key_ID=X-1', undefined],
    ['two keys: POST', wire().decKeys({ masterSaeId: 'a', keyIds: ['x', 'y'], size: 256 }), 'POST', '/api/v1/keys/a/dec_keys', { key_IDs: [{ key_ID: 'x' }, { key_ID: 'y' }] }],
    ['POST wanted', wire({ request: 'post' }).decKeys({ masterSaeId: 'a', keyIds: ['x'], size: 256 }), 'POST', '/api/v1/keys/a/dec_keys', { key_IDs: [{ key_ID: 'x' }] }],
    ['status', wire({ request: 'post' }).status('b'), 'GET', '/api/v1/keys/b/status', undefined],
  ])('%s', (_name, request, method, target, body) => {
    expect({ method: request.method, target: request.target }).toEqual({ method, target });
    expect(request.body === undefined ? undefined : (JSON.parse(request.body) as unknown)).toEqual(body);
  });
});

describe('SAE IDs in paths', () => {
  it.each([
    ['mx1', '/api/v1/keys/mx1/status'],
    ['a/b?c#d', '/api/v1/keys/a%2Fb%3Fc%23d/status'],
    ['../up', '/api/v1/keys/..%2Fup/status'],
    ['ü 1%', '/api/v1/keys/%C3%BC%201%25/status'],
  ])('C09 percent-encode %j', (sae, target) => expect(wire().status(sae).target).toBe(target));

  it.each(['', '.', '..', '\ud800'])('refuse %j', (sae) => {
    expect(() => wire().status(sae)).toThrow(expect.objectContaining({ code: 'inventory' }) as Error);
  });
});
