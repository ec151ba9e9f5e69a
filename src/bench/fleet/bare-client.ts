// What the work per router is compared with: the least that talks to every router of a fleet, so many at once. As an
// operator would write it with plain ssh2: connect, with the program's algorithms and the host key checked, hello both
// ways, one RPC, close-session, end of the connection. A process of its own, so that both sides are counted alike.
// Argument: a JSON file with BareWork; prints BareResult.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import ssh2 from 'ssh2';
import { HOST_KEY_TYPES, algorithmsFor } from '../../ssh/algorithms.ts';
import { atMost } from '../../workflow/at-most.ts';
import type { StartedRouter } from './member.ts';

export interface BareWork {
  readonly routers: readonly StartedRouter[];
  readonly username: string;
  readonly privateKeyFile: string;
  readonly atOnce: number;
}

export interface BareResult {
  readonly seconds: number;
  /** Of the processors, user and system together, from the first connection on. */
  readonly processorSeconds: number;
}

const HELLO = '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>';
const RPC = '<rpc message-id="1" xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><get-system-uptime-information xmlns=""/></rpc>]]>]]>';
const CLOSE = '<rpc message-id="2" xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><close-session/></rpc>]]>]]>';

function visit({ sshPort, hostKeys }: StartedRouter, login: { username: string; privateKey: Buffer }): Promise<void> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    let isDone = false;
    client.on('error', reject);
    client.on('close', () => (isDone ? resolve() : reject(new Error(`router on port ${sshPort} closed early`))));
    client.on('ready', () => {
      client.subsys('netconf', (error, channel) => {
        if (error !== undefined && error !== null) return reject(error);
        let [text, messages] = ['', 0];
        channel.on('data', (chunk: Buffer) => {
          text += chunk.toString('latin1');
          const ends = text.split(']]>]]>').length - 1;
          if (ends > messages) {
            if (ends === 1) channel.write(RPC);
            else if (ends === 2) channel.write(CLOSE);
            else {
              isDone = true;
              client.end();
            }
          }
          messages = ends;
        });
        channel.write(HELLO);
      });
    });
    const isPinned = (key: Buffer): boolean => hostKeys.includes(`SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`);
    client.connect({ host: '127.0.0.1', port: sshPort, ...login, algorithms: algorithmsFor(HOST_KEY_TYPES), hostVerifier: isPinned });
    client.setNoDelay(true);
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
