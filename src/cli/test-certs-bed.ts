// For tests: two routers and their KMEs with client certificates that can be laid as wanted, and the program in this
// process, on a router or off-box.

import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lab, startLab } from '../bench/lab/lab.ts';
import type { Authority } from '../bench/pki/pki.ts';
import { command } from './test-command.ts';

export type Json = Record<string, unknown>;

export interface Ran {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
  readonly json: { certificates: Json[]; links: Json[]; authorities: Json[]; error?: Json };
}

export const GENERATE = { ca_cert: { generate: true } };
export const DAY = 86_400_000;

export const serial = (file: string): string => new X509Certificate(readFileSync(file)).serialNumber;
export const daysOf = (file: string): number => (Date.parse(new X509Certificate(readFileSync(file)).validTo) - Date.now()) / DAY;

export function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Started once for a file of tests. */
export async function startCertsBed() {
  const folder = mkdtempSync(join(tmpdir(), 'qkd-certs-'));
  const system = { rotation: { wait: 0, poll: 1 }, ssh: { attempts: 1, delay: 0, timeout: 5 }, kme: { attempt_timeout: 5, deadline: 5 } };
  const lab: Lab = await startLab({ folder, routers: 2, artifact: join(folder, 'not-built'), method: 'pre-shared-key', hello: 20, system });
  let count = 0;

  const site = (name: string) => {
    const found = lab.routers.get(name);
    if (found === undefined) throw new Error(`no router ${name}`);
    return found;
  };
  const certs = (name: string): string => join(site(name).home, 'certs');
  const crt = (name: string): string => join(certs(name), `${name}.crt`);
  const key = (name: string): string => join(certs(name), `${name}.key`);

  /** A new pair that the KMEs accept, laid nowhere yet. */
  const issue = (commonName: string, days: { fromDay?: number; untilDay?: number } = {}): Promise<Authority> =>
    lab.pki.issue(lab.pki.clientCa, { file: `laid-${++count}`, kind: 'client', commonName, ...days });

  /** Lays a pair with so many days left into a router's folder, and nothing else. */
  async function layPair(name: string, untilDay: number): Promise<Authority> {
    const made = await issue(name, { fromDay: -30, untilDay });
    rmSync(join(certs(name), `${name}.pairs`), { recursive: true, force: true });
    for (const end of ['crt', 'key', 'crt.prev', 'key.prev', 'crt.new', 'key.new']) rmSync(join(certs(name), `${name}.${end}`), { force: true });
    copyFileSync(made.certificateFile, crt(name));
    copyFileSync(made.keyFile, key(name));
    return made;
  }

  /** The bench's CA as the one that is generated on this machine. */
  function layAuthority(into: string, withKey = true): void {
    mkdirSync(into, { recursive: true });
    copyFileSync(lab.pki.clientCa.certificateFile, join(into, 'client-root-ca.crt'));
    if (withKey) copyFileSync(lab.pki.clientCa.keyFile, join(into, 'client-root-ca.key'));
  }

  async function run(inventory: string, change: (inventory: Json) => void, ...argv: string[]): Promise<Ran> {
    const wanted = JSON.parse(readFileSync(inventory, 'utf8')) as Json;
    change(wanted);
    const changed = `${inventory}.${++count}.json`;
    writeFileSync(changed, JSON.stringify(wanted), { mode: 0o600 });
    const clock = { now: () => Date.now() + bed.ahead, sleep: async (_: number, signal?: AbortSignal) => (signal === undefined ? undefined : new Promise<never>(() => undefined)) };
    const { status, output, errors: lines } = await command({ argv: ['-i', changed, ...argv], folder, clock });
    const errors = lines.map((line) => `${line}\n`).join('');
    return { status, output, errors, json: (output.startsWith('{') ? JSON.parse(output) : {}) as Ran['json'] };
  }

  const onBox = (name: string, caServer: object | undefined, ...argv: string[]): Promise<Ran> =>
    run(join(site(name).home, 'inventory.json'), (inventory) => void (caServer !== undefined && (inventory['ca_server'] = caServer)), '--onbox', '--device', name, ...argv);

  /** As after the bench was started, with certificates that have 300 days left. */
  async function reset(): Promise<void> {
    bed.ahead = 0;
    for (const name of ['mx1', 'mx2']) {
      rmSync(join(site(name).home, 'certificate-checks'), { recursive: true, force: true });
      for (const file of ['client-root-ca.crt', 'client-root-ca.key', 'client-root-ca.crt.prev', 'client-root-ca.key.prev', 'client-root-ca.pairs', 'client-root-ca.crt.new']) rmSync(join(certs(name), file), { recursive: true, force: true });
      await layPair(name, 300);
    }
  }

  const close = async (): Promise<void> => {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const bed = { folder, lab, ahead: 0, site, certs, crt, key, issue, layPair, layAuthority, run, onBox, reset, close };
  return bed;
}

export type CertsBed = Awaited<ReturnType<typeof startCertsBed>>;
