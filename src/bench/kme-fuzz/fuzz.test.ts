// A short fuzz campaign, and proof that its judge is not asleep; scripts/fuzz-kme runs longer ones.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QkdError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import { makePki } from '../pki/pki.ts';
import type { Pki } from '../pki/pki.ts';
import { fuzz } from './fuzz.ts';
import { complaintAbout } from './oracle.ts';
import type { Outcome } from './oracle.ts';
import type { PlannedAnswer } from './planned-answer.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-fuzz-'));
let pki: Pki;
beforeAll(async () => {
  pki = await makePki(folder, { kmes: ['kme'], saes: ['sae'] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('answers of a KME that are wrong at random', () => {
  it('never crash the client, hang it or make it take a wrong key', async () => {
    const { complaints, runs, accepted, refused } = await fuzz({ pki, seed: 1, runs: 1500, lanes: 4 });
    expect(complaints).toEqual([]);
    expect(runs).toBe(1500);
    expect(accepted).toBeGreaterThan(150);
    expect(refused.get('kme-answer')).toBeGreaterThan(150);
  }, 240_000);
});

describe('the judge', () => {
  const bytes = Buffer.alloc(32, 7);
  const body = Buffer.from(JSON.stringify({ keys: [{ key_ID: 'a', key: bytes.toString('base64') }] }));
  const answer = (more: Partial<PlannedAnswer> = {}): PlannedAnswer => ({
    asked: { call: 'dec_keys', keyIds: ['a'], number: 1, size: 256, encoding: 'base64' },
    json: JSON.parse(body.toString()), body, status: 200, headers: [], preamble: '', chunked: undefined, lengthError: 0, pieces: 1, ending: 'whole', mutations: [], mustRefuse: false, ...more,
  });
  const key = (keyId: string, value: Buffer): Outcome => ({ keys: [{ keyId, key: Secret.ofBytes(Buffer.from(value)) }] });
  const failed = (code: 'kme-answer' | 'internal' | 'deadline', message = 'x'): Outcome => ({ error: new QkdError(code, message) });

  it.each<[string, PlannedAnswer, Outcome, RegExp | undefined]>([
    ['a right key', answer(), key('a', bytes), undefined],
    ['another key', answer(), key('a', Buffer.alloc(32, 8)), /not sent/],
    ['a short key', answer(), key('a', bytes.subarray(1)), /248 bits/],
    ['another ID', answer(), key('b', bytes), /other key_IDs/],
    ['no key', answer(), { keys: [] }, /0 keys/],
    ['a key that had to be refused', answer({ mutations: ['x'], mustRefuse: true }), key('a', bytes), /breaks a rule/],
    ['a right answer that was refused', answer(), failed('kme-answer'), /nothing is wrong/],
    ['a right answer that was late', answer(), failed('deadline'), undefined],
    ['a wrong answer that was refused', answer({ mutations: ['x'] }), failed('kme-answer'), undefined],
    ['a fault of ours', answer({ mutations: ['x'] }), failed('internal'), /code internal/],
    ['an error of no known kind', answer({ mutations: ['x'] }), { error: new TypeError('x') }, /not an error of ours/],
    ['a message that writes on the screen', answer({ mutations: ['x'] }), failed('kme-answer', '\u001b[2J'), /control characters/],
    ['a message that has key material in it', answer({ mutations: ['x'] }), failed('kme-answer', `bad ${bytes.toString('hex')}`), /key material/],
  ])('%s', (_name, planned, outcome, complaint) => {
    const found = complaintAbout(planned, outcome, '');
    if (complaint === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(complaint);
  });
});
