// Records as they come from another router: what is read, what is refused and in which words, and that
// whatever this program writes it reads back.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecord } from './format-record.ts';
import { parseRecord } from './parse-record.ts';
import type { KeyIdRecord, RecordedKey, RecordedLink } from './record.ts';

const UUID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';

const full = {
  mx1: UUID,
  version: 2,
  written_at: '2026-11-22T00:00:00.000Z',
  links: {
    'mx1-mx2': {
      role: 'master',
      master_sae: 'sae_1',
      slave_saes: ['sae_2'],
      source_kme: 'kme1:8443',
      target_kmes: ['kme2:8443'],
      method: 'key-chain',
      keys: [{ key_ID: UUID, start_time: '2026-11-22T00:30:00Z', confirmed: true, refused: false }],
    },
  },
};

/** A copy of `full` in which `path` ("links.mx1-mx2.role") holds `value`; undefined takes it out. */
function changed(path: string, value: unknown): string {
  const copy = structuredClone(full) as Record<string, unknown>;
  const parts = path.split('.');
  const last = parts.pop() as string;
  const holder = parts.reduce<Record<string, unknown>>((here, part) => here[part] as Record<string, unknown>, copy);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return JSON.stringify(copy);
}

const dates = fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true }).map((date) => date.toISOString());
const names = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/).filter((name) => !['version', 'written_at', 'links'].includes(name));
const keyIds = fc.oneof(fc.uuid(), fc.stringMatching(/^[A-Za-z0-9._:-]{1,40}$/));
const kme = fc.stringMatching(/^[!-~]{1,30}$/);
const targets = fc.array(kme, { maxLength: 3 });
const keys: fc.Arbitrary<RecordedKey> = fc.record(
  { key_ID: keyIds, start_time: dates, confirmed: fc.boolean(), refused: fc.boolean(), source_kme: kme, target_kmes: targets },
  { requiredKeys: ['key_ID', 'start_time', 'confirmed', 'refused'] },
);
const links: fc.Arbitrary<RecordedLink> = fc.record({
  role: fc.constantFrom('master', 'slave'),
  master_sae: names,
  slave_saes: fc.array(names, { minLength: 1, maxLength: 4 }),
  source_kme: fc.option(kme, { nil: undefined }),
  target_kmes: fc.option(targets, { nil: undefined }),
  method: fc.constantFrom('key-chain' as const, 'pre-shared-key' as const, undefined),
  keys: fc.uniqueArray(keys, { maxLength: 6, selector: (key) => key.key_ID.toLowerCase() }),
});
const records: fc.Arbitrary<KeyIdRecord> = fc.record({
  device: names,
  newest: fc.option(keyIds, { nil: undefined }),
  writtenAt: dates,
  links: fc.dictionary(names, links, { maxKeys: 4 }),
});

describe('parseRecord and formatRecord', () => {
  it('read back what was written', () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(parseRecord(formatRecord(record), record.device)).toEqual(record);
      }),
    );
  });

  it('never take a damaged record for another one', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.stringMatching(/^[ -~]{0,3}$/), (record, at, replacement) => {
        const text = formatRecord(record);
        const position = at % text.length;
        const damaged = text.slice(0, position) + replacement + text.slice(position + 1);
        try {
          expect(parseRecord(damaged, record.device).device).toBe(record.device);
        } catch (error) {
          expect(error).toMatchObject({ code: 'record' });
        }
      }),
    );
  });

  it('refuse every record that was cut short', () => {
    const text = formatRecord(parseRecord(JSON.stringify(full), 'mx1')).trimEnd();
    for (let length = 0; length < text.length; length += 1) {
      expect(() => parseRecord(text.slice(0, length), 'mx1'), `first ${length} characters`).toThrow(/^key-ID record: not JSON: /);
    }
  });

  it('write the member that the original script reads first', () => {
    expect(formatRecord(parseRecord(JSON.stringify(full), 'mx1'))).toMatch(new RegExp(`^\\{\\s*"mx1": "${UUID}",\\s*"version": 2,`));
  });

  it('leave out what is not there', () => {
    const record: KeyIdRecord = { device: 'mx1', newest: undefined, writtenAt: '2026-11-22T00:00:00Z', links: {} };
    expect(JSON.parse(formatRecord(record))).toEqual({ version: 2, written_at: '2026-11-22T00:00:00Z', links: {} });
  });

  it('refuse to write what no reader would take', () => {
    const record: KeyIdRecord = { device: 'mx1', newest: 'with space', writtenAt: '2026-11-22T00:00:00Z', links: {} };
    expect(() => formatRecord(record)).toThrow('own record cannot be published: key-ID record: mx1: "with space", expected a key_ID');
  });
});

describe("the original script's bare shape", () => {
  it.each([
    [`{"mx1": "${UUID}"}`, UUID],
    [`{"mx1": " ${UUID}\\n"}`, UUID],
    ['{}', undefined],
  ])('%s is read', (text, newest) => {
    expect(parseRecord(text, 'mx1')).toEqual({ device: 'mx1', newest, writtenAt: undefined, links: {} });
  });

  it('has no member but the device', () => {
    expect(() => parseRecord(`{"mx1": "${UUID}", "links": {}}`, 'mx1')).toThrow('key-ID record: unknown member "links"');
  });
});

describe('parseRecord refuses', () => {
  it.each([
    ['another device', JSON.stringify({ ...full, mx1: undefined, mx9: UUID }), 'written by "mx9", expected mx1'],
    ['another device in the bare shape', `{"mx9": "${UUID}"}`, 'written by "mx9", expected mx1'],
    ['a second device', JSON.stringify({ ...full, mx9: UUID }), 'written by "mx9", expected mx1'],
    ['__proto__ as a member', `{"__proto__": {"version": 2}, "mx1": "${UUID}"}`, 'unknown member "__proto__"'],
    ['a later version', changed('version', 3), 'version 3, expected 2'],
    ['a version in quotes', changed('version', '2'), 'version "2", expected 2'],
    ['an unknown member', changed('more', 1), 'unknown member "more"'],
    ['a list', '[]', 'not a JSON object'],
    ['a text', '"mx1"', 'not a JSON object'],
    ['no time of writing', changed('written_at', undefined), 'written_at: nothing, expected a UTC time like 2026-11-22T00:00:00Z'],
    ['local time', changed('written_at', '2026-11-22T00:00:00+01:00'), 'written_at: "2026-11-22T00:00:00+01:00", expected a UTC time like 2026-11-22T00:00:00Z'],
    ['a day that does not exist', changed('written_at', '2026-02-30T00:00:00Z'), 'written_at: "2026-02-30T00:00:00Z" is no time that exists'],
    ['an hour that does not exist', changed('written_at', '2026-02-03T25:00:00Z'), 'written_at: "2026-02-03T25:00:00Z" is no time that exists'],
    ['a key_ID with a slash', changed('mx1', '../../etc'), 'mx1: "../../etc", expected a key_ID'],
    ['a key_ID with a query', changed('mx1', 'x?size=1'), 'mx1: "x?size=1", expected a key_ID'],
    ['a key_ID with a line break', changed('mx1', 'a\nERROR b'), 'mx1: "a ERROR b", expected a key_ID'],
    ['a number as key_ID', changed('mx1', 5), 'mx1: 5, expected a key_ID'],
    ['no key_ID', changed('mx1', ''), 'mx1: "", expected a key_ID'],
    ['no links', changed('links', undefined), 'links: nothing, expected an object'],
    ['a list of links', changed('links', []), 'links: a list, expected an object'],
    ['a link name that is none', changed('links.a/b', full.links['mx1-mx2']), 'links: "a/b" is no link name'],
    ['a third role', changed('links.mx1-mx2.role', 'peer'), 'links.mx1-mx2.role: "peer", expected master or slave'],
    ['a link without keys', changed('links.mx1-mx2.keys', undefined), 'links.mx1-mx2: member keys is missing'],
    ['a link with more', changed('links.mx1-mx2.cak', '00'), 'links.mx1-mx2: unknown member "cak"'],
    ['no slaves', changed('links.mx1-mx2.slave_saes', []), 'links.mx1-mx2.slave_saes: an empty list'],
    ['an SAE ID that is none', changed('links.mx1-mx2.slave_saes', ['a b']), 'links.mx1-mx2.slave_saes[0]: "a b", expected an SAE ID'],
    ['a truth that is a number', changed('links.mx1-mx2.keys.0.confirmed', 1), 'links.mx1-mx2.keys[0].confirmed: 1, expected true or false'],
    ['a key_ID twice', changed('links.mx1-mx2.keys', [full.links['mx1-mx2'].keys[0], full.links['mx1-mx2'].keys[0]]), 'links.mx1-mx2.keys: a key_ID appears twice'],
    ['a member twice', `{"mx1": "${UUID}", "mx1": "other"}`, 'not JSON: line 1, column 49: member "mx1" appears twice'],
    ['target KMEs that are no list', changed('links.mx1-mx2.target_kmes', 'kme2'), 'links.mx1-mx2.target_kmes: "kme2", expected a list'],
    ['a target KME with a space', changed('links.mx1-mx2.target_kmes', ['a b']), 'links.mx1-mx2.target_kmes[0]: "a b", expected a KME name'],
    ["a key's KME that is a number", changed('links.mx1-mx2.keys.0.source_kme', 7), 'links.mx1-mx2.keys[0].source_kme: 7, expected a KME name'],
    ['too many target KMEs', changed('links.mx1-mx2.keys.0.target_kmes', Array.from({ length: 513 }, () => 'kme')), 'links.mx1-mx2.keys[0].target_kmes: more than 512 entries'],
    ['too many keys', changed('links.mx1-mx2.keys', Array.from({ length: 513 }, () => 0)), 'links.mx1-mx2.keys: more than 512 entries'],
    ['too many bytes', ' '.repeat(256 * 1024 + 1), 'longer than 262144 bytes'],
    ['deep nesting', '['.repeat(1000), 'not JSON: line 1, column 18: nested deeper than 16 levels'],
  ])('%s', (_case, text, reason) => {
    expect(() => parseRecord(text, 'mx1')).toThrow(expect.objectContaining({ code: 'record', message: `key-ID record: ${reason}` }));
  });

  it('keeps Object.prototype clean', () => {
    expect(() => parseRecord('{"version": 2, "__proto__": {"polluted": 1}}', 'mx1')).toThrow('unknown member "__proto__"');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
