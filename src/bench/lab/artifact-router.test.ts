import { type Server, type Socket, createServer as tcpServer, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeArtifact } from '../../../build/artifact.ts';
import { type PeerBehaviour, makeHostKey, pinOf, startPeer } from '../../ssh/test-peers.ts';
import { initialConfiguration } from '../router/initial-configuration.ts';
import type { FaultSetting } from '../router/faults/fault.ts';
import { startRouter } from '../router/start-router.ts';
import { type Bed, type InventoryJson, complaint, converge, startBed } from './artifact-bed.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const THOROUGH = process.env['CI'] !== undefined || process.env['SLOW'] !== undefined;
const HELLO = '<hello><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>';

type Change = (inventory: InventoryJson) => void;

let bed: Bed;
const hostKey = makeHostKey();
const open: (() => unknown)[] = [];

beforeAll(async () => {
  const { code } = await makeArtifact({ root: ROOT, entry: 'src/main.ts', version: '0.0.0', commit: 'bed' });
  bed = await startBed(code);
  await rotate();
}, 60_000);

afterEach(async () => {
  for (const router of ['mx1', 'mx2']) await bed.site(router).router.faults.clear();
  for (const close of open.splice(0)) await close();
  if (THOROUGH) await rotate();
});

afterAll(() => bed.close());

async function rotate(): Promise<void> {
  await converge(bed);
}

/** Runs a router, which must fail with one error line and change nothing; that line and the hint. */
async function fails(router: string, change: Change = () => undefined): Promise<string> {
  const before = [bed.state('mx1'), bed.state('mx2')];
  const run = await bed.run(router, { change });
  expect(run.status, run.standardOutput).toBe(1);
  expect([bed.state('mx1'), bed.state('mx2')]).toEqual(before);
  const { error, hint } = complaint(run);
  return `${error} | ${hint}`;
}

const on = (router: string, fault: FaultSetting) => (): Promise<unknown> => bed.site(router).router.faults.set(fault);

// The short time-outs of what hangs may strike elsewhere on a machine that is busy: such a run is repeated.
describe("the far router's SSH", { retry: 2 }, () => {
  const tcp = (serve: (socket: Socket) => unknown) => async (): Promise<number> => {
    const sockets = new Set<Socket>();
    const server: Server = tcpServer((socket) => (sockets.add(socket.on('error', () => undefined)), serve(socket)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(() => (sockets.forEach((socket) => socket.destroy()), server.close()));
    return (server.address() as AddressInfo).port;
  };
  const peer = (behaviour: Partial<PeerBehaviour>) => async (): Promise<number> => {
    const started = await startPeer({ hostKeys: [hostKey], ...behaviour });
    open.push(() => started.close());
    return started.port;
  };
  const says = (text: string) => peer({ exec: (_command, channel) => (channel.write(text), channel.exit(1), channel.end()) });
  /** A whole SCP transfer of this text. */
  const gives = (text: string) => peer({ exec: (_command, channel) => {
    let answers = 0;
    channel.on('data', () => {
      answers += 1;
      if (answers === 1) channel.write(`C0600 ${Buffer.byteLength(text)} x\n`);
      else if (answers === 2) channel.write(`${text}\0`);
      else channel.exit(0), channel.end();
    });
  } });
  const record = (link: object): string => JSON.stringify({ mx1: 'x', version: 2, written_at: '2026-01-01T00:00:00Z', links: { 'mx1-mx2': { role: 'master', master_sae: 'mx1', slave_saes: ['mx2'], keys: [], ...link } } });

  it.each<[string, () => Promise<number>, RegExp]>([
    ['listens nowhere', async () => (await tcp(() => undefined)(), 1), /ssh 127.0.0.1:1: connection refused \(2 attempts\)/],
    ['says nothing', tcp(() => undefined), /ssh 127.0.0.1:\d+: no answer within 1 s$/],
    ['is none', tcp((socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n')), /ssh 127.0.0.1:\d+: key exchange: /],
    ['stops in the key exchange', tcp((socket) => socket.write('SSH-2.0-x\r\n')), /key exchange: not finished within 1 s/],
    ['stops in the authentication', peer({ authenticate: () => undefined }), /authentication: not finished within 1 s/],
    ['refuses the login', peer({ authenticate: (context) => context.reject(['publickey', 'password']) }), /refuses the login \(tried publickey; it takes publickey, password\)/],
    ['has no SCP', says('unknown command.\n'), /scp get \S+mx1_last_key.json: not SCP: "unknown command."/],
    ['refuses the file', says('\u0001scp: /var/home: Permission denied\n'), /scp get \S+mx1_last_key.json: \/var\/home: Permission denied/],
    ['refuses the command', peer({}), /ssh 127.0.0.1:\d+: exec scp -p -f \S+mx1_last_key.json: refused: Unable to exec/],
    ['stops in the file', peer({ exec: (_command, channel) => void channel.write('C0600 9 x\nabc') }), /scp get \S+: not finished within 1 s/],
    ['sends a gigabyte', says('C0600 1073741824 x\n'), /the file has 1073741824 bytes, at most 262144 are accepted/],
    ['sends more than the file', peer({ exec: (_command, channel) => void channel.write('C0600 2 x\n{}\0more') }), /data after the end of the file/],
    ['gives a record with other roles', gives(record({ role: 'slave' })), /record of mx1: link mx1-mx2: role slave, expected master/],
    ['gives a record of another link partner', gives(record({ master_sae: 'mx9' })), /master SAE mx9, expected mx1/],
    ['gives a record of another version', gives('{"mx1":"x","version":3}'), /version 3, expected 2/],
    ['gives a key_ID that is a path', gives(record({ keys: [{ key_ID: '../../x', start_time: '2026-01-01T00:00:00Z', confirmed: false, refused: false }] })), /key_ID/],
  ])('%s', async (_name, start, expected) => {
    const port = await start();
    const hangs = expected.source.includes('within 1 s');
    expect(await failsToPull({ port, host_key: pinOf(hostKey.publicKey) }, hangs ? { timeout: 1, attempts: 1 } : {})).toMatch(expected);
  });

  it('shows a host key that is not pinned, or not known', async () => {
    expect(await failsToPull({ host_key: pinOf(makeHostKey().publicKey) })).toMatch(/host key ssh-ed25519 SHA256:\S+ is not the pinned SHA256:/);
    expect(await failsToPull({ host_key: undefined })).toMatch(/host key ssh-ed25519 SHA256:\S+ is unknown/);
  });

  it.each(['', 'garbage {', '\u0000\u0001'])('gives a record that is damaged, which reads as none: %j', async (text) => {
    const port = await gives(text)();
    const before = bed.state('mx2');
    const run = await bed.run('mx2', { change: toward({ port, host_key: pinOf(hostKey.publicKey) }, {}) });
    expect([run.status, run.links[0]?.outcome]).toEqual([0, 'waiting']);
    expect(bed.state('mx2')).toBe(before);
  });
  it('and the next run succeeds', rotate);

  function toward(device: object, ssh: object): Change {
    return (inventory) => {
      Object.assign(inventory.devices.mx1, device);
      Object.assign(inventory.system.ssh, ssh);
      inventory.system.rotation = { ...inventory.system.rotation, wait: 0.3 };
    };
  }

  /** Without the workflow's own words in front; what it hints at is its own too. */
  async function failsToPull(device: object, ssh: object = {}): Promise<string> {
    const before = bed.state('mx2');
    const run = await bed.run('mx2', { change: toward(device, ssh) });
    expect([run.status, run.links[0]?.outcome], run.standardOutput).toEqual([1, 'failed']);
    expect(bed.state('mx2')).toBe(before);
    return run.standardError.split('\n')[0] as string;
  }
});

const netconf = (settings: object): Change => (inventory) => void Object.assign(inventory.system.netconf, settings);
const shell = (script: string): Change => netconf({ mgd_command: ['/bin/sh', '-c', script], rpc_timeout: 1 });

describe('mgd', { retry: 2 }, () => {
  it.each<[string, Change, RegExp]>([
    ['command missing', netconf({ mgd_command: ['/usr/sbin/no-cli', 'xml-mode'] }), /^mgd: cannot start \/usr\/sbin\/no-cli: ENOENT \| set system.netconf.mgd_command/],
    ['socket missing', netconf({ mgd_socket: '/nonexistent/mgd.sock' }), /^mgd: cannot connect to socket \/nonexistent\/mgd.sock: ENOENT \| check system.netconf.mgd_socket/],
    ['command ends at once', shell('echo "could not connect to mgd" >&2; exit 3'), /^mgd: \/bin\/sh: no hello: the command ended, exit status 3: could not connect to mgd \| check mgd/],
    ['command is killed', shell('kill -9 $$'), /no hello: the command ended, killed by SIGKILL/],
    ['says nothing', shell('exec sleep 20'), /no hello: no answer within 1 s; the session was closed \| check the load of the router, or raise system.netconf.rpc_timeout/],
    ['says nothing and ignores SIGTERM', shell('trap "" TERM; while :; do sleep 0.2; done'), /no hello: no answer within 1 s/],
    ['floods', shell('exec yes spam'), /longer than 16777216 bytes|no answer within 1 s/],
    ['refuses the user', shell('echo "error: Restricted user session"; exec sleep 20'), /mgd refuses NETCONF: restricted user session \| run as a user/],
    ['says hello and no more', shell(`printf %s '${HELLO}'; exec sleep 20`), /get-\S+: no answer within 1 s/],
    ['says hello and ends', shell(`printf %s '${HELLO}'`), /get-\S+: the command ended, exit status 0 \| check mgd/],
    ['says a hello of nothing', shell("printf %s '<hello><capabilities/></hello>]]>]]>'; exec sleep 20"), /hello without a NETCONF base capability \| try the same by hand/],
  ])('%s', async (_name, change, expected) => {
    expect(await fails('mx1', change)).toMatch(expected);
  });

  it.each<[string, FaultSetting, RegExp]>([
    ['is locked', { kind: 'lock-held', user: 'alice' }, /locked by alice \(pid \d+\) since .* \(waited 0.3 s\) \| ask alice to leave configuration mode/],
    ['has a dirty candidate', { kind: 'dirty-candidate', user: 'bob' }, /the shared candidate holds uncommitted changes \(waited 0.3 s\); in configuration mode: bob .* \| commit or roll back/],
    ['does not answer the first RPC', { kind: 'hang', where: 'reply' }, /no answer within 1 s; the session was closed \| check the load/],
    ['hangs in open-configuration', { kind: 'slow-reply', rpc: 'open-configuration', milliseconds: 1600 }, /open-configuration: no answer within 1 s/],
    ['hangs in load-configuration', { kind: 'slow-reply', rpc: 'load-configuration', milliseconds: 1600 }, /load-configuration: no answer within 1 s/],
    ['drops the session at load', { kind: 'drop-session', when: 'before', rpc: 'load-configuration', times: 1 }, /load-configuration: the command ended, exit status 0 \|/],
  ])('%s', async (_name, fault, expected) => {
    await on('mx1', fault)();
    expect(await fails('mx1', netconf({ rpc_timeout: 1 }))).toMatch(expected);
  });

  it.each<[string, (reply: string) => string | undefined, RegExp]>([
    ['sends XML cut short', (reply) => reply.replace('</rpc-reply>', ''), /XML refused: line \d+: Expected closing tag 'rpc-reply' \(opened in line 1, col \d+\) \| try the same by hand/],
    ['answers another request', (reply) => reply.replace(/message-id="\d+"/, 'message-id="999"'), /the reply answers another request/],
    ['sends a document type', (reply) => reply.replace('</rpc-reply>', '<!DOCTYPE x></rpc-reply>'), /document type declaration is not allowed/],
    ['refuses the load, quoting the key', (reply) => (reply.includes('load-configuration-results') ? refusal('[edit security macsec]', `syntax error, cak ${'1f'.repeat(32)}`) : reply), /load-configuration: \[edit security macsec\] syntax error, cak \[secret\] \| check that the platform/],
  ])('%s', async (_name, rewrite, expected) => {
    expect(await fails('mx1', netconf({ mgd_socket: await rewriting(rewrite), rpc_timeout: 2 }))).toMatch(expected);
  });

  it.each([
    ['read-only', /lock-configuration: permission denied \| run qkd-macsec --offbox init on the management host/],
    ['unauthorized', /permission denied \| allow .* in the login class of this user/],
  ] as const)('denies a %s user', async (loginClass, expected) => {
    const users = [{ name: 'qkd', loginClass, password: 'x' }];
    const router = await startRouter({ name: 'mx1', dir: join(bed.folder, loginClass), users, initial: initialConfiguration('mx1', users) });
    open.push(() => router.close());
    expect(await fails('mx1', netconf({ mgd_socket: router.mgdSocket }))).toMatch(expected);
  });
  it('and the next run succeeds', rotate);
});

describe('mgd, in spite of everything', () => {
  it.each<[string, FaultSetting, object]>([
    ['a banner before the hello', { kind: 'text-before-hello', text: '*** permission denied to strangers ***\n<!-- hi -->', times: 1 }, {}],
    ['a lock that is released in time', { kind: 'lock-held', user: 'alice', times: 1 }, { lock_wait: 10 }],
    ['a malformed commit reply', { kind: 'malformed-commit-reply', times: 1 }, {}],
    ['a warning on load', { kind: 'warning', rpc: 'load-configuration', message: 'statement not found', times: 1 }, {}],
    ['a slow commit', { kind: 'slow-commit', milliseconds: 700, times: 1 }, {}],
    ['a commit slower than its time-out', { kind: 'slow-commit', milliseconds: 900, times: 1 }, { commit_timeout: 0.3 }],
    ['a session dropped after the commit', { kind: 'drop-session', when: 'after', rpc: 'commit-configuration', times: 1 }, {}],
  ])('%s', async (_name, fault, settings) => {
    await on('mx1', fault)();
    const [master, slave] = await Promise.all([bed.run('mx1', { change: netconf(settings) }), bed.run('mx2', { change: (inventory) => void Object.assign(inventory.system.rotation, { wait: 15 }) })]);
    expect([master.links[0]?.outcome, slave.links[0]?.outcome], master.standardError + slave.standardError).toEqual(['rotated', 'installed']);
  }, 30_000);

  it('over the UNIX socket', async () => {
    const socket = (router: string): Change => netconf({ mgd_socket: bed.site(router).router.mgdSocket });
    const runs = await Promise.all([bed.run('mx1', { change: socket('mx1') }), bed.run('mx2', { change: socket('mx2') })]);
    expect(runs.map((run) => run.links[0]?.outcome)).toEqual(['rotated', 'installed']);
  });

  it('and the next run succeeds', rotate);

  it.runIf(THOROUGH)('a session dropped before the commit: unknown, looked up, then said', async () => {
    await on('mx1', { kind: 'drop-session', when: 'before', rpc: 'commit-configuration', times: 1 })();
    expect(await fails('mx1')).toMatch(/commit-configuration: .* \| look for "qkd-macsec key link mx1-mx2 run \w+" in `show system commit` on the router/);
  }, 120_000);
});

function refusal(path: string, message: string): string {
  const id = '<rpc-reply><rpc-error><error-severity>error</error-severity>';
  return `${id}<error-path>${path}</error-path><error-message>${message}</error-message></rpc-error></rpc-reply>`;
}

/** A socket to mx1's mgd that changes what the router replies; undefined drops the session. */
async function rewriting(rewrite: (reply: string) => string | undefined): Promise<string> {
  const path = join(bed.folder, `rewriting-${Math.random().toString(36).slice(2)}.sock`);
  const server = tcpServer((client) => {
    const mgd = connect(bed.site('mx1').router.mgdSocket);
    let pending = '';
    client.on('error', () => undefined).on('close', () => mgd.destroy()).pipe(mgd.on('error', () => undefined).on('close', () => client.destroy()));
    mgd.setEncoding('utf8').on('data', (text: string) => {
      const messages = (pending + text).split(']]>]]>');
      pending = messages.pop() as string;
      for (const message of messages) {
        const reply = message.includes('<rpc-reply') ? rewrite(message) : message;
        if (reply === undefined) client.destroy();
        else client.write(`${reply}]]>]]>`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  open.push(() => server.close());
  return path;
}
