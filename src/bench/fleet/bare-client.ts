// What the work per router is compared with: a bare ssh2 connect, NETCONF hello and one RPC to every router of a
// fleet, so many at once. A process of its own, so that both sides are counted alike. Argument: a JSON file with
// BareWork; prints BareResult.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import ssh2 from 'ssh2';
import { atMost } from '../../workflow/at-most.ts';

export interface BareWork {
  readonly ports: readonly number[];
  readonly username: string;
  readonly privateKeyFile: string;
  readonly atOnce: number;
}

export interface BareResult {
  readonly seconds: number;
  /** Of the processors, user and system together, without start-up. */
  readonly processorSeconds: number;
}

const HELLO = '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>';
const RPC = '<rpc message-id="1" xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><get-system-uptime-information xmlns=""/></rpc>]]>]]>';

function visit(port: number, login: { username: string; privateKey: Buffer }): Promise<void> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('error', reject);
    client.on('ready', () => {
      client.subsys('netconf', (error, channel) => {
        if (error !== undefined && error !== null) return reject(error);
        let [text, messages] = ['', 0];
        channel.on('data', (chunk: Buffer) => {
          text += chunk.toString('latin1');
          const ends = text.split(']]>]]>').length - 1;
          if (ends > messages && messages === 0) channel.write(RPC);
          messages = ends;
          if (messages < 2) return;
          client.end();
          resolve();
        });
        channel.write(HELLO);
      });
    });
    client.connect({ host: '127.0.0.1', port, ...login, hostVerifier: () => true });
    client.setNoDelay(true);
  });
}

async function work({ ports, username, privateKeyFile, atOnce }: BareWork): Promise<BareResult> {
  const login = { username, privateKey: readFileSync(privateKeyFile) };
  const [from, before] = [performance.now(), process.cpuUsage()];
  await atMost(atOnce, ports, (port) => visit(port, login));
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - from) / 1000, processorSeconds: (user + system) / 1e6 };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  void work(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BareWork).then((result) => process.stdout.write(JSON.stringify(result)));
}
