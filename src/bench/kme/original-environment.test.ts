// What the ETSI-014 reference implementation needs to start in place of a bench KME, as its source reads it: seven variables,
// certificates and a key as PEM, the SAEs' CA first in root.crt, clients with a common name and an alternative name.

import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePki, type Pki } from '../pki/pki.ts';
import { databaseOf, writeEnvironments, writeOriginalNames } from './original-environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-environment-'));
const certificates = join(folder, 'pki');
let pki: Pki;
let blocks: Map<string, string>[];

beforeAll(async () => {
  pki = await makePki(certificates, { kmes: ['kme1', 'kme2'], saes: ['mx1', 'mx 2'] });
  await writeOriginalNames(certificates, [...pki.kmes.values()], pki);
  const files = await writeEnvironments(folder, { certificates, kmes: [8443, 8444].map((port) => ({ host: '127.0.0.1', port })), database: databaseOf(undefined) });
  blocks = files.map((file) => new Map(readFileSync(file, 'utf8').split('\n').filter((line) => /^[A-Z]/.test(line)).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (block: Map<string, string> | undefined, name: string): string => block?.get(`ETSI_014_REF_IMPL_${name}`) ?? '';

it('every variable that it insists on, numbers where it wants numbers, files where it wants files', () => {
  expect(blocks.map((block) => [read(block, 'IP_ADDR'), read(block, 'PORT_NUM'), read(block, 'NUM_WORKER_THREADS')])).toEqual([['127.0.0.1', '8443', '2'], ['127.0.0.1', '8444', '2']]);
  for (const block of blocks) {
    const url = 'postgres://db_user:db_password@127.0.0.1:5432/key_store';
    expect([read(block, 'DB_URL'), block.get('DATABASE_URL')]).toEqual([url, url]);
    const server = new X509Certificate(readFileSync(read(block, 'TLS_CERT')));
    expect(server.verify(pki.kmeCa.certificate.publicKey)).toBe(true);
    expect(readFileSync(read(block, 'TLS_PRIVATE_KEY'), 'utf8').startsWith('-----BEGIN ' + 'PRIVATE KEY-----\n')).toBe(true);
    expect(statSync(read(block, 'TLS_PRIVATE_KEY')).mode & 0o777).toBe(0o600);
  }
});

it('the first certificate of root.crt, the only one that it reads, is the CA of the SAEs', () => {
  const first = new X509Certificate(readFileSync(read(blocks[0], 'TLS_ROOT_CRT')));
  expect(first.raw.equals(pki.clientCa.certificate.raw)).toBe(true);
  expect(readFileSync(read(blocks[0], 'TLS_ROOT_CRT'), 'utf8').match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
});

it.each([
  ['mx1', 'DNS:mx1, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1'],
  ['mx 2', 'IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1'],
])('SAE %s has its ID as common name, and the alternative names without which it is answered 500', (saeId, names) => {
  const client = new X509Certificate(readFileSync(pki.saes.get(saeId)?.certificateFile ?? ''));
  expect([client.subject, client.subjectAltName, client.verify(pki.clientCa.certificate.publicKey)]).toEqual([`CN=${saeId}`, names, true]);
});
