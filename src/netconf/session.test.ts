import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { LogFields } from '../log.ts';
import type { QkdError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { element } from '../xml.ts';
import { fixtureText } from './fixture-replies.ts';
import { ScriptedPeer, rpcError, type PeerOptions } from './scripted-peer.ts';
import { openNetconfSession, type NetconfOptions, type NetconfSession } from './session.ts';

const lines: string[] = [];
const log = { write: (...event: [string, string, string, LogFields?]): void => void lines.push(JSON.stringify(event)) };
let peer: ScriptedPeer;
let session: NetconfSession | undefined;

async function open(options: PeerOptions = {}, times: Partial<NetconfOptions> = {}): Promise<NetconfSession> {
  peer = await ScriptedPeer.start(options);
  const settings = { log, rpcTimeoutSeconds: 2, commitTimeoutSeconds: 2, lockWaitSeconds: 0, closeTimeoutSeconds: 0.05, ...times };
  session = await openNetconfSession(await peer.connect(), settings);
  return session;
}

beforeEach(() => {
  lines.length = 0;
  session = undefined;
});

afterEach(async () => {
  await session?.close();
  await peer.stop();
});

const ASK = element('get-system-information');

describe('a session', () => {
  it.each([
    ['end-of-message framing', false],
    ['chunked framing', true],
  ])('asks and answers in %s', async (framing, chunked) => {
    const router = await open({ chunked });
    peer.on('get-system-information', '<system-information><host-name>mx1-zürich</host-name></system-information>');
    const reply = await router.rpc(ASK);
    expect(reply.children[0]?.children[0]?.text).toBe('mx1-zürich');
    expect(router).toMatchObject({ framing: framing.replace(' framing', ''), sessionId: 7, open: true });
  });

  it('sends a request before the reply to the one before it, and gives everyone the own reply', async () => {
    const router = await open();
    peer.on('get-a', 'silence').on('get-b', '<b/>');
    const [a, b] = [router.rpc(element('get-a')), router.rpc(element('get-b'))];
    await expect.poll(() => peer.received).toEqual(['get-a', 'get-b']);
    // The reply to the second request came first: nothing on this session can be believed any more.
    await expect(a).rejects.toMatchObject({ code: 'netconf-protocol', message: 'get-a: the reply answers another request' });
    await expect(b).rejects.toMatchObject({ code: 'netconf-closed' });
  });

  it.each([
    ['end-of-message framing', false],
    ['chunked framing', true],
  ])('reads many replies that arrive together, in %s', async (_, chunked) => {
    const router = await open({ chunked });
    const names = Array.from({ length: 40 }, (_unused, n) => `get-${n}`);
    for (const name of names) peer.on(name, `<${name.slice(4).padStart(4, 'x')}/>`);
    const replies = await Promise.all(names.map((name) => router.rpc(element(name))));
    expect(replies.map((reply) => reply.children[0]?.name)).toEqual(names.map((name) => name.slice(4).padStart(4, 'x')));
  });

  it('ends with the request whose time is over, and says so to those that wait behind it', async () => {
    const router = await open({}, { rpcTimeoutSeconds: 0.2 });
    peer.on('get-a', 'silence').on('get-b', 'silence');
    const [a, b] = [router.rpc(element('get-a')), router.rpc(element('get-b'))];
    const told = [a, b].map((asked) => asked.then(() => ['answered'], ({ message, hint }: QkdError) => [message, hint]));
    const slow = expect.stringMatching(/^check the load of the router/);
    expect(await Promise.all(told)).toEqual([['get-a: no answer within 0.2 s; the session was closed', slow], ['get-b: the session is closed: no answer within 0.2 s; the session was closed', slow]]);
  });

  it('takes concurrent callers one after the other', async () => {
    const router = await open();
    peer.on('get-a', '<a/>').on('get-b', rpcError('no')).on('get-c', '<c/>');
    const [a, b, c] = await Promise.allSettled(['get-a', 'get-b', 'get-c'].map((name) => router.rpc(element(name))));
    expect(a).toMatchObject({ value: { children: [{ name: 'a' }] } });
    expect(b).toMatchObject({ reason: { code: 'rpc-error', message: 'get-b: no', hint: expect.stringMatching(/^read /) } });
    expect(c).toMatchObject({ value: { children: [{ name: 'c' }] } });
  });

  it('lets nobody in between the steps of a change', async () => {
    const router = await open();
    await Promise.all([router.change({ document: element('configuration'), log: 'x' }), router.rpc(ASK)]);
    expect(peer.received.at(-1)).toBe('get-system-information');
  });

  it('reads the committed configuration with groups applied', async () => {
    const router = await open();
    peer.on('get-configuration', '<configuration><system><host-name>mx1</host-name></system></configuration>');
    expect(await router.getConfiguration(element('configuration', element('system')))).toMatchObject({ name: 'configuration', children: [{ name: 'system' }] });
    expect(peer.requests[0]).toContain('<get-configuration database="committed" inherit="inherit" format="xml"><configuration><system/></configuration></get-configuration>');
  });

  it('sends Junos RPCs in no namespace', async () => {
    const router = await open();
    await router.rpc(ASK);
    expect(peer.requests[0]).toBe('<nc:rpc xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="1"><get-system-information/></nc:rpc>]]>]]>');
  });

  it('reports the name, the time and the warnings of an RPC, and no secret', async () => {
    const router = await open();
    peer.on('load-configuration', rpcError('cak "$9$notArealSecret" is weak', 'warning'));
    await router.rpc(element('load-configuration', element('cak', Secret.ofText('00112233'))));
    expect(peer.requests[0]).toContain('<cak>00112233</cak>');
    expect(lines.join('\n')).not.toMatch(/00112233|notAreal/);
    expect(lines.join('\n')).toContain('cak [secret] is weak');
    expect(lines.join('\n')).toContain('<cak>[secret]</cak>');
  });
});

describe('the end of a session', () => {
  it('close asks the router and frees the transport', async () => {
    const router = await open();
    await router.close();
    await router.close();
    expect(peer.received).toEqual(['close-session']);
    await expect.poll(() => peer.connections).toBe(0);
    await expect(router.rpc(ASK)).rejects.toMatchObject({ code: 'netconf-closed', message: 'get-system-information: the session was closed' });
  });

  it('close does not wait for a router that does not answer', async () => {
    const router = await open();
    peer.on('close-session', 'silence');
    await router.close();
    await expect.poll(() => peer.connections).toBe(0);
  });

  it('close ends an RPC that is under way', async () => {
    const router = await open();
    peer.on('get-system-information', 'silence');
    const asked = router.rpc(ASK);
    const refused = expect(asked).rejects.toMatchObject({ code: 'netconf-closed' });
    await expect.poll(() => peer.received).toEqual(['get-system-information']);
    await router.close();
    await refused;
    expect(peer.received).toEqual(['get-system-information']);
  });

  it('the other end hanging up is reported to the caller who waits', async () => {
    const router = await open();
    peer.on('get-system-information', 'hang up');
    await expect(router.rpc(ASK)).rejects.toMatchObject({ code: 'netconf-closed', message: expect.stringMatching(/the other end closed the socket$/) });
    expect(router.open).toBe(false);
  });
});

describe('a late reply', () => {
  it('never answers a later request: the session is closed', async () => {
    const router = await open({}, { rpcTimeoutSeconds: 0.05 });
    peer.on('get-a', 'silence');
    await expect(router.rpc(element('get-a'))).rejects.toMatchObject({ code: 'deadline', message: 'get-a: no answer within 0.05 s; the session was closed' });
    peer.answerLate('<a/>');
    await expect(router.rpc(element('get-b'))).rejects.toMatchObject({ code: 'netconf-closed' });
    expect(peer.received).toEqual(['get-a']);
    await expect.poll(() => peer.connections).toBe(0);
  });

  it('a message that nothing asked for ends the session', async () => {
    const router = await open();
    await router.rpc(ASK);
    peer.sendUnasked('<rpc-reply><ok/></rpc-reply>]]>]]>');
    await expect.poll(() => router.rpc(ASK).then(() => 'answered', (error: { code: string }) => error.code)).not.toBe('answered');
    expect(router.open).toBe(false);
  });

  it('a reply with the number of another request ends the session', async () => {
    const router = await open();
    peer.on('get-system-information', { raw: '<rpc-reply message-id="77"/>]]>]]>' });
    await expect(router.rpc(ASK)).rejects.toMatchObject({ code: 'netconf-protocol', message: 'get-system-information: the reply answers another request' });
    expect(router.open).toBe(false);
  });
});

describe('refused streams', () => {
  it.each([
    ['a reply that is not XML', 'rpc failed]]>]]>', false],
    ['an unclosed reply', '<rpc-reply><a></rpc-reply>]]>]]>', false],
    ['broken chunks', '<rpc-reply/>]]>]]>', true],
  ])('%s', async (_, raw, chunked) => {
    const router = await open({ chunked });
    peer.on('get-system-information', { raw });
    await expect(router.rpc(ASK)).rejects.toMatchObject({ code: 'netconf-protocol', message: expect.stringMatching(/^get-system-information: /) });
    expect(router.open).toBe(false);
  });
});

describe('no session', () => {
  it.each([
    ['a restricted user, at once', `${fixtureText('hello/restricted-user-session.txt')}]]>]]>`, 'permission-denied'],
    ['a restricted user, without an end-of-message sequence', fixtureText('hello/restricted-user-session.txt'), 'permission-denied'],
    ['a login shell that is not the CLI', fixtureText('hello/xml-mode-not-found.txt'), 'netconf-closed'],
    ['a class without permissions', `${fixtureText('hello/unauthorized-class.xml')}]]>]]>`, 'permission-denied'],
    ['silence', '', 'deadline'],
    ['banners for ever', 'welcome]]>]]>'.repeat(20), 'netconf-protocol'],
  ])('%s', async (_, hello, code) => {
    await expect(open({ hello }, { rpcTimeoutSeconds: 0.1 })).rejects.toMatchObject({ code });
    await expect.poll(() => peer.connections).toBe(0);
  });

  it('unknown text is quoted, shortened and on one line', async () => {
    const hello = 'This account is\ncurrently not available.\n';
    await expect(open({ hello }, { rpcTimeoutSeconds: 0.1 })).rejects.toMatchObject({ message: expect.stringMatching(/it said: This account is currently not available\.$/) });
  });

  it('a banner that ends like a message is passed over', async () => {
    const router = await open({ hello: `welcome]]>]]>${fixtureText('hello/classic.xml')}]]>]]>` });
    expect(router.sessionId).toBe(32260);
  });
});

test('a session over a closed transport tells why', async () => {
  peer = await ScriptedPeer.start();
  const transport = await peer.connect();
  await transport.close();
  await expect(openNetconfSession(transport, { log, rpcTimeoutSeconds: 1, commitTimeoutSeconds: 1, lockWaitSeconds: 0 })).rejects.toMatchObject({ code: 'netconf-closed' });
});
