// Odd HTTP and odd TLS, from raw servers that say exactly what a row wants; openssl plays the KMEs that refuse
// a client certificate with an alert.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makePki } from '../bench/pki/pki.ts';
import type { PairFiles, Pki } from '../bench/pki/pki.ts';
import { clientVariants } from '../bench/pki/wrong-certificates.ts';
import { exchange } from './https-exchange.ts';
import type { Exchange, HttpsCall } from './https-exchange.ts';
import { kmeAddress } from './kme-address.ts';
import { ownTlsContext } from './own-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-exchange-'));
const open: { close(): void }[] = [];
let pki: Pki;
let server: PairFiles;
let sae: PairFiles;

beforeAll(async () => {
  pki = await makePki(folder, { kmes: ['kme'], saes: ['sae'] });
  server = pki.kmes.get('kme')!;
  sae = pki.saes.get('sae')!;
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function listen(listener: Server): Promise<number> {
  const sockets = new Set<Socket>();
  listener.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
    },
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return (listener.address() as AddressInfo).port;
}

/** A TLS server that reads one request and lets `answer` write. */
function tlsServer(answer: (socket: Socket, request: string) => void, more: TlsOptions = {}): Promise<number> {
  const options = { cert: readFileSync(server.certificateFile), key: readFileSync(server.keyFile), ca: readFileSync(pki.clientCa.certificateFile), requestCert: true, ...more };
  const listener = createTlsServer(options, (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data: Buffer) => answer(socket, data.toString('latin1')));
  });
  listener.on('tlsClientError', () => undefined);
  return listen(listener);
}

async function call(port: number, more: Partial<HttpsCall> = {}, pair: PairFiles = sae): Promise<Exchange> {
  const tls = await ownTlsContext({ caFile: pki.kmeCa.certificateFile, ...pair }, undefined);
  const address = kmeAddress({ url: `https://localhost:${port}/prefix`, serverName: undefined, address: '127.0.0.1' });
  return exchange({ address, tls, spki: [], method: 'GET', path: '/prefix/x', timeout: 2, ...more });
}

async function errorOf(work: Promise<Exchange>): Promise<{ code: string; message: string; sent: boolean }> {
  const result = await work;
  if (result.answer !== undefined) throw new Error(`expected an error, got ${result.answer.status}`);
  return { code: result.error.code, message: result.error.message, sent: result.sent };
}

describe('requests on the wire', () => {
  it('C09 GET asks for JSON without compression, has no body and ends the connection', async () => {
    let seen = '';
    const port = await tlsServer((socket, request) => {
      seen = request;
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
    });
    const { answer } = await call(port);
    expect(answer?.body.toString()).toBe('{}');
    expect(seen).toBe(`GET /prefix/x HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: application/json\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n`);
  });

  it('POST carries its body with type and length', async () => {
    let seen = '';
    const port = await tlsServer((socket, request) => {
      seen = request;
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
    await call(port, { method: 'POST', body: '{"number":1}' });
    expect(seen).toMatch(/^POST .*\r\nContent-Type: application\/json\r\nContent-Length: 12\r\n.*\r\n\r\n\{"number":1\}$/s);
  });
});

describe('answers byte by byte', () => {
  it.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 13\r\n\r\n{"keys": [1]}'],
    ['C12 in chunks', 'HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"key\r\n8\r\ns": [1]}\r\n0\r\n\r\n'],
    ['until the connection ends', 'HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{"keys": [1]}'],
    ['C50 after 100 Continue', `${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(3)}HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 13\r\n\r\n{"keys": [1]}`],
  ])('%s', async (_name, text) => {
    const port = await tlsServer(async (socket) => {
      for (const byte of text) {
        socket.write(byte);
        await new Promise(setImmediate);
      }
      socket.end();
    });
    const { answer } = await call(port);
    expect(answer).toMatchObject({ status: 200, contentType: 'application/json; charset=utf-8' });
    expect(answer?.body.toString()).toBe('{"keys": [1]}');
  });
});

describe('broken answers', () => {
  it.each([
    ['not HTTP', 'SSH-2.0-OpenSSH\r\n\r\n', 'kme-answer', /not HTTP/],
    ['C36 a length over the limit', 'HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n{', 'kme-answer', /larger than 65536 bytes/],
    ['C36 a body over the limit', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(70_000)}`, 'kme-answer', /larger than 65536 bytes/],
    ['headers over the limit', `HTTP/1.1 200 OK\r\n${'X-Long: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(500)}\r\n`, 'kme-answer', /not HTTP: HPE_HEADER_OVERFLOW/],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}', 'kme-answer', /not HTTP/],
    ['length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}', 'kme-answer', /not HTTP/],
    ['C37 a body that is too short', 'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"keys"', 'kme-unreachable', /in the middle of the answer/],
    ['C37 a chunk that is cut off', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"k', 'kme-unreachable', /in the middle of the answer/],
    ['C38 gzip', 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}', 'kme-answer', /content encoding gzip/],
    ['C50 101', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n', 'kme-answer', /101 switching protocols/],
    ['nothing at all', '', 'kme-unreachable', /closed without an answer/],
  ])('%s', async (_name, text, code, message) => {
    const port = await tlsServer((socket) => socket.end(text));
    expect(await errorOf(call(port))).toMatchObject({ code, message: expect.stringMatching(message) as string, sent: true });
  });

  it('keep nothing of an answer that is not HTTP, which may hold a key', async () => {
    const port = await tlsServer((socket) => socket.end('{"keys":[{"key":"c2VjcmV0"}]}\r\n\r\n'));
    expect((await call(port)).error?.cause).toBeUndefined();
  });
});

describe('time limits', () => {
  it.each<[string, (socket: Socket) => unknown]>([
    ['C51 no answer', () => undefined],
    ['C52 headers in drops', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\n')],
    ['C52 a body in drops', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n', 38)],
    ['C50 1xx without end', (socket) => drip(socket, 'HTTP/1.1 100 Continue\r\n\r\n', 0, 25)],
  ])('%s', async (_name, answer) => {
    const port = await tlsServer(answer);
    expect(await errorOf(call(port, { timeout: 0.3 }))).toMatchObject({ code: 'deadline', message: 'no complete answer within 0.3 s', sent: true });
  });

  it('C53 a handshake that stalls', async () => {
    const port = await listen(createTcpServer(() => undefined));
    expect(await errorOf(call(port, { timeout: 0.2 }))).toEqual({ code: 'kme-unreachable', message: 'no TLS connection within 0.2 s', sent: false });
  });

  async function drip(socket: Socket, text: string, whole = 0, step = 1): Promise<void> {
    socket.write(text.slice(0, whole));
    for (let at = whole; !socket.destroyed; at = (at + step) % text.length) {
      socket.write(text.slice(at, at + step));
      await pause(20);
    }
  }
});

describe('connections that fail', () => {
  it('refused', async () => {
    const probe = createTcpServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    expect(await errorOf(call(port))).toEqual({ code: 'kme-unreachable', message: 'connection refused', sent: false });
  });

  it('a name that does not exist', async () => {
    const address = kmeAddress({ url: 'https://kme.invalid', serverName: undefined, address: undefined });
    expect(await errorOf(call(1, { address }))).toMatchObject({ code: 'kme-unreachable', message: 'the name of the KME cannot be resolved' });
  });

  it('no TLS at the port', async () => {
    const port = await listen(createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    expect(await errorOf(call(port))).toMatchObject({ code: 'kme-unreachable', message: 'no TLS at this address', sent: false });
  });

  it('closed during the handshake', async () => {
    const port = await listen(createTcpServer((socket) => socket.once('data', () => socket.destroy())));
    expect(await errorOf(call(port))).toMatchObject({ code: 'kme-unreachable', message: 'connection closed during the TLS handshake', sent: false });
  });
});

describe('TLS versions and ciphers', () => {
  const ok = (socket: Socket): unknown => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');

  it.each<[string, TlsOptions]>([
    ['C15 1.2 only', { maxVersion: 'TLSv1.2' }],
    ['C15 1.3 only', { minVersion: 'TLSv1.3' }],
  ])('%s works', async (_name, tls) => {
    expect((await call(await tlsServer(ok, tls))).answer?.status).toBe(200);
  });

  it.each<[string, TlsOptions]>([
    ['C59 1.1 only', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }],
    ['C59 CBC ciphers only', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE+AES:!AESGCM:!AESCCM:!ARIA:!CAMELLIA' }],
  ])('%s is refused', async (_name, tls) => {
    expect(await errorOf(call(await tlsServer(ok, tls)))).toMatchObject({ code: 'kme-unreachable', sent: false });
  });
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0 || process.env['CI'] !== undefined;

describe.skipIf(!hasOpenssl)('openssl as a KME that checks client certificates', () => {
  async function opensslServer(version: string): Promise<number> {
    const port = await freePort();
    const trust = ['-CAfile', pki.clientCa.certificateFile, '-Verify', '3', '-verify_return_error'];
    const child = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-cert', server.certificateFile, '-key', server.keyFile, version, '-quiet', ...trust]);
    open.push({ close: () => child.kill('SIGKILL') });
    for (let tries = 0; tries < 100 && !(await accepts(port)); tries++) await pause(20);
    return port;
  }

  it.each(['-tls1_2', '-tls1_3'])('C58 names the reason of its alert (%s)', async (version) => {
    const port = await opensslServer(version);
    const variants = await clientVariants(pki, 'sae');
    const found = [];
    for (const pair of [variants.otherCa, variants.expired, variants.otherPurpose]) found.push(await errorOf(call(port, {}, pair)));
    expect(found.map(({ code }) => code)).toEqual(['kme-refused-us', 'kme-refused-us', 'kme-refused-us']);
    expect(found.map(({ message }) => message)).toEqual([
      'the KME does not know the CA of our certificate',
      'the KME says that our certificate has expired',
      'the KME refuses our certificate',
    ]);
  });

  it('C59 gets no second handshake in the middle of an exchange', async () => {
    const port = await freePort();
    const child = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-cert', server.certificateFile, '-key', server.keyFile, '-tls1_2', '-legacy_renegotiation']);
    open.push({ close: () => child.kill('SIGKILL') });
    for (let tries = 0; tries < 100 && !(await accepts(port)); tries++) await pause(20);
    // Typed at the console of s_server: renegotiate once the request has come.
    let seen = '';
    let asked = false;
    child.stdout.on('data', (data: Buffer) => {
      seen += data.toString();
      if (seen.includes('GET /prefix/x') && !asked) child.stdin.write('R\n');
      asked ||= seen.includes('GET /prefix/x');
    });
    child.stderr.on('data', (data: Buffer) => (seen += data.toString()));
    expect(await errorOf(call(port, { timeout: 2 }))).toMatchObject({ sent: true });
    expect(seen).toContain('SSL_do_handshake');
    expect(seen.match(/^CIPHER is/gm)).toHaveLength(1);
  });

  it.each([
    ['C55 RSA of 1024 bits', ['rsa:1024', '-sha256']],
    ['C55 a SHA-1 signature', ['rsa:2048', '-sha1']],
  ])('%s in the KME certificate is refused', async (_name, [algorithm = '', hash = '']) => {
    const files = { certificateFile: join(folder, `weak${hash}.crt`), keyFile: join(folder, `weak${hash}.key`), request: join(folder, `weak${hash}.csr`) };
    run('req', '-new', '-newkey', algorithm, '-noenc', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', files.keyFile, '-out', files.request);
    run('x509', '-req', '-in', files.request, hash, '-CA', pki.kmeCa.certificateFile, '-CAkey', pki.kmeCa.keyFile, '-CAcreateserial', '-copy_extensions', 'copy', '-days', '1', '-out', files.certificateFile);
    const weak = { cert: readFileSync(files.certificateFile), key: readFileSync(files.keyFile), ciphers: 'DEFAULT:@SECLEVEL=0' };
    expect(await errorOf(call(await tlsServer(() => undefined, weak)))).toMatchObject({ code: 'kme-identity', message: expect.stringContaining('weak') as string, sent: false });
  });

  function run(...args: string[]): void {
    const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }
});

async function freePort(): Promise<number> {
  const probe = createTcpServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
