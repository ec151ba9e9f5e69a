import { describe, expect, it, test } from 'vitest';
import { fixtureNames, fixtureText } from './fixture-replies.ts';
import { clientHello, helloRefusal, negotiatedFraming, parseHello } from './hello.ts';
import { parseXml } from './parse-xml.ts';

test('our hello offers base:1.0 and base:1.1', async () => {
  const hello = await parseHello(clientHello());
  expect(hello?.capabilities).toEqual(['urn:ietf:params:netconf:base:1.0', 'urn:ietf:params:netconf:base:1.1']);
  expect((await parseXml(clientHello())).attributes).toEqual({ xmlns: 'urn:ietf:params:xml:ns:netconf:base:1.0' });
});

describe('hellos of routers', () => {
  it.each([
    ['hello/classic.xml', 32260, 'end-of-message'],
    ['hello/version-1.1.xml', 18811, 'chunked'],
    ['hello/banner-first.xml', 711, 'end-of-message'],
    ['hello/prefixed.xml', 4242, 'end-of-message'],
  ])('%s', async (name, sessionId, framing) => {
    const hello = await parseHello(fixtureText(name));
    expect(hello?.sessionId).toBe(sessionId);
    expect(hello && negotiatedFraming(hello)).toBe(framing);
    expect(hello?.capabilities).toContain('http://xml.juniper.net/netconf/junos/1.0');
  });

  it('a message that is only a banner is not a hello and not an error', async () => {
    expect(await parseHello('*** Authorised users only ***\n<!-- <hello> -->')).toBeUndefined();
  });

  it('a session-id that is no number is left out', async () => {
    const hello = clientHello().replace('</hello>', '<session-id>4294967295000</session-id></hello>');
    expect((await parseHello(hello))?.sessionId).toBeUndefined();
  });
});

describe('refused hellos', () => {
  it.each([
    ['hello/restricted-user-session.txt', 'permission-denied', /restricted user session/],
    ['hello/xml-mode-not-found.txt', 'netconf-closed', /does not know xml-mode/],
    ['hello/unauthorized-class.xml', 'permission-denied', /permission denied/],
    ['hello/no-base-capability.xml', 'netconf-protocol', /without a NETCONF base capability/],
  ])('%s', async (name, code, message) => {
    await expect(parseHello(fixtureText(name))).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    ['permission denied as plain text', 'permission denied\n', 'permission-denied'],
    ['an rpc-error of another kind', '<rpc-error><error-severity>error</error-severity><error-message>too many sessions</error-message></rpc-error>', 'rpc-error'],
    ['a hello that is cut', '<hello><capabilities>', 'netconf-protocol'],
    ['text after the hello', `${clientHello()}x`, 'netconf-protocol'],
  ])('%s', async (_, message, code) => {
    await expect(parseHello(message)).rejects.toMatchObject({ code });
  });

  it('a warning before the hello is no refusal', async () => {
    const warning = '<rpc-error><error-severity>warning</error-severity><error-message>x</error-message></rpc-error>';
    expect(await parseHello(warning + clientHello())).toBeDefined();
  });

  it('unknown text means nothing by itself', () => {
    expect(helloRefusal('Last login: today')).toBeUndefined();
  });
});

test('every recorded hello is looked at above', () => {
  expect(fixtureNames().filter((name) => name.startsWith('hello/'))).toHaveLength(8);
});
