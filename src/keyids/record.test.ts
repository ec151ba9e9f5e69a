// What a record says about a link must fit the inventory: roles and SAE IDs are part of every CKN.

import { describe, expect, it } from 'vitest';
import { type ExpectedLink, type KeyIdRecord, checkRecordedLink } from './record.ts';

const record: KeyIdRecord = {
  device: 'mx2',
  newest: undefined,
  writtenAt: '2026-11-22T00:00:00Z',
  links: { 'mx1-mx2': { role: 'slave', master_sae: 'sae1', slave_saes: ['sae2', 'sae3'], source_kme: undefined, method: undefined, keys: [] } },
};
const expected: ExpectedLink = { name: 'mx1-mx2', role: 'slave', masterSae: 'sae1', slaveSaes: ['sae2', 'sae3'] };

describe('checkRecordedLink', () => {
  it('gives the entry that fits', () => {
    expect(checkRecordedLink(record, expected)).toBe(record.links['mx1-mx2']);
  });

  it.each(['other', 'toString', '__proto__'])('gives nothing for %s, which the record does not name', (name) => {
    expect(checkRecordedLink(record, { ...expected, name })).toBeUndefined();
  });

  it.each<[string, Partial<ExpectedLink>, string]>([
    ['another role', { role: 'master' }, 'role slave, expected master'],
    ['another master', { masterSae: 'sae9' }, 'master SAE sae1, expected sae9'],
    ['fewer slaves', { slaveSaes: ['sae2'] }, 'slave SAEs sae2, sae3, expected sae2'],
    ['slaves in another order', { slaveSaes: ['sae3', 'sae2'] }, 'slave SAEs sae2, sae3, expected sae3, sae2'],
  ])('refuses %s', (_case, change, reason) => {
    expect(() => checkRecordedLink(record, { ...expected, ...change })).toThrow(
      expect.objectContaining({ code: 'record', message: `record of mx2: link mx1-mx2: ${reason}`, hint: 'make the inventories of both ends agree about link mx1-mx2' }),
    );
  });
});
