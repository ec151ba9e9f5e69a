// What the work per router is compared with: the least that talks to every router of a fleet, so many at once, as an
// operator would write it with plain ssh2: connect, with the program's algorithms and the host key checked, hello both
// ways, one RPC, close-session, end of the connection. With `kme` also the least that a rotation is made of: the three
// readings, a call to the KME by mutual TLS, a change of a private candidate, a record on the disk; no reply is read, and
// nothing is decided. A process of its own, so that both sides are counted alike. Argument: a JSON file with BareWork;
// prints BareResult.

import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createSecureContext } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';
import { HOST_KEY_TYPES, algorithmsFor } from '../../ssh/algorithms.ts';
import { atMost } from '../../workflow/at-most.ts';
import type { StartedRouter } from './member.ts';

export interface BareWork {
  readonly routers: readonly BareRouter[];
  readonly username: string;
  readonly privateKeyFile: string;
  readonly atOnce: number;
}

export interface BareRouter extends StartedRouter {
  /** Where a rotation asks its KME, with what, and the file that it writes. Undefined: a login only. */
  readonly kme?: { readonly url: string; readonly caFile: string; readonly certificateFile: string; readonly keyFile: string; readonly path: string; readonly record: string };
}

export interface BareResult {
  readonly seconds: number;
  /** Of the processors, user and system together, from the first connection on. */
  readonly processorSeconds: number;
}

type Login = { readonly username: string; readonly privateKey: Buffer };
/** Sends RPCs at once; resolves when all are answered. */
type Ask = (...rpcs: readonly string[]) => Promise<void>;

const END = ']]>]]>';
const NAMESPACE = 'xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"';
const HELLO = `<hello ${NAMESPACE}><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>${END}`;
const CLOCK = '<get-system-uptime-information xmlns=""/>';
const READINGS = [
  CLOCK,
  '<get-configuration xmlns="" database="committed" inherit="inherit" format="xml"><configuration><system><host-name/><time-zone/></system><security><macsec/><authentication-key-chains/></security></configuration></get-configuration>',
  '<get-mka-session-information xmlns=""/>',
];
/** A key in a key chain that nothing uses. */
const LOAD = `<load-configuration xmlns="" action="merge" format="xml"><configuration><security><authentication-key-chains><key-chain><name>bare</name><key><name>0</name><secret>${randomBytes(32).toString('hex')}</secret><key-name>${randomBytes(32).toString('hex')}</key-name><start-time>2030-01-01.00:00:00</start-time></key></key-chain></authentication-key-chains></security></configuration></load-configuration>`;

/** Logs in, works, and ends the connection in order. */
function visit(router: BareRouter, login: Login): Promise<void> {
  const { sshPort, hostKeys } = router;
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    let isDone = false;
    client.on('error', reject);
    client.on('close', () => (isDone ? resolve() : reject(new Error(`router on port ${sshPort} closed early`))));
    client.on('ready', () => {
      client.subsys('netconf', (error, channel) => {
        if (error !== undefined && error !== null) return reject(error);
        onSession(channel, router).then(() => {
          isDone = true;
          client.end();
        }, reject);
      });
    });
    const isPinned = (key: Buffer): boolean => hostKeys.includes(`SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`);
    client.connect({ host: '127.0.0.1', port: sshPort, ...login, algorithms: algorithmsFor(HOST_KEY_TYPES), hostVerifier: isPinned });
    client.setNoDelay(true);
  });
}

async function onSession(channel: ssh2.ClientChannel, { kme }: BareRouter): Promise<void> {
  let [text, sent, wanted] = ['', 0, 0];
  let answered: () => void = () => undefined;
  channel.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    if (text.split(END).length > wanted) answered();
  });
  const exchange = (messages: readonly string[]): Promise<void> => {
    wanted += messages.length;
    const all = new Promise<void>((resolve) => (answered = resolve));
    for (const message of messages) channel.write(message);
    return all;
  };
  const ask: Ask = (...rpcs) => exchange(rpcs.map((rpc) => `<rpc message-id="${(sent += 1)}" ${NAMESPACE}>${rpc}</rpc>${END}`));
  await exchange([HELLO]);
  if (kme === undefined) await ask(CLOCK);
  else await rotation(ask, kme);
  await ask('<close-session/>');
  if (text.includes('<error-severity>error')) throw new Error(`refused: ${text.slice(0, 500)}`);
}

async function rotation(ask: Ask, kme: NonNullable<BareRouter['kme']>): Promise<void> {
  await ask(...READINGS);
  await call(kme);
  await ask('<open-configuration xmlns=""><private/></open-configuration>');
  await ask(LOAD);
  await ask('<commit-configuration xmlns=""/>');
  await ask('<close-configuration xmlns=""/>');
  const file = openSync(`${kme.record}.tmp`, 'w', 0o600);
  writeFileSync(file, 'record'.repeat(100));
  await promisify(fsync)(file);
  closeSync(file);
  renameSync(`${kme.record}.tmp`, kme.record);
}

function call({ url, caFile, certificateFile, keyFile, path }: NonNullable<BareRouter['kme']>): Promise<void> {
  const { hostname, port } = new URL(url);
  const secureContext = createSecureContext({ cert: readFileSync(certificateFile), key: readFileSync(keyFile), ca: readFileSync(caFile) });
  return new Promise((resolve, reject) => {
    const asked = request({ agent: new Agent({ keepAlive: false, maxCachedSessions: 0, secureContext }), host: hostname, port, path }, (answer) => {
      answer.resume().on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`KME: ${answer.statusCode}`))));
    });
    asked.on('error', reject).end();
  });
}

async function work({ routers, username, privateKeyFile, atOnce }: BareWork): Promise<BareResult> {
  const login = { username, privateKey: readFileSync(privateKeyFile) };
  const [from, before] = [performance.now(), process.cpuUsage()];
  await atMost(atOnce, routers, (router) => visit(router, login));
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - from) / 1000, processorSeconds: (user + system) / 1e6 };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  void work(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BareWork).then((result) => process.stdout.write(JSON.stringify(result)));
}
