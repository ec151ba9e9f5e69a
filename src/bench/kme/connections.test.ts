// Connections of a bench KME: who may call, TLS versions and resumption, bounds against slow, large and many clients.
// Row ids are those of the table for KME simulators.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePki, type PairFiles, type Pki } from '../pki/pki.ts';
import { plainRequest, tlsOf } from './plain-request.ts';
import type { PlainAnswer, PlainRequest } from './plain-request.ts';
import { type KmePair, startKmePair } from './start-kme-pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-kme-connections-'));
const PATIENCE = 1000;
const MOST = 100;
let pki: Pki;
let pair: KmePair;
let clock = Date.now;

beforeAll(async () => {
  pki = await makePki(folder, { kmes: ['a', 'b'], saes: ['m', 's', 'a/b'] });
  const own = { patience: PATIENCE, maxConnections: MOST };
  pair = await startKmePair({ pki, store: { now: () => clock() }, kmes: [{ name: 'a', saeIds: ['m', 'a/b', 'm2'], ...own }, { name: 'b', saeIds: ['s'], ...own }] });
});
afterAll(async () => {
  await pair.close();
  rmSync(folder, { recursive: true, force: true });
});

function ask(path: string, given: PlainRequest = {}): Promise<PlainAnswer> {
  return plainRequest({ port: pair.kme('a').port, caFile: pki.kmeCa.certificateFile, pair: pki.saes.get('m')!, path: `/api/v1/keys/${path}`, ...given });
}

function tlsOptions(more: Partial<ConnectionOptions> = {}): ConnectionOptions {
  return { host: '127.0.0.1', port: pair.kme('a').port, ...tlsOf(pki.saes.get('m')!, pki.kmeCa.certificateFile), ...more };
}

function said(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0 || process.env['CI'] !== undefined;

describe.skipIf(!hasOpenssl)('certificates that openssl makes', () => {
  function issued(file: string, subject: string): PairFiles {
    const [keyFile, request, certificateFile] = ['key', 'csr', 'crt'].map((end) => join(folder, `${file}.${end}`)) as [string, string, string];
    const extensions = join(folder, `${file}.cnf`);
    writeFileSync(extensions, 'basicConstraints=critical,CA:FALSE\nextendedKeyUsage=clientAuth\n');
    const { certificateFile: ca, keyFile: caKey } = pki.clientCa;
    execFileSync('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', subject, '-keyout', keyFile, '-out', request], { stdio: 'pipe' });
    execFileSync('openssl', ['x509', '-req', '-in', request, '-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', '2', '-extfile', extensions, '-out', certificateFile], { stdio: 'pipe' });
    return { certificateFile, keyFile };
  }

  it.each<[string, string, number]>([
    ['one common name', '/CN=m', 200],
    ['no common name', '/O=m', 401],
    ['two common names, the right one first', '/CN=m/CN=m2', 401],
    ['two common names, the right one last', '/CN=m2/CN=m', 401],
    ['the name in another field', '/O=m/OU=m/CN=else', 401],
    ['a name with a slash that looks like another field', '/CN=else\\/CN=m', 401],
    ['another letter case', '/CN=M', 401],
    ['a space at the end', '/CN=m ', 401],
  ])('K17 %s', async (name, subject, status) => {
    const answer = await ask('s/enc_keys', { pair: issued(name.replaceAll(/\W/g, '-'), subject) });
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.text).toBe('');
  });
});

it('K17 an SAE ID with a slash is one like any other', async () => {
  const { status, json } = await ask('s/enc_keys', { pair: pki.saes.get('a/b')! });
  expect(status).toBe(200);
  const fetch = (master: string): Promise<PlainAnswer> => plainRequest({ port: pair.kme('b').port, caFile: pki.kmeCa.certificateFile, pair: pki.saes.get('s')!, path: `/api/v1/keys/${master}/dec_keys?key_ID=${json.keys![0]!.key_ID}` });
  expect((await fetch('a/b')).status).toBe(404);
  expect((await fetch('a%2fb')).status).toBe(200);
});

describe('K19 resumed TLS sessions', () => {
  /** A session of SAE m with a ticket. */
  async function session(version: 'TLSv1.2' | 'TLSv1.3'): Promise<Buffer> {
    const socket = connect(tlsOptions({ minVersion: version, maxVersion: version }));
    const ticket = new Promise<Buffer>((resolve) => socket.on('session', resolve));
    const end = said(socket);
    socket.write('GET /api/v1/keys/s/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await end;
    return ticket;
  }

  async function resumed(ticket: Buffer, version: 'TLSv1.2' | 'TLSv1.3', own: Partial<ConnectionOptions> = {}): Promise<string> {
    const socket: TLSSocket = connect(tlsOptions({ minVersion: version, maxVersion: version, session: ticket, ...own }));
    const reused = new Promise<boolean>((resolve) => socket.once('secureConnect', () => resolve(socket.isSessionReused())));
    const text = said(socket);
    socket.write('GET /api/v1/keys/s/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const answer = await text;
    return `${answer === '' ? 'closed' : answer.split('\r\n')[0]} ${/"master_SAE_ID":"([^"]*)"/.exec(answer)?.[1] ?? '-'} ${answer !== '' && (await reused) ? 'resumed' : 'full'}`;
  }

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('%s: the SAE is that of the session, until its certificate has ended', async (version) => {
    const ticket = await session(version);
    // Another certificate than the one the session was made with does not count.
    expect(await resumed(ticket, version, tlsOf(pki.saes.get('a/b')!, pki.kmeCa.certificateFile))).toBe('HTTP/1.1 200 OK m resumed');
    clock = () => Date.now() + 400 * 86_400_000;
    try {
      expect(await resumed(ticket, version)).toBe('HTTP/1.1 401 Unauthorized - resumed');
    } finally {
      clock = Date.now;
    }
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('%s: none goes on when the CA is trusted no more', async (version) => {
    const ticket = await session(version);
    const id = await pair.kme('a').faults.add({ fault: 'refuse-certificate' });
    expect(await resumed(ticket, version)).toMatch(/^closed/);
    await pair.kme('a').faults.clear(id);
  });
});

describe('K25 bounds', () => {
  it('64 KiB of body are read, more are not', async () => {
    const padded = (length: number): string => `{"number":1${' '.repeat(length - 12)}}`;
    expect((await ask('s/enc_keys', { body: padded(64 * 1024) })).status).toBe(200);
    expect((await ask('s/enc_keys', { body: padded(64 * 1024 + 1) })).status).toBe(413);
  });

  it('a body without end is not read on', async () => {
    const socket = connect(tlsOptions());
    const end = said(socket);
    socket.write('POST /api/v1/keys/s/enc_keys HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    let sent = 0;
    const more = (): void => {
      while (!socket.destroyed && sent < 64 * chunk.length && socket.write(chunk)) sent += chunk.length;
      if (!socket.destroyed && sent < 64 * chunk.length) socket.once('drain', more);
    };
    more();
    expect(await end).toMatch(/^HTTP\/1\.1 413 |^$/);
    expect(sent).toBeLessThan(64 * chunk.length);
  });

  it.each([
    ['headers that stop', 'GET /api/v1/keys/s/status HTTP/1.1\r\nHost'],
    ['a body that stops', 'POST /api/v1/keys/s/enc_keys HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{'],
  ])('a slow request is answered 408: %s', async (_name, text) => {
    const delivered = pair.deliveredCount();
    const socket = connect(tlsOptions());
    socket.write(text);
    expect(await said(socket)).toMatch(/^HTTP\/1\.1 408 /);
    expect(pair.deliveredCount()).toBe(delivered);
  });

  it('headers of 20 KB are refused', async () => {
    const socket = connect(tlsOptions());
    socket.write(`GET /api/v1/keys/s/status HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(await said(socket)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('1000 idle connections: the KME keeps some, ends them in time, and serves on', async () => {
    const ends: Promise<string>[] = [];
    for (let count = 0; count < 1000; count++) ends.push(said(connectTcp(pair.kme('a').port, '127.0.0.1')));
    await Promise.all(ends);
    expect((await ask('s/status')).status).toBe(200);
  });
});

it('K22 a client that leaves after its request has used the key up', async () => {
  const before = pair.deliveredCount();
  pair.kme('a').faults.set({ fault: 'slow', milliseconds: 50, call: 'enc_keys' });
  const socket = connect(tlsOptions());
  const end = said(socket);
  socket.write('GET /api/v1/keys/s/enc_keys HTTP/1.1\r\nHost: x\r\n\r\n');
  while (pair.deliveredCount() === before) await new Promise((resolve) => setTimeout(resolve, 5));
  socket.destroy();
  expect(await end).toBe('');
  expect(pair.deliveredCount()).toBe(before + 1);
});

it('K24 every answer forbids caching and names its type, and the access log holds no key', async () => {
  const lines: string[] = [];
  const logged = await startKmePair({ pki, kmes: [{ name: 'a', saeIds: ['m'], log: (line) => lines.push(line) }, { name: 'b', saeIds: ['s'], log: (line) => lines.push(line) }] });
  const at = (kme: 'a' | 'b', sae: string, path: string): Promise<PlainAnswer> => plainRequest({ port: logged.kme(kme).port, caFile: pki.kmeCa.certificateFile, pair: pki.saes.get(sae)!, path: `/api/v1/keys/${path}` });
  const drawn = await at('a', 'm', 's/enc_keys?size=256');
  const { key_ID: id, key } = drawn.json.keys![0]!;
  const answers = [drawn, await at('b', 's', `m/dec_keys?key_ID=${id}`), await at('b', 's', `m/dec_keys?key_ID=${id}`), await at('a', 'm', 's/status'), await at('a', 'm', 's/else')];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 200, 404]);
  for (const { headers } of answers) expect(headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/json' });
  await logged.close();
  expect(lines).toEqual(['a m GET /api/v1/keys/s/enc_keys?size=256 200', `b s GET /api/v1/keys/m/dec_keys?key_ID=${id} 200`, `b s GET /api/v1/keys/m/dec_keys?key_ID=${id} 400`, 'a m GET /api/v1/keys/s/status 200', 'a m GET /api/v1/keys/s/else 404']);
  const bytes = Buffer.from(key, 'base64');
  for (const form of [key, bytes.toString('hex')]) expect(lines.join('\n')).not.toContain(form);
});

it('answers over kept connections at a steady, small cost', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const asked = { host: '127.0.0.1', port: pair.kme('a').port, path: '/api/v1/keys/s/enc_keys?size=256', agent, ...tlsOf(pki.saes.get('m')!, pki.kmeCa.certificateFile) };
  const one = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const got = (response: IncomingMessage): void => void response.resume().once('end', () => resolve(response.statusCode ?? 0));
      request(asked, got).once('error', reject).end();
    });
  /** Milliseconds of processor time for a request, client and KME together: other work on the machine does not count. */
  const cost = async (many: number): Promise<number> => {
    const start = process.cpuUsage();
    let [left, refused] = [many, 0];
    await Promise.all(Array.from({ length: 16 }, async () => {
      while (left-- > 0) if ((await one()) !== 200) refused += 1;
    }));
    expect(refused).toBe(0);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000 / many;
  };
  await cost(500);
  const early = await cost(1000);
  await cost(4000);
  // A quiet machine of 2026 needs 0.1 ms, which is 10,000 a second.
  expect(await cost(1000)).toBeLessThan(Math.max(1, 5 * early));
  agent.destroy();
});
