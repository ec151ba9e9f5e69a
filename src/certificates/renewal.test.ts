// Who signs while the CA changes: the newest CA as soon as every KME accepts it, until then the former. KMEs are answers here;
// real ones are in cli/certs-rollover.test.ts.

import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { QkdError } from '../errors.ts';
import { noLog } from '../log.ts';
import { knownAuthorities } from './authority-files.ts';
import { type Authorities, generatedAuthorities } from './generated-authority.ts';
import { makeClient } from './issue.ts';
import type { KmeQuestion } from './kme-proof.ts';
import { inspectService, moveToNewest, type Renewal, renew, type RenewalPorts, type RenewalSubject } from './renewal.ts';
import { testSettings } from './test-settings.ts';
import { DAY } from './verdict.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-renewal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const start = Math.floor(Date.now() / 1000) * 1000;
const settings = testSettings();
const CA_DAYS = settings.caLifetimeDays;
let authorities: Authorities;
let subject: RenewalSubject;
let count = 0;

beforeAll(async () => {
  await generatedAuthorities(folder, { commonName: 'CA', settings, now: start, force: false, log: noLog });
  authorities = await generatedAuthorities(folder, { commonName: 'CA', settings, now: start + (CA_DAYS - 100) * DAY, force: false, log: noLog });
});

beforeEach(() => {
  subject = { device: 'mx1', saeId: 'mx1', files: { certificateFile: join(folder, `mx1-${++count}.crt`), keyFile: join(folder, `mx1-${count}.key`) } };
});

const [NEW, OLD] = [0, 1];
const issuerOf = (file: string): string => (authorities.findIndex(({ certificate }) => new X509Certificate(readFileSync(file)).checkIssued(certificate)) === NEW ? 'new' : 'old');
const inService = (): string => issuerOf(subject.files.certificateFile);

/** KMEs that say this of certificates by the new CA, and accept those of the old. */
const kme = (ofNew: QkdError | 'accepts'): KmeQuestion => async ({ certificateFile }) => {
  if (ofNew !== 'accepts' && issuerOf(certificateFile) === 'new') throw ofNew;
};
const silent: KmeQuestion = async () => {
  throw new QkdError('kme-unreachable', 'KME kme1: no connection');
};
const refuses = kme(new QkdError('kme-refused-us', 'KME kme1: unknown ca'));
const accepts = kme('accepts');

const ports = (now: number, askKmes: readonly KmeQuestion[]): RenewalPorts => ({ now: () => now, log: noLog, settings, known: () => knownAuthorities(folder), authorities: async () => authorities, askKmes });

/** Lays a pair by one of the CAs with so many days left at `now`. */
async function lay(place: number, now: number, days: number): Promise<void> {
  const authority = authorities[place] ?? authorities[0];
  const made = await makeClient('mx1', authority, { ...settings, lifetimeDays: days + 100, minValidDays: 1 }, now - 100 * DAY);
  writeFileSync(subject.files.certificateFile, made.certificate);
  writeFileSync(subject.files.keyFile, made.key.revealBytes(), { mode: 0o600 });
}

describe('a renewal while the old CA can still sign', () => {
  const now = start + (CA_DAYS - 60) * DAY;
  it.each<[string, readonly KmeQuestion[], string, RegExp | undefined]>([
    ['the KME accepts the new CA', [accepts], 'new', undefined],
    ['the KME accepts it, and has no keys now', [kme(new QkdError('kme-unavailable', 'no keys'))], 'new', undefined],
    ['the KME refuses it', [refuses], 'old', /give the KME's operator the new CA \(qkd-macsec certs export\)/],
    ['one of two KMEs refuses it', [accepts, refuses], 'old', /give the KME's operator/],
    ['one of two KMEs cannot be reached', [accepts, silent], 'old', /see that the KME can be reached/],
    ['no KME can be reached', [silent], 'old', /see that the KME can be reached/],
    ['there is no KME to ask', [], 'old', /see that the KME can be reached/],
  ])('%s', async (_name, askKmes, signedBy, hint) => {
    await lay(OLD, now, 5);
    const { notByNewest, inspection }: Renewal = await renew(subject, ports(now, askKmes));
    expect([inService(), inspection.verdict.state]).toEqual([signedBy, 'valid']);
    expect(notByNewest?.hint).toEqual(hint === undefined ? undefined : expect.stringMatching(hint));
  });

  it('with nothing in service, and no KME that answers, takes the CA that the KMEs know the longest', async () => {
    await renew(subject, ports(now, [silent]));
    expect(inService()).toBe('old');
  });

  it('never goes back from the new CA to the old because a KME is silent', async () => {
    await lay(NEW, start + (CA_DAYS + 20) * DAY, 5);
    await renew(subject, ports(now, [silent]));
    expect(inService()).toBe('new');
  });
});

describe('a renewal when the old CA can sign no more', () => {
  const now = start + (CA_DAYS - 5) * DAY;
  it('keeps the old certificate as long as it lasts when the KME refuses the new one, and says what to do', async () => {
    await lay(OLD, now, 5);
    const before = readFileSync(subject.files.certificateFile);
    await expect(renew(subject, ports(now, [refuses]))).rejects.toMatchObject({ code: 'kme-refused-us', hint: expect.stringMatching(/give the KME's operator the new CA/) });
    expect(readFileSync(subject.files.certificateFile).equals(before)).toBe(true);
  });

  it('takes the new one when the old has ended', async () => {
    await lay(OLD, now, -1);
    await renew(subject, ports(now, [refuses]));
    expect(inService()).toBe('new');
  });

  it('takes the new one when one KME accepts it and the other is silent', async () => {
    await lay(OLD, now, 5);
    await renew(subject, ports(now, [accepts, silent]));
    expect(inService()).toBe('new');
  });

  it('takes the new one on the last day when no KME can be asked', async () => {
    await lay(OLD, now, 2);
    await expect(renew(subject, ports(now, [silent]))).rejects.toMatchObject({ code: 'kme-unreachable' });
    await renew(subject, ports(now + 1.5 * DAY, [silent]));
    expect(inService()).toBe('new');
  });
});

describe('a certificate that is in order', () => {
  const now = start + (CA_DAYS - 60) * DAY;
  it('moves over to the new CA when the KME accepts it, and not before', async () => {
    await lay(OLD, now, 50);
    const move = async (askKmes: readonly KmeQuestion[]) => moveToNewest(subject, ports(now, askKmes), await inspectService(subject, ports(now, askKmes)));
    expect([await move([refuses]), inService()]).toEqual([expect.objectContaining({ code: 'kme-refused-us' }), 'old']);
    expect([await move([silent]), inService()]).toEqual([expect.objectContaining({ code: 'kme-unreachable' }), 'old']);
    expect([await move([accepts]), inService()]).toEqual([expect.objectContaining({ verdict: expect.objectContaining({ state: 'valid' }) }), 'new']);
    expect(await move([refuses])).toBeUndefined();
  });
});

it('a pair that somebody else removes as soon as it is in service is no renewal', async () => {
  let looks = 0;
  const given = ports(start + (CA_DAYS - 99) * DAY, [accepts]);
  const known = (): ReturnType<RenewalPorts['known']> => {
    if (++looks === 3) rmSync(subject.files.certificateFile);
    return given.known();
  };
  await expect(renew(subject, { ...given, known, authorities: async () => [authorities[0]] })).rejects.toThrow(/swapped in, and changed by someone else at once: \S+ does not exist/);
  expect(looks).toBe(3);
});
