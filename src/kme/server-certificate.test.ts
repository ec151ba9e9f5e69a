// The certificate that doctor looks at is judged as a call would judge it. Row ids are those of the conformance table.

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serverVariants } from '../bench/pki/wrong-certificates.ts';
import type { KmeEndpoint } from '../inventory/inventory.ts';
import { serverCertificate } from './server-certificate.ts';
import { refusal } from './test-refusal.ts';
import { type ScriptedBed, scriptedBed } from './test-scripted-kme.ts';
import { endpoint, kmeSettings } from './test-settings.ts';

let bed: ScriptedBed;
let variants: Awaited<ReturnType<typeof serverVariants>>;
beforeAll(async () => {
  bed = await scriptedBed();
  variants = await serverVariants(bed.pki);
});
afterAll(() => bed.close());

type Variant = keyof Awaited<ReturnType<typeof serverVariants>>;

it.each<[string, Variant | undefined, { spki?: string[]; host?: string; at?: Partial<KmeEndpoint> }, RegExp | undefined]>([
  ['the right one', undefined, {}, undefined],
  ['C13 with an intermediate', 'chained', {}, undefined],
  ['by the name of the url, at another address', undefined, { host: 'localhost', at: { address: '127.0.0.1' } }, undefined],
  ['C55 with a common name only, though it is the right one', 'commonNameOnly', { host: 'localhost' }, /^the KME certificate has no subject alternative name$/],
  ['C55 C56 for another name', 'otherName', { host: 'localhost' }, /is for DNS:elsewhere.example, not for localhost$/],
  ['C55 for the address that we connect to, not for the one of the url', undefined, { host: '192.0.2.1', at: { address: '127.0.0.1' } }, /not for 192.0.2.1$/],
  ['C55 expired', 'expired', {}, /^CERT_HAS_EXPIRED$/],
  ['C55 of another CA', 'otherCa', {}, /^UNABLE_TO_VERIFY_LEAF_SIGNATURE$/],
  ['C56 with another public key than the pinned one', undefined, { spki: [`${'A'.repeat(43)}=`] }, /which is not one of spki$/],
])('%s', async (_name, variant, { spki = [], host = '127.0.0.1', at = {} }, mistrust) => {
  const kme = await bed.kme(variant === undefined ? undefined : variants[variant]);
  const here = { ...endpoint(kme.url.replace('127.0.0.1', host)), ...at };
  const settings = kmeSettings([here], { caFile: bed.pki.kmeCa.certificateFile, ...bed.sae }, { spki });
  const shown = await serverCertificate(settings, here, 20);
  if (mistrust === undefined) expect(shown.mistrust).toBeUndefined();
  else expect(shown.mistrust).toMatch(mistrust);
  expect(kme.requests).toEqual([]);
});

it('C53 a handshake that stalls ends in time', async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const here = endpoint(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const settings = kmeSettings([here], { caFile: bed.pki.kmeCa.certificateFile, ...bed.sae });
  expect(await refusal(serverCertificate(settings, here, 0.2))).toMatchObject({ code: 'kme-unreachable', message: expect.stringContaining('no TLS handshake within 0.2 s') as string });
  silent.close();
});
