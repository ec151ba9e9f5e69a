import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as httpServer } from 'node:http';
import { createServer as httpsServer } from 'node:https';
import { type Server, type Socket, createServer as tcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable, pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeArtifact } from '../../../build/artifact.ts';
import type { Fault } from '../kme/faults.ts';
import type { PairFiles } from '../pki/pki.ts';
import { type Variants, clientVariants, serverVariants } from '../pki/wrong-certificates.ts';
import { type Bed, type InventoryJson, complaint, converge, startBed } from './artifact-bed.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** With this, every scenario is followed by a good run; else every group is. */
const THOROUGH = process.env['CI'] !== undefined || process.env['SLOW'] !== undefined;

let bed: Bed;
let kmeCertificates: Variants & { readonly commonNameOnly: PairFiles };
let ownCertificates: Variants;
const servers: { server: Server; sockets: Set<Socket> }[] = [];

beforeAll(async () => {
  const { code } = await makeArtifact({ root: ROOT, entry: 'src/main.ts', version: '0.0.0', commit: 'bed' });
  bed = await startBed(code);
  kmeCertificates = await serverVariants(bed.lab.pki);
  ownCertificates = await clientVariants(bed.lab.pki, 'mx1');
  await rotate();
}, 60_000);

afterEach(async () => {
  for (const kme of bed.lab.kmes.kmes) {
    await kme.faults.clear();
    kme.present(bed.lab.pki.kmes.get(kme.name) as PairFiles);
  }
  installOwn(bed.lab.pki.saes.get('mx1') as PairFiles);
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
  if (THOROUGH) await rotate();
});

afterAll(() => bed.close());

async function rotate(): Promise<void> {
  await converge(bed);
}

/** Runs the master, which must fail in one clear line and change nothing. */
async function fails(change?: (inventory: InventoryJson) => void): Promise<string> {
  const before = [bed.state('mx1'), bed.state('mx2')];
  const run = await bed.run('mx1', change === undefined ? {} : { change });
  const { error, hint } = complaint(run);
  expect(run.status).toBe(1);
  expect(run.links.map((link) => [link.outcome, link.error?.message])).toEqual([['failed', error]]);
  expect([bed.state('mx1'), bed.state('mx2')]).toEqual(before);
  return `${error} | ${hint}`;
}

// The servers of one scenario; `afterEach` ends them.
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
  });
  servers.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const at = (url: string) => (inventory: InventoryJson): void => {
  inventory.devices.mx1.kme['url'] = url;
  inventory.system.kme = { attempt_timeout: 0.5, deadline: 0.8 };
};
const hurried = (inventory: InventoryJson): void => void (inventory.system.kme = { attempt_timeout: 0.5, deadline: 0.8 });
const faulty = (fault: Fault): void => bed.lab.kmes.kme('kme1').faults.set(fault);
const answers = (status: number, body: string, more: { contentType?: string; headers?: Record<string, string> } = {}): void =>
  faulty({ fault: 'answer', times: 'always', status, body, ...more });
const keys = (...list: object[]): string => JSON.stringify({ keys: list });
const KEY_ID = '00000001-0000-4000-8000-000000000000';
const base64 = (length: number, byte = 5): string => Buffer.alloc(length, byte).toString('base64');

// The short time-outs may strike elsewhere on a machine that is busy: such a run is repeated.
describe('a KME that cannot be reached', { retry: 2 }, () => {
  const closed = async (): Promise<number> => {
    const port = await listen(tcpServer());
    await new Promise((resolve) => servers.pop()?.server.close(resolve));
    return port;
  };
  it.each<[string, () => Promise<string>, RegExp]>([
    ['port closed', async () => `https://127.0.0.1:${await closed()}`, /^KME 127.0.0.1:\d+: enc_keys: connection refused.* \| check the KME address/],
    ['no such host', async () => 'https://kme.invalid:8443', /^KME kme.invalid:8443: enc_keys: the name of the KME cannot be resolved.* \| check the KME url/],
    ['silent', async () => `https://127.0.0.1:${await listen(tcpServer())}`, /no TLS connection within 0.5 s \| check the KME address/],
    ['closes at once', async () => `https://127.0.0.1:${await listen(tcpServer((socket) => socket.destroy()))}`, /connection closed during the TLS handshake/],
    ['speaks SSH', async () => `https://127.0.0.1:${await listen(tcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')))}`, /no TLS at this address.* \| check the port in the KME url/],
    ['speaks plain HTTP', async () => `https://127.0.0.1:${await listen(httpServer((_request, response) => response.end()))}`, /no TLS at this address/],
  ])('%s', async (_name, url, expected) => {
    expect(await fails(at(await url()))).toMatch(expected);
  });
  it('and the next run succeeds', rotate);
});

describe('a KME that is slow', { retry: 2 }, () => {
  it.each<[string, Fault]>([
    ['never answers', { fault: 'hang' }],
    ['answers too late', { fault: 'slow', milliseconds: 2000 }],
    ['drips', { fault: 'drip', milliseconds: 50 }],
  ])('%s', async (_name, fault) => {
    faulty(fault);
    expect(await fails(hurried)).toMatch(/enc_keys: no complete answer within 0.5 s \| check the load of the KME, or raise system.kme.attempt_timeout in the inventory$/);
  });
  it('and the next run succeeds', rotate);
});

describe("the KME's certificate", () => {
  it.each<[keyof typeof kmeCertificates, RegExp]>([
    ['otherCa', /issuer of the KME certificate is neither in ca_file nor sent by the KME \| check ca_file/],
    ['selfSigned', /self-signed and not in ca_file/],
    ['missingIntermediate', /neither in ca_file nor sent/],
    ['otherName', /the KME certificate is for DNS:elsewhere.example, not for 127.0.0.1 \| check url and server_name/],
    ['expired', /the KME certificate has expired/],
    ['notYetValid', /not yet valid \| check this machine's clock/],
    ['otherPurpose', /not for a TLS server/],
    ['commonNameOnly', /has no subject alternative name/],
  ])('%s', async (variant, expected) => {
    bed.lab.kmes.kme('kme1').present(kmeCertificates[variant]);
    expect(await fails()).toMatch(expected);
  });
  it('and the next run succeeds', rotate);
});

describe('a KME that refuses us or cannot serve', { retry: 2 }, () => {
  it.each<[string, () => void, RegExp]>([
    ['our certificate in TLS', () => faulty({ fault: 'refuse-certificate' }), /the KME (?:refuses our certificate|does not know the CA|closes every connection after the handshake).* \| check that the KME trusts the CA of our client certificate/],
    ['401', () => answers(401, ''), /401 unauthorized \| check that the KME knows our SAE ID/],
    ['403 with control characters', () => answers(403, '{"message":"SAE \\u001b[31mnot\\nallowed"}'), /403 forbidden: SAE not allowed \|/],
    ['400', () => answers(400, '{"message":"size not supported"}'), /400 bad request: size not supported \| check the SAE IDs and the key size/],
    ['503 as HTML', () => answers(503, '<title>Busy</title>', { contentType: 'text/html' }), /503 service unavailable: a page of HTML: Busy.* \| check the stock/],
    ['503 until tomorrow', () => answers(503, '', { headers: { 'Retry-After': '86400' } }), /503 service unavailable \|/],
    ['no stock', () => faulty({ fault: 'stock-empty', times: 'always' }), /503 service unavailable: not enough keys available/],
    ['500', () => answers(500, 'boom'), /500 internal server error: boom \(2 attempts\) \| read the log of the KME/],
    ['404', () => answers(404, '<h1>no</h1>', { contentType: 'text/html' }), /404 not found: a page of HTML \| check the KME url/],
    ['a redirect', () => answers(302, '', { headers: { Location: 'https://elsewhere/' } }), /302 found \| correct the KME url: redirects are not followed/],
  ])('%s', async (_name, arm, expected) => {
    arm();
    expect(await fails(hurried)).toMatch(expected);
  });
  it('and the next run succeeds', rotate);
});

describe('a KME that answers nonsense', () => {
  it.each<[string, () => void, RegExp]>([
    ['nothing', () => answers(200, ''), /empty body/],
    ['204', () => answers(204, ''), /204 no content/],
    ['HTML', () => faulty({ fault: 'html' }), /text\/html instead of JSON/],
    ['half a document', () => faulty({ fault: 'garbage' }), /not JSON: line 1, column \d+: /],
    ['no JSON', () => answers(200, 'hello'), /not JSON: line 1, column 1: expected a value \|/],
    ['no key', () => answers(200, keys()), /the KME returned no key/],
    ['two keys', () => answers(200, keys({ key_ID: KEY_ID, key: base64(32) }, { key_ID: `1${KEY_ID.slice(1)}`, key: base64(32, 6) })), /2 keys instead of 1/],
    ['the same key twice', () => faulty({ fault: 'duplicate-key' }), /2 keys instead of 1/],
    ['a short key', () => faulty({ fault: 'key-length', bytes: 31 }), /has 248 bits instead of 256/],
    ['a long key', () => faulty({ fault: 'key-length', bytes: 128 }), /has 1024 bits instead of 256/],
    ['zeros', () => answers(200, keys({ key_ID: KEY_ID, key: base64(32, 0) })), /consists of zeros only/],
    ['an ID that is a path', () => answers(200, keys({ key_ID: '../../x', key: base64(32) })), /key 1 has no usable key_ID/],
    ['the URL alphabet', () => answers(200, keys({ key_ID: KEY_ID, key: '-_'.repeat(21) + 'A=' })), /not canonical base64/],
    ['gzip', () => answers(200, 'x', { headers: { 'Content-Encoding': 'gzip' } }), /content encoding gzip/],
    ['a hundred megabytes announced', () => answers(200, '', { headers: { 'Content-Length': '104857600' } }), /larger than 65536 bytes/],
  ])('%s', async (_name, arm, expected) => {
    arm();
    expect(await fails()).toMatch(expected);
  });

  it('a hundred megabytes sent', async () => {
    const { certificateFile, keyFile } = bed.lab.pki.kmes.get('kme1') as PairFiles;
    const server = httpsServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) }, (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      pipeline(Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(1_000_000, ' '))), response, () => undefined);
    });
    const url = `https://127.0.0.1:${await listen(server)}`;
    expect(await fails((inventory) => void (inventory.devices.mx1.kme['url'] = url))).toMatch(/larger than 65536 bytes/);
  });
  it('and the next run succeeds', rotate);
});

function ownFile(name: string): string {
  return join(bed.site('mx1').home, 'certs', name);
}

function installOwn({ certificateFile, keyFile }: PairFiles): void {
  for (const name of ['mx1.crt', 'mx1.key']) rmSync(ownFile(name), { recursive: true, force: true });
  copyFileSync(certificateFile, ownFile('mx1.crt'));
  writeFileSync(ownFile('mx1.key'), readFileSync(keyFile), { mode: 0o600 });
}

describe('our own certificate', () => {
  const own = (name: keyof Variants) => (): void => installOwn(ownCertificates[name]);
  const openssl = (...words: string[]): void => void execFileSync('openssl', words, { stdio: 'ignore' });
  it.each<[string, () => void, RegExp]>([
    ['missing', () => rmSync(ownFile('mx1.crt')), /^certificates for KME 127.0.0.1:\d+: \S+mx1.crt does not exist \(client certificate\) \| check the path in the inventory$/],
    ['a folder', () => (rmSync(ownFile('mx1.crt')), mkdirSync(ownFile('mx1.crt'))), /is not a file|EISDIR/],
    ['expired', own('expired'), /mx1.crt expired on 20\S+Z \| issue a new client certificate$/],
    ['not yet valid', own('notYetValid'), /mx1.crt is not valid before 20\S+Z \| check this machine's clock$/],
    ['of another CA', own('otherCa'), /^KME .*(?:refuses our certificate|does not know the CA)/],
    ['of another SAE', () => installOwn(bed.lab.pki.saes.get('mx2') as PairFiles), /401 unauthorized/],
    ["with another's key", () => copyFileSync((bed.lab.pki.saes.get('mx2') as PairFiles).keyFile, ownFile('mx1.key')), /mx1.key does not belong to the certificate \S+mx1.crt/],
    ['with an encrypted key', () => openssl('pkcs8', '-topk8', '-in', (bed.lab.pki.saes.get('mx1') as PairFiles).keyFile, '-out', ownFile('mx1.key'), '-passout', 'pass:abcd'), /encrypted with a passphrase \| store the key without one/],
    ['in DER', () => openssl('x509', '-outform', 'der', '-in', (bed.lab.pki.saes.get('mx1') as PairFiles).certificateFile, '-out', ownFile('mx1.crt')), /is DER or PKCS#12, not PEM \| convert it/],
  ])('%s', async (_name, spoil, expected) => {
    spoil();
    expect(await fails()).toMatch(expected);
  });

  it('with a key that everybody can read: exit 2, before anything else', async () => {
    chmodSync(ownFile('mx1.key'), 0o644);
    const before = bed.state('mx1');
    const run = await bed.run('mx1');
    expect(run.status).toBe(2);
    expect(complaint(run)).toMatchObject({ error: expect.stringMatching(/mx1.key is open to group or others \(mode 0644\)$/) as string, hint: expect.stringContaining('chmod 600') as string });
    expect(bed.state('mx1')).toBe(before);
  });
  it('and the next run succeeds', rotate);
});
