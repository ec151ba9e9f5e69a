import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialUnix, RawNetconf } from '../clients/bench-client.ts';
import { runProgram } from '../clients/outside-program.ts';
import { initialConfiguration, qkdUser } from '../initial-configuration.ts';
import { startRouter, type BenchRouter } from '../start-router.ts';
import { frame } from './frames.ts';

let dir: string;
let router: BenchRouter;
let modern: BenchRouter;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qkd-netconf-'));
  const users = [qkdUser({})];
  router = await startRouter({ name: 'mx1', dir: join(dir, 'mx1'), users });
  // A folder name that leaves no room for a socket's path.
  const initial = [...initialConfiguration('mx2'), 'set system services netconf version-1.1'];
  modern = await startRouter({ name: 'mx2', dir: join(dir, 'd'.repeat(120)), users, initial });
});

afterAll(async () => {
  await Promise.all([router.close(), modern.close()]);
  await rm(dir, { recursive: true, force: true });
});

describe('NETCONF on the UNIX socket', () => {
  it('greets like Junos', async () => {
    const client = new RawNetconf(connect(router.mgdSocket));
    const hello = await client.message();
    expect(hello).toMatch(/^<!-- No zombies were killed[^>]+-->\n<!-- user qkd, class j-super-user -->\n<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">/);
    expect(hello).toContain('<capability>http://xml.juniper.net/netconf/junos/1.0</capability>');
    expect(hello).not.toContain('base:1.1');
    client.stream.destroy();
  });

  it('the socket is for its owner alone, and short enough anywhere', async () => {
    for (const path of [router.mgdSocket, modern.mgdSocket, modern.controlSocket]) {
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(path.length).toBeLessThan(108);
    }
  });

  it('echoes the attributes of <rpc>', async () => {
    const client = await dialUnix(router.mgdSocket);
    client.send('<nc:rpc xmlns:nc="urn:x" xmlns="urn:y" message-id="a&amp;b" nc:odd=\'"\'><nc:get-system-information/></nc:rpc>]]>]]>');
    expect(await client.message()).toMatch(
      /^<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:junos="http:\/\/xml.juniper.net\/junos\/24.4R1\/junos" xmlns:nc="urn:x" message-id="a&amp;b" nc:odd="&quot;">\n<system-information /,
    );
    client.stream.destroy();
  });

  it('answers several messages of one read in order, and a message byte by byte', async () => {
    const client = await dialUnix(router.mgdSocket);
    client.send(['1', '2', '3'].map((id) => `<rpc message-id="${id}"><get-system-uptime-information/></rpc>]]>]]>`).join('\n'));
    for (const id of ['1', '2', '3']) expect(await client.message()).toContain(`message-id="${id}"`);
    for (const character of '<rpc message-id="4"><get-system-information/></rpc>]]>]]>') client.send(character);
    expect(await client.message()).toContain('message-id="4"');
    client.stream.destroy();
  });

  it.each([
    ['text', 'show version', 'malformed-message'],
    ['cut XML', '<rpc><a></rpc>', 'malformed-message'],
    ['a DOCTYPE', '<!DOCTYPE x><rpc><get/></rpc>', 'malformed-message'],
    ['binary', '\u0000\u0001\ufffd', 'malformed-message'],
    ['something else', '<reply/>', 'unknown-element'],
    ['an empty rpc', '<rpc/>', 'syntax error'],
    ['two requests in one rpc', '<rpc><get-system-information/><get-system-information/></rpc>', 'syntax error'],
    ['an unknown RPC', '<rpc><get-chassis-cluster-status/></rpc>', '<bad-element>get-chassis-cluster-status</bad-element>'],
  ])('answers %s with an rpc-error and goes on', async (_, bytes, words) => {
    const client = await dialUnix(router.mgdSocket);
    client.send(`${bytes}]]>]]>`);
    expect(await client.message()).toContain(words);
    expect(await client.rpc('<get-system-information/>')).toContain('mx1');
    client.stream.destroy();
  });

  it('survives noise of any kind', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const noisy = await dialUnix(router.mgdSocket);
      const bytes = createHash('sha512').update(String(seed)).digest();
      noisy.stream.end(Buffer.concat([bytes, Buffer.from(seed % 2 === 0 ? '<rpc>' : ']]>]]>'), bytes, Buffer.from(']]>]]>')]));
      await noisy.ended();
    }
    const client = await dialUnix(router.mgdSocket);
    expect(await client.rpc('<get-system-information/>')).toContain('mx1');
    client.stream.destroy();
  });

  it('ends a session that sends hello twice', async () => {
    const client = await dialUnix(router.mgdSocket);
    client.send('<hello/>]]>]]><hello/>]]>]]>');
    expect(await client.message()).toContain('hello after the session had begun');
    await client.ended();
  });

  it('ends a session that never ends its message', async () => {
    const client = await dialUnix(router.mgdSocket);
    client.stream.write(Buffer.alloc(17 * 1024 * 1024, 'a'));
    expect(await client.message()).toContain('message too large');
    await client.ended();
  });

  it('closes on request and frees the lock when the client just goes', async () => {
    const first = await dialUnix(router.mgdSocket);
    expect(await first.rpc('<lock-configuration/>')).toContain('<ok/>');
    const second = await dialUnix(router.mgdSocket);
    expect(await second.rpc('<lock-configuration/>')).toContain('configuration database locked by:');
    first.stream.destroy();
    let reply = '';
    for (let attempt = 0; attempt < 100 && !reply.includes('<ok/>'); attempt += 1) reply = await second.rpc('<lock-configuration/>');
    expect(reply).toContain('<ok/>');
    expect(await second.rpc('<close-session/>')).toContain('<ok/>');
    await second.ended();
    expect(second.received).toMatch(/<!-- session end at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC -->/);
  });

  it('kill-session ends the other session and frees its lock', async () => {
    const victim = new RawNetconf(connect(router.mgdSocket));
    const id = /<session-id>(\d+)</.exec(await victim.message())?.[1];
    await victim.rpc('<lock><target><candidate/></target></lock>');
    const killer = await dialUnix(router.mgdSocket);
    expect(await killer.rpc('<kill-session><session-id>1</session-id></kill-session>')).toContain('rpc-error');
    expect(await killer.rpc(`<kill-session><session-id>${id}</session-id></kill-session>`)).toContain('<ok/>');
    await victim.ended();
    expect(await killer.rpc('<lock-configuration/>')).toContain('<ok/>');
    killer.stream.destroy();
  });
});

describe('chunked framing', () => {
  const hello = (base: string): string => `<hello><capabilities><capability>urn:ietf:params:netconf:base:${base}</capability></capabilities></hello>]]>]]>`;

  it('is used when the router offers base:1.1 and the client does too', async () => {
    const client = new RawNetconf(connect(modern.mgdSocket));
    expect(await client.message()).toContain('<capability>urn:ietf:params:netconf:base:1.1</capability>');
    client.send(`${hello('1.1')}${frame('<rpc message-id="é"><get-system-information/></rpc>', 'chunked')}`);
    const reply = await client.until((received) => received.endsWith('\n##\n'));
    const [, size, body] = /^\n#(\d+)\n([\s\S]*)\n##\n$/.exec(reply) ?? [];
    expect(Buffer.byteLength(body ?? '')).toBe(Number(size));
    expect(body).toContain('message-id="é"');
    client.received = '';
    client.send('\n#5\n<rpc \n#7\nbroken>\n##\n');
    expect(await client.until((received) => received.endsWith('\n##\n'))).toContain('malformed-message');
    client.send('garbage');
    await client.ended();
  });

  it('is not used when only one side offers it', async () => {
    const old = new RawNetconf(connect(modern.mgdSocket));
    await old.message();
    old.send(hello('1.0'));
    expect(await old.rpc('<get-system-information/>')).toContain('mx2');
    const eager = await dialUnix(router.mgdSocket);
    eager.send(hello('1.1'));
    expect(await eager.rpc('<get-system-information/>')).toContain('mx1');
    old.stream.destroy();
    eager.stream.destroy();
  });
});

describe('the cli relay', () => {
  it('joins standard input and output to the router and ends with its input', async () => {
    const requests = '<rpc message-id="1"><get-system-information/></rpc>]]>]]>\n';
    const { status, stdout, stderr } = await runProgram(router.cliPath, ['xml-mode', 'netconf', 'need-trailer'], requests);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/<hello[\s\S]*message-id="1"[\s\S]*<host-name>mx1/);
  });

  it('knows nothing else', async () => {
    expect(await runProgram(router.cliPath, ['-c', 'show version'])).toMatchObject({ status: 1, stderr: expect.stringContaining('error:') as string });
  });
});
