// One router's session, shared by its links: what becomes of a question that is under way when another link's work
// renews the session.

import { expect, test } from 'vitest';
import { QkdError } from '../errors.ts';
import { element } from '../xml.ts';
import type { RouterSession } from './ports.ts';
import { underWay } from './fleet.ts';
import { Router } from './router.ts';

const CLOCK = { now: () => Date.now(), sleep: () => Promise.resolve() };

/** Sessions that answer only when told, and break off what is under way when they are closed. */
function sessions() {
  const opened: { answer: (reply: string) => void }[] = [];
  const connect = (): Promise<RouterSession> => {
    let [answer, end]: [(reply: string) => void, (error: Error) => void] = [() => undefined, () => undefined];
    const rpc = (): Promise<never> => new Promise((resolve, reject) => ([answer, end] = [(reply) => resolve(element('rpc-reply', reply) as never), reject]));
    opened.push({ answer: (reply) => answer(reply) });
    return Promise.resolve({ rpc, getConfiguration: rpc, close: () => Promise.resolve(end(new QkdError('netconf-closed', 'the session was closed'))) } as Partial<RouterSession> as RouterSession);
  };
  return { opened, router: new Router('mx1', connect, { clock: CLOCK, log: { write: () => undefined } }) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a question that another link renews the session under is asked again on the new one', async () => {
  const { opened, router } = sessions();
  const asked = router.ask((session) => session.rpc(element('get-system-information')));
  await settled();
  await router.renew();
  await settled();
  expect(opened).toHaveLength(2);
  opened[1]?.answer('again');
  expect(await asked).toEqual(element('rpc-reply', 'again'));
});

test('a commit is not, nor is a question of a run that ends', async () => {
  const [commit, last] = [sessions(), sessions()];
  const committing = commit.router.ask((session) => session.rpc(element('commit-configuration')), 'commit');
  const asked = last.router.ask((session) => session.rpc(element('get-system-information')));
  await settled();
  await Promise.all([commit.router.renew(), last.router.close()]);
  await expect(committing).rejects.toMatchObject({ code: 'netconf-closed' });
  await expect(asked).rejects.toMatchObject({ code: 'netconf-closed' });
  expect([commit.opened.length, last.opened.length]).toEqual([1, 1]);
});

/** Sessions of which the first `lost` end at their first question. */
function breaking(lost: number) {
  let opened = 0;
  const connect = (): Promise<RouterSession> => {
    opened += 1;
    const isLost = opened <= lost;
    const rpc = (): Promise<never> => (isLost ? Promise.reject(new QkdError('netconf-closed', 'the other end closed the session')) : Promise.resolve(element('rpc-reply') as never));
    return Promise.resolve({ rpc, close: () => Promise.resolve() } as Partial<RouterSession> as RouterSession);
  };
  return { opened: () => opened, router: new Router('mx1', connect, { clock: CLOCK, log: { write: () => undefined } }) };
}

test('questions whose session ends by itself are asked once more, all on one new session', async () => {
  const { opened, router } = breaking(1);
  const ask = (): Promise<unknown> => router.ask((session) => session.rpc(element('get-system-information')));
  await Promise.all([ask(), ask(), ask()]);
  expect(opened()).toBe(2);
});

test('a router that ends every session fails a question after two, and another one later is asked anew', async () => {
  const { opened, router } = breaking(2);
  const ask = (): Promise<unknown> => router.ask((session) => session.rpc(element('get-system-information')));
  await expect(ask()).rejects.toMatchObject({ code: 'netconf-closed' });
  expect(opened()).toBe(2);
  await ask();
  expect(opened()).toBe(3);
});

test('a commit whose session ends is not made again, and what is asked after it opens a new one', async () => {
  const { opened, router } = breaking(1);
  await expect(router.ask((session) => session.rpc(element('commit-configuration')), 'commit')).rejects.toMatchObject({ code: 'netconf-closed' });
  expect(opened()).toBe(1);
  await router.ask((session) => session.rpc(element('get-system-information')));
  expect(opened()).toBe(2);
});

test('what a look needs is asked for at once, the clock first, and a refusal is told where it is used', async () => {
  const asked: string[] = [];
  const rpc = ({ name }: { name: string }): Promise<never> => {
    asked.push(name);
    return name === 'get-mka-session-information' ? Promise.reject(new QkdError('permission-denied', 'no')) : new Promise(() => undefined);
  };
  const session = { rpc, getConfiguration: () => rpc({ name: 'get-configuration' }), close: () => Promise.resolve() } as Partial<RouterSession> as RouterSession;
  const router = new Router('mx1', () => Promise.resolve(session), { clock: CLOCK, log: { write: () => undefined } });
  router.lookAhead({ clock: true });
  const mka = router.mka().catch((error: QkdError) => error.code);
  await settled();
  expect(asked).toEqual(['get-system-uptime-information', 'get-configuration', 'get-mka-session-information']);
  expect(await mka).toBe('permission-denied');
});

test('a link that is cut short says what its routers are busy with', async () => {
  const [commit, idle, login] = [sessions(), sessions(), new Router('mx3', () => new Promise(() => undefined), { clock: CLOCK, log: { write: () => undefined } })];
  const link = [commit.router, idle.router, login].map((router) => ({ site: { router } }));
  expect(underWay(link)).toBe('');
  const committing = commit.router.ask((session) => session.rpc(element('commit-configuration')), 'commit').catch(() => undefined);
  login.session().catch(() => undefined);
  await settled();
  expect(underWay(link)).toBe(', with commit of router mx1 and login of router mx3 under way');
  await commit.router.close();
  await committing;
  expect(underWay(link)).toBe(', with login of router mx3 under way');
});
