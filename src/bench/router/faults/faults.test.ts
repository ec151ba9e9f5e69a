import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dialSsh, dialUnix, execSsh, RawNetconf, subsystemSsh } from '../clients/bench-client.ts';
import { qkdUser } from '../initial-configuration.ts';
import { parseRequest } from '../netconf/parse-request.ts';
import { startRouter, type BenchRouter } from '../start-router.ts';

let dir: string;
let router: BenchRouter;
let client: RawNetconf;
const password = `pass-${Math.random()}`;
const open: RawNetconf[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qkd-faults-'));
  router = await startRouter({ name: 'mx1', dir, users: [qkdUser({ password })] });
});

afterAll(async () => {
  await router.close();
  await rm(dir, { recursive: true, force: true });
});

async function dial(): Promise<RawNetconf> {
  const one = await dialUnix(router.mgdSocket);
  open.push(one);
  return one;
}

beforeEach(async () => {
  client = await dial();
});

afterEach(async () => {
  await router.faults.clear();
  for (const one of open.splice(0)) one.stream.destroy();
});

async function change(floor: number, session = client): Promise<string> {
  const body = `<load-configuration action="set" format="text"><configuration-set>set system location floor ${floor}</configuration-set></load-configuration>`;
  expect(await session.rpc(body)).toContain('<ok/>');
  return session.rpc('<commit-configuration><log>by a test</log></commit-configuration>');
}

async function committedFloor(): Promise<string | undefined> {
  const reader = await dial();
  return /<floor>(\d+)</.exec(await reader.rpc('<get-configuration database="committed"/>'))?.[1];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

describe('faults', () => {
  it('slow-commit delays commits as often as told', async () => {
    await router.faults.set({ kind: 'slow-commit', milliseconds: 120, times: 1 });
    expect(await timed(() => change(1))).toBeGreaterThan(110);
    expect(await timed(() => change(2))).toBeLessThan(110);
  });

  it('slow-reply delays one RPC only, and ends with the session', async () => {
    await router.faults.set({ kind: 'slow-reply', rpc: 'get-system-information', milliseconds: 100 });
    expect(await timed(() => client.rpc('<get-system-uptime-information/>'))).toBeLessThan(90);
    expect(await timed(() => client.rpc('<get-system-information/>'))).toBeGreaterThan(90);
  });

  it('lock-held: a real session of another user has the lock until the fault is cleared', async () => {
    const id = await router.faults.set({ kind: 'lock-held', user: 'admin' });
    expect(await client.rpc('<lock-configuration/>')).toMatch(/configuration database locked by:\s+admin/);
    expect(await client.rpc('<get-configuration-database-status/>')).toContain('<user>admin</user>');
    await router.faults.clear(id);
    expect(await client.rpc('<lock-configuration/>')).toContain('<ok/>');
  });

  it('lock-held with times lets go after so many attempts', async () => {
    await router.faults.set({ kind: 'lock-held', times: 2 });
    for (const expected of ['locked by', 'locked by', '<ok/>']) expect(await client.rpc('<lock-configuration/>')).toContain(expected);
  });

  it('dirty-candidate: someone left changes in the shared candidate', async () => {
    const id = await router.faults.set({ kind: 'dirty-candidate' });
    expect(await client.rpc('<lock-configuration/>')).toContain('configuration database modified');
    await router.faults.clear(id);
    expect(await client.rpc('<lock-configuration/>')).toContain('<ok/>');
    expect(await client.rpc('<get-configuration compare="rollback" rollback="0" format="text"/>')).not.toContain('uncommitted');
  });

  it('drop-session before: nothing happened; after: it happened and no reply came', async () => {
    await change(10);
    await router.faults.set({ kind: 'drop-session', when: 'before', rpc: 'commit-configuration', times: 1 });
    await expect(change(11)).rejects.toThrow('stream ended');
    expect(await committedFloor()).toBe('10');
    await router.faults.set({ kind: 'drop-session', when: 'after', rpc: 'commit-configuration', times: 1 });
    const second = await dial();
    await second.rpc('<discard-changes/>');
    await expect(change(12, second)).rejects.toThrow('stream ended');
    expect(await committedFloor()).toBe('12');
  });

  it('drop-session at the nth RPC of a session', async () => {
    await router.faults.set({ kind: 'drop-session', when: 'before', nth: 3 });
    for (const id of ['1', '2']) await client.rpc('<get-system-information/>', id);
    await expect(client.rpc('<get-system-information/>')).rejects.toThrow('stream ended');
  });

  it('drop-session takes the whole SSH connection down', async () => {
    await router.faults.set({ kind: 'drop-session', when: 'before', nth: 1 });
    const ssh = await dialSsh({ host: router.host, port: router.sshPort, username: 'qkd', password });
    const closed = new Promise<void>((resolve) => void ssh.once('close', () => resolve()));
    const netconf = new RawNetconf(await subsystemSsh(ssh, 'netconf'));
    await netconf.message();
    netconf.send('<rpc><get-system-information/></rpc>]]>]]>');
    await closed;
  });

  it('malformed-commit-reply leaves <routing-engine> open in a way that the known repair mends', async () => {
    await router.faults.set({ kind: 'malformed-commit-reply', times: 1 });
    const reply = await change(20);
    expect(() => parseRequest(reply)).toThrow();
    expect(parseRequest(reply.replace('<ok/>', '</routing-engine><ok/>')).root.name).toBe('rpc-reply');
    expect(() => parseRequest(reply)).toThrow();
    expect(parseRequest(await change(21)).root.name).toBe('rpc-reply');
  });

  it.each(['commit-configuration', 'get-system-information'])('warning in the reply to %s, with <ok/>', async (rpc) => {
    await router.faults.set({ kind: 'warning', rpc, message: 'a <warning>' });
    const reply = rpc === 'commit-configuration' ? await change(30) : await client.rpc(`<${rpc}/>`);
    expect(parseRequest(reply).root.name).toBe('rpc-reply');
    expect(reply).toMatch(/<error-severity>warning<\/error-severity>\s*<error-message>a &lt;warning&gt;<[\s\S]*<ok\/>/);
  });

  it('text-before-hello', async () => {
    await router.faults.set({ kind: 'text-before-hello', text: 'Last login: today', times: 1 });
    const one = new RawNetconf(connect(router.mgdSocket));
    expect(await one.message()).toMatch(/^Last login: today\n<!--/);
    one.stream.destroy();
  });

  it('refuse-login counts logins, not methods', async () => {
    await router.faults.set({ kind: 'refuse-login', times: 1 });
    const to = { host: router.host, port: router.sshPort, username: 'qkd', password };
    await expect(dialSsh(to)).rejects.toThrow('authentication');
    (await dialSsh(to)).end();
  });

  it('hang at connect: TCP opens and nothing comes', async () => {
    await router.faults.set({ kind: 'hang', where: 'connect', times: 1 });
    const to = { host: router.host, port: router.sshPort, username: 'qkd', password };
    await expect(dialSsh({ ...to, readyTimeout: 100 })).rejects.toThrow(/timed out/i);
    (await dialSsh(to)).end();
  });

  it.each(['hello', 'reply'] as const)('hang at %s', async (where) => {
    await router.faults.set({ kind: 'hang', where, times: 1 });
    const quiet = new RawNetconf(connect(router.mgdSocket));
    if (where === 'reply') await quiet.message();
    quiet.send('<rpc><lock-configuration/></rpc>]]>]]>');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(quiet.received.trim()).toBe('');
    quiet.stream.destroy();
    expect(await client.rpc('<lock-configuration/>')).toContain('<ok/>');
  });

  it('disk-full ends a put after so many bytes', async () => {
    await router.faults.set({ kind: 'disk-full', bytes: 3, times: 1 });
    const ssh = await dialSsh({ host: router.host, port: router.sshPort, username: 'qkd', password });
    const put = new RawNetconf(await execSsh(ssh, 'scp -t /var/tmp/full'));
    put.send('C0644 6 x\nabcdef\0');
    expect(await put.until((said) => said.includes('\u0001'))).toContain('No space left on device');
    expect(await readFile(join(router.root, 'var/tmp/full'), 'utf8')).toBe('abc');
    ssh.end();
  });

  it('changed-host-key', async () => {
    await router.faults.set({ kind: 'changed-host-key', times: 1 });
    const seen: string[] = [];
    const hostVerifier = (key: Buffer): boolean => (seen.push(key.toString('base64')), true);
    for (let login = 0; login < 2; login += 1) (await dialSsh({ host: router.host, port: router.sshPort, username: 'qkd', password, hostVerifier })).end();
    expect(router.hostKeyLine).not.toContain(seen[0]);
    expect(router.hostKeyLine).toContain(seen[1]);
  });
});

describe('states of a router', () => {
  it('down: neither SSH nor mgd until cleared, then both where they were', async () => {
    const id = await router.faults.set({ kind: 'down' });
    await expect(dialUnix(router.mgdSocket)).rejects.toThrow();
    await expect(dialSsh({ host: router.host, port: router.sshPort, username: 'qkd', password })).rejects.toThrow(/ECONNREFUSED/);
    await client.ended();
    await router.faults.clear(id);
    expect(await (await dial()).rpc('<lock-configuration/>')).toContain('<ok/>');
    (await dialSsh({ host: router.host, port: router.sshPort, username: 'qkd', password })).end();
  });

  it('unreachable: no SSH, but mgd answers on the router', async () => {
    await router.faults.set({ kind: 'unreachable' });
    await expect(dialSsh({ host: router.host, port: router.sshPort, username: 'qkd', password })).rejects.toThrow(/ECONNREFUSED/);
    expect(await client.rpc('<get-system-information/>')).toContain('mx1');
  });

  it('switched quickly: the last one counts', async () => {
    const id = await router.faults.set({ kind: 'down' });
    await Promise.all([router.faults.clear(id), router.faults.set({ kind: 'unreachable' }), router.faults.clear()]);
    (await dialSsh({ host: router.host, port: router.sshPort, username: 'qkd', password })).end();
  });

  it('slow-reply without rpc delays every RPC', async () => {
    await router.faults.set({ kind: 'slow-reply', milliseconds: 60 });
    expect(await timed(() => client.rpc('<get-system-information/>'))).toBeGreaterThan(55);
    expect(await timed(() => client.rpc('<get-software-information/>'))).toBeGreaterThan(55);
  });
});

describe('the control socket', () => {
  async function control(...lines: string[]): Promise<unknown[]> {
    const socket = new RawNetconf(connect(router.controlSocket));
    socket.send(lines.map((line) => `${line}\n`).join(''));
    const said = await socket.until((received) => received.split('\n').length > lines.length);
    socket.stream.destroy();
    return said.trim().split('\n').map((line) => JSON.parse(line) as unknown);
  }

  it('sets, lists and clears', async () => {
    const [set, listed, cleared, empty] = await control('{"set":{"kind":"slow-commit","milliseconds":5,"times":2}}', '{"list":true}', '{"clear":"all"}', '{"list":true}');
    expect(set).toMatchObject({ ok: true, id: expect.any(Number) as number });
    expect(listed).toMatchObject({ faults: [{ fault: { kind: 'slow-commit', milliseconds: 5 }, times: 2 }] });
    expect(cleared).toMatchObject({ ok: true });
    expect(empty).toMatchObject({ faults: [] });
  });

  it.each([
    ['', 'JSON'],
    ['{}', 'set, clear or list'],
    ['{"set":1}', 'a JSON object'],
    ['{"set":{"kind":"toString"}}', 'kind: one of'],
    ['{"set":{"kind":"slow-commit"}}', 'milliseconds: missing'],
    ['{"set":{"kind":"slow-commit","milliseconds":-1}}', 'milliseconds: a whole number'],
    ['{"set":{"kind":"hang","where":"there"}}', 'where: one of'],
    ['{"set":{"kind":"down","times":1}}', 'times: not a field'],
    ['{"set":{"kind":"clock-offset","seconds":1.5}}', 'seconds: a whole number'],
    ['{"clear":99}', 'no fault 99'],
    ['{"set":{"kind":"refuse-login","user":"x"}}', 'user: not a field'],
  ])('refuses %s', async (line, words) => {
    expect(await control(line)).toEqual([{ ok: false, error: expect.stringContaining(words) as string }]);
  });
});
