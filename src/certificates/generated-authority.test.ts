// A CA made here, and the change to the next one: who is known, who can sign, whose key is kept.

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { noLog } from '../log.ts';
import { authorityFiles, knownAuthorities } from './authority-files.ts';
import { type Authorities, generatedAuthorities } from './generated-authority.ts';
import { stagePair } from './pair-store.ts';
import { testSettings } from './test-settings.ts';
import { DAY } from './verdict.ts';

vi.setConfig({ testTimeout: 90_000 });

const root = mkdtempSync(join(tmpdir(), 'qkd-ca-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const now = Math.floor(Date.now() / 1000) * 1000;
const FIVE_YEARS = 1826;
let place = '';
let count = 0;

beforeEach(() => {
  place = join(root, String(++count));
});

const at = (day: number, force = false): Promise<Authorities> => generatedAuthorities(place, { commonName: 'CA', settings: testSettings(), now: now + day * DAY, force, log: noLog });
const serials = (authorities: Authorities): string[] => authorities.map(({ certificate }) => certificate.serialNumber);
const known = async (): Promise<string[]> => ((await knownAuthorities(place)) ?? []).map((one) => one.serialNumber);
const generations = (): string[] => readdirSync(join(place, 'client-root-ca.pairs')).filter((name) => /^\d/.test(name));

describe('the CA that is generated here', () => {
  it('is followed by a new one half a client\'s lifetime before it ends; both are known, and both can sign', async () => {
    const first = await at(0);
    expect([serials(await at(1)), serials(await at(FIVE_YEARS - 183))]).toEqual([serials(first), serials(first)]);
    const both = await at(FIVE_YEARS - 182);
    expect(both).toHaveLength(2);
    expect(serials(both)[1]).toBe(serials(first)[0]);
    expect(await known()).toEqual(serials(both));
    expect(serials(await at(FIVE_YEARS - 1))).toEqual(serials(both));
  });

  it('loses its key and its place once it has ended', async () => {
    const [first] = serials(await at(0));
    const [second] = serials(await at(FIVE_YEARS - 182));
    const [third, ...others] = serials(await at(FIVE_YEARS + 1, true));
    expect([others, await known()]).toEqual([[second], [third, second]]);
    expect(generations().some((name) => readFileSync(join(place, 'client-root-ca.pairs', name, 'certificate.pem'), 'utf8').includes(String(first)))).toBe(false);
    expect(generations()).toHaveLength(2);
  });

  it('keeps the key of each former one through several changes: a KME may know the oldest only', async () => {
    const made = [serials(await at(0))[0]];
    for (const day of [1, 2, 3]) made.unshift(serials(await at(day, true))[0]);
    expect(serials(await at(4))).toEqual(made);
    expect(await known()).toEqual(made);
  });

  it('that a killed run has staged does not count, and goes with the next change', async () => {
    await at(0);
    const from = authorityFiles(place);
    const elsewhere = join(root, 'elsewhere');
    const other = await generatedAuthorities(elsewhere, { commonName: 'CA', settings: testSettings(), now, force: false, log: noLog });
    const { certificateFile, keyFile } = authorityFiles(elsewhere);
    const staged = await stagePair(from, { certificate: readFileSync(certificateFile), key: readFileSync(keyFile) }, now);
    expect(serials(await at(1))).toHaveLength(1);
    expect(serials(await at(2, true))).not.toContain(other[0].certificate.serialNumber);
    expect(existsSync(staged.files.keyFile)).toBe(false);
  });

  it('that was put in place by hand is kept as a former one too', async () => {
    const [own] = serials(await at(0));
    const laid = join(root, 'laid');
    cpSync(place, laid, { recursive: true, dereference: true });
    rmSync(join(laid, 'client-root-ca.pairs'), { recursive: true });
    place = laid;
    expect(serials(await at(1, true))[1]).toBe(own);
  });

  it('without its key is never overwritten', async () => {
    await at(0);
    rmSync(authorityFiles(place).keyFile);
    const before = readFileSync(authorityFiles(place).certificateFile, 'utf8');
    for (const force of [false, true]) await expect(at(0, force)).rejects.toThrow(/is there without its key/);
    expect(readFileSync(authorityFiles(place).certificateFile, 'utf8')).toBe(before);
  });
});
