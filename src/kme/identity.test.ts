// Whom we talk to, and how: names and pins of the KME, TLS versions, the environment. Row ids are those of the
// conformance table; certificates that are wrong in other ways are in client.test.ts and https-exchange.test.ts.

import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PairFiles } from '../bench/pki/pki.ts';
import type { KmeSettings } from '../inventory/inventory.ts';
import type { KmeKey } from '../workflow/ports.ts';
import { refusal } from './test-refusal.ts';
import { container, scriptedBed } from './test-scripted-kme.ts';
import type { ScriptedBed, ScriptedKme } from './test-scripted-kme.ts';
import { endpoint } from './test-settings.ts';

let bed: ScriptedBed;
beforeAll(async () => {
  bed = await scriptedBed();
});
afterAll(() => bed.close());

async function kmeWith(server?: PairFiles, tls?: Parameters<ScriptedBed['kme']>[1]): Promise<ScriptedKme> {
  const kme = await bed.kme(server, tls);
  kme.say({ body: container() });
  return kme;
}

const draw = (kme: ScriptedKme, more: Partial<KmeSettings> = {}, at: { url?: string; serverName?: string; deadline?: number } = {}): Promise<KmeKey[]> =>
  bed.client([endpoint(at.url ?? kme.url, { serverName: at.serverName, address: '127.0.0.1' })], more, { deadline: at.deadline ?? 30 }).encKeys({ slaveSaeId: 'peer', number: 1, size: 256 });

function pinOf({ certificateFile }: PairFiles): string {
  const key = new X509Certificate(readFileSync(certificateFile)).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}

describe('names', () => {
  it('C55 an address that the certificate does not have, though it has a name', async () => {
    const kme = await kmeWith(await bed.pki.issue(bed.pki.kmeCa, { file: 'name-only', kind: 'server', commonName: 'kme', alternativeNames: { dns: ['kme.example'] } }));
    expect(await refusal(draw(kme))).toMatchObject({ code: 'kme-identity', message: expect.stringContaining('is for DNS:kme.example, not for 127.0.0.1') as string });
    expect(await draw(kme, {}, { serverName: 'kme.example' })).toHaveLength(1);
  });

  it("C56 another KME's certificate of the same CA", async () => {
    const [mine, others] = await Promise.all(['kme-1', 'kme-2'].map((name) => bed.pki.issue(bed.pki.kmeCa, { file: name, kind: 'server', commonName: name, alternativeNames: { dns: [`${name}.example`] } })));
    expect(await draw(await kmeWith(mine), {}, { serverName: 'kme-1.example' })).toHaveLength(1);
    expect(await refusal(draw(await kmeWith(others), {}, { serverName: 'kme-1.example' }))).toMatchObject({ code: 'kme-identity', message: expect.stringContaining('not for kme-1.example') as string });
  });
});

describe('C56 pinned public keys', () => {
  it.each<['rsa' | 'ec' | 'ed25519']>([['rsa'], ['ec'], ['ed25519']])('%s: one of the pins fits', async (keyKind) => {
    const files = await bed.pki.issue(bed.pki.kmeCa, { file: `pin-${keyKind}`, kind: 'server', commonName: 'kme', alternativeNames: { ip: ['127.0.0.1'] }, keyKind });
    expect(await draw(await kmeWith(files), { spki: [pinOf(bed.sae), pinOf(files)] })).toHaveLength(1);
  });

  it('none fits: nothing is sent', async () => {
    const kme = await kmeWith();
    const { pki, sae } = bed;
    const found = await refusal(draw(kme, { spki: [pinOf(sae)] }));
    expect(found).toMatchObject({ code: 'kme-identity', message: expect.stringContaining(`sha256/${pinOf(pki.kmes.get('kme')!)}, which is not one of spki`) as string });
    expect(kme.requests).toEqual([]);
  });

  it('a pin replaces neither the CA nor the name', async () => {
    const files = await bed.pki.issue(bed.pki.clientCa, { file: 'pinned-foreign', kind: 'server', commonName: 'kme', alternativeNames: { ip: ['127.0.0.1'] } });
    expect((await refusal(draw(await kmeWith(files), { spki: [pinOf(files)] }))).code).toBe('kme-identity');
    const kme = await kmeWith();
    expect((await refusal(draw(kme, { spki: [pinOf(bed.pki.kmes.get('kme')!)] }, { serverName: 'kme9' }))).code).toBe('kme-identity');
  });
});

describe('TLS', () => {
  it('C15 1.3 only, where the inventory wants it', async () => {
    expect(await draw(await kmeWith(undefined, { minVersion: 'TLSv1.3' }), { minTls: '1.3' })).toHaveLength(1);
    expect(await refusal(draw(await kmeWith(undefined, { maxVersion: 'TLSv1.2' }), { minTls: '1.3' }, { deadline: 0.3 }))).toMatchObject({ code: 'kme-unreachable' });
  });

  it.each(['ECDHE-RSA-NULL-SHA:ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0', 'AECDH-NULL-SHA:AECDH-AES256-SHA:@SECLEVEL=0', 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0'])('C59 %s only: refused', async (ciphers) => {
    expect(await refusal(draw(await kmeWith(undefined, { maxVersion: 'TLSv1.2', ciphers }), {}, { deadline: 0.3 }))).toMatchObject({ code: 'kme-unreachable' });
  });
});

describe('C60 the environment', () => {
  const set: Record<string, string> = { NODE_TLS_REJECT_UNAUTHORIZED: '0', HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1', ALL_PROXY: 'http://127.0.0.1:1', NODE_USE_ENV_PROXY: '1', SSL_CERT_FILE: '/dev/null' };
  const before = Object.fromEntries(Object.keys(set).map((name) => [name, process.env[name]]));
  beforeAll(() => void Object.assign(process.env, set));
  afterAll(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('neither sends us to a proxy nor spares the KME its check', async () => {
    const kme = await kmeWith();
    expect(await draw(kme)).toHaveLength(1);
    expect((await refusal(draw(kme, { caFile: bed.pki.clientCa.certificateFile }))).code).toBe('kme-identity');
  });
});
