// kill -9 at every step of a renewal: the built program as its own process, ended before its Nth change to the file system,
// for every N, and at random moments. Whatever is found afterwards under the two names in service must be one pair.

import { spawn } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeArtifact } from '../../build/artifact.ts';
import { makePki, type Pki } from '../bench/pki/pki.ts';
import { Random } from '../bench/simulation/random.ts';
import { atMost } from '../workflow/at-most.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'qkd-crash-'));
const artifact = join(folder, 'qkd-macsec.js');
const hook = join(folder, 'hook.cjs');
let pki: Pki;

// Loaded before the program: ends the process before its Nth call that changes the file system.
const HOOK = `
const sync = require('node:fs');
const fs = sync.promises;
let left = Number(process.env.DIE_BEFORE);
const step = () => { if (--left === 0) process.kill(process.pid, 'SIGKILL'); };
const counted = (holder, name) => { const real = holder[name]; holder[name] = (...args) => { step(); return real.apply(holder, args); }; };
for (const name of ['mkdir', 'rename', 'symlink', 'rm', 'chmod']) counted(fs, name);
for (const name of ['mkdirSync', 'renameSync', 'fchmodSync', 'linkSync', 'unlinkSync', 'writeFileSync']) counted(sync, name);
const openSync = sync.openSync;
sync.openSync = (path, flags, ...rest) => { if (flags === 'wx') step(); return openSync(path, flags, ...rest); };
const open = fs.open;
fs.open = async (path, flags, ...rest) => {
  const writes = flags === 'wx';
  if (writes) step();
  const handle = await open(path, flags, ...rest);
  if (writes) for (const name of ['writeFile', 'chmod']) counted(handle, name);
  return handle;
};
`;

beforeAll(async () => {
  const { code } = await makeArtifact({ root: ROOT, entry: 'src/main.ts', version: '0.0.0', commit: 'crash' });
  writeFileSync(artifact, code, { mode: 0o755 });
  writeFileSync(hook, HOOK);
  pki = await makePki(join(folder, 'pki'), { kmes: [], saes: ['mx1'] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let homes = 0;

/** A home folder with a CA and what \`lay\` puts into its certificate folder. */
function makeHome(lay: (certs: string) => void): string {
  const home = join(folder, `home-${++homes}`);
  const certs = join(home, 'certs');
  mkdirSync(certs, { recursive: true });
  cpSync(pki.clientCa.certificateFile, join(certs, 'client-root-ca.crt'));
  cpSync(pki.clientCa.keyFile, join(certs, 'client-root-ca.key'));
  lay(certs);
  // Nobody listens at the KME's address: it cannot be asked, and the CA stays the same.
  const inventory = {
    system: { kme: { attempt_timeout: 1, deadline: 0.3 }, certificates: { key: 'ec-p256' } },
    paths: { home },
    secrets: { username: 'qkd', password_env: 'QKD_PASSWORD' },
    ca_server: { ca_cert: { generate: true } },
    devices: { mx1: { ip: '127.0.0.1', kme: { url: 'https://127.0.0.1:1', ca_file: 'certs/client-root-ca.crt' } }, mx2: { ip: '127.0.0.1', kme: { url: 'https://127.0.0.1:1' } } },
    links: [{ name: 'l', connectivity_association: 'CA', master: { device: 'mx1', interfaces: ['et-0/0/1'] }, slaves: [{ device: 'mx2', interfaces: ['et-0/0/1'] }] }],
  };
  writeFileSync(join(home, 'inventory.json'), JSON.stringify(inventory), { mode: 0o600 });
  return home;
}

/** Runs `certs renew --force`; resolves to how it ended. */
async function renew(home: string, kill: { before?: number; afterMilliseconds?: number } = {}): Promise<'killed' | number | null> {
  const argv = ['--require', hook, artifact, 'certs', 'renew', '--force', '--onbox', '--device', 'mx1', '--inventory', join(home, 'inventory.json')];
  const child = spawn(process.execPath, argv, { env: { QKD_PASSWORD: 'x', DIE_BEFORE: String(kill.before ?? 0) }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const timer = kill.afterMilliseconds === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), kill.afterMilliseconds);
  const [status, signal] = await new Promise<[number | null, string | null]>((resolve) => child.once('close', (code, by) => resolve([code, by])));
  clearTimeout(timer);
  if (signal === 'SIGKILL') return 'killed';
  if (status !== 0) throw new Error(said);
  return status;
}

/** What stands under the two names: a whole pair by its serial number, or what is missing. Throws for a pair that does not match. */
function found(home: string, name = 'mx1'): string {
  const [crt, key] = [join(home, 'certs', `${name}.crt`), join(home, 'certs', `${name}.key`)];
  if (!existsSync(crt) || !existsSync(key)) return 'incomplete';
  const certificate = new X509Certificate(readFileSync(crt));
  if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(key)))) throw new Error('mismatched pair in service');
  return certificate.serialNumber;
}

const plain = (certs: string): void => {
  const pair = pki.saes.get('mx1');
  for (const end of ['certificateFile', 'keyFile'] as const) cpSync(pair?.[end] ?? '', join(certs, end === 'keyFile' ? 'mx1.key' : 'mx1.crt'));
};

const MOST_STEPS = 60;

describe('a renewal that is killed before its Nth step', () => {
  it.each<[string, (certs: string) => void, { renewedBefore: boolean; whole: boolean }]>([
    ['with plain files in service', plain, { renewedBefore: false, whole: true }],
    ['with a renewed pair in service', plain, { renewedBefore: true, whole: true }],
    ['with nothing in service', () => undefined, { renewedBefore: false, whole: false }],
    ['with a certificate without its key', (certs) => cpSync(pki.saes.get('mx1')?.certificateFile ?? '', join(certs, 'mx1.crt')), { renewedBefore: false, whole: false }],
  ])('%s leaves a whole pair, and the next run renews', { timeout: 240_000 }, async (_name, lay, { renewedBefore, whole }) => {
    const template = makeHome(lay);
    if (renewedBefore) expect(await renew(template)).toBe(0);
    let [steps, finished] = [0, false];
    const serials = new Set<string>();
    const attempt = async (before: number): Promise<void> => {
      if (finished) return;
      const home = makeHome(() => undefined);
      rmSync(join(home, 'certs'), { recursive: true });
      cpSync(join(template, 'certs'), join(home, 'certs'), { recursive: true, verbatimSymlinks: true });
      const [old, ended] = [found(home), await renew(home, { before })];
      if (ended === 0) finished = true;
      else steps = Math.max(steps, before);
      const after = found(home);
      serials.add(after === old ? 'old' : after === 'incomplete' ? 'incomplete' : 'new');
      if (whole) expect(after, `killed before step ${before}`).not.toBe('incomplete');
      if (before % 4 === 0) {
        expect(await renew(home)).toBe(0);
        expect([old, after, 'incomplete']).not.toContain(found(home));
      }
      rmSync(home, { recursive: true });
    };
    await atMost(2, Array.from({ length: MOST_STEPS }, (_, n) => n + 1), attempt);
    expect([finished, steps > 15, serials.has('new')]).toEqual([true, true, true]);
    expect(serials.has('old')).toBe(true);
  });

  it('at random moments, again and again on the same files', { timeout: 120_000 }, async () => {
    const home = makeHome(plain);
    const began = Date.now();
    await renew(home);
    const took = Date.now() - began;
    const random = new Random(4);
    for (let round = 0; round < 12; round += 1) {
      const afterMilliseconds = took * random.between(0.3, 1);
      await renew(home, { afterMilliseconds });
      expect(found(home), `round ${round}, killed after ${afterMilliseconds} ms`).not.toBe('incomplete');
    }
    expect(await renew(home)).toBe(0);
  });
});
