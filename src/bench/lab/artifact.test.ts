import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeArtifact } from '../../../build/artifact.ts';
import { element } from '../../xml.ts';
import { obfuscate, reveal } from '../configuration/obfuscation.ts';
import { type Bed, converge, startBed } from './artifact-bed.ts';
import { runArtifact } from './artifact-process.ts';
import { keysFoundIn } from './secret-scan.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const THOROUGH = process.env['CI'] !== undefined || process.env['SLOW'] !== undefined;
const DEBUG = { arguments: ['-vvvv'] };

let bed: Bed;
const temporary = process.env['TMPDIR'];

beforeAll(async () => {
  const { code } = await makeArtifact({ root: ROOT, entry: 'src/main.ts', version: '0.0.0', commit: 'bed' });
  bed = await startBed(code);
  await converge(bed);
}, 60_000);

afterEach(() => {
  if (temporary === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = temporary;
});

afterAll(() => bed.close());

describe('a run that is killed at any moment', () => {
  it('leaves the link up, no lock behind, and the next runs agree on a new key', async () => {
    const link = bed.lab.cable('mx1-mx2');
    const since = Date.now();
    const kills = THOROUGH ? 30 : 9;
    for (let kill = 1; kill <= kills; kill += 1) {
      // A run takes 200 to 400 ms; spread evenly, so that every step is met.
      const after = (part: number): number => (100 + 350 * ((kill / kills + part) % 1)) / 1000;
      await Promise.all([bed.run('mx1', { limitSeconds: after(0) }), bed.run('mx2', { limitSeconds: after(0.4) })]);
      if (kill % 3 === 0) await agree();
    }
    expect(link.wasEverDown(since)).toBe(false);
    for (const router of ['mx1', 'mx2']) {
      const session = bed.site(router).router.mgd.openSession({ name: 'operator', loginClass: 'super-user' });
      expect(await session.execute(element('lock-configuration'))).not.toContain('rpc-error');
      session.close();
    }
  }, 120_000);

  /** A key that one end alone has committed may need a run to be settled. */
  async function agree(): Promise<void> {
    await converge(bed).catch(() => converge(bed));
  }
});

describe('key bytes', () => {
  it('are found where they are planted: raw, hex, base64 and $9$', () => {
    const [key = Buffer.alloc(0)] = bed.lab.kmes.issuedKeys();
    const forms: Record<string, string | Buffer> = { raw: key, hex: key.toString('hex'), base64: `x${key.toString('base64')}`, reversible: `cak "${obfuscate(key.toString('hex'))}"` };
    for (const [form, content] of Object.entries(forms)) writeFileSync(join(bed.folder, `planted-${form}`), content);
    expect(leaks()).toHaveLength(4);
    for (const form of Object.keys(forms)) writeFileSync(join(bed.folder, `planted-${form}`), '');
    expect(leaks()).toEqual([]);
  });

  it('C63 are in no file, output, argument or environment, at the highest log levels and in every kind of run', async () => {
    const folder = join(bed.folder, 'tmp');
    mkdirSync(folder, { recursive: true });
    process.env['TMPDIR'] = folder;
    const watching = new AbortController();
    const watched = watchProcesses(watching.signal);
    await Promise.all([bed.run('mx1', DEBUG), bed.run('mx2', DEBUG)]);
    await bed.run('mx1', { arguments: ['-vvvv', '--dry-run'] });
    for (const fault of [{ kind: 'drop-session', when: 'after', rpc: 'load-configuration', times: 1 }, { kind: 'malformed-commit-reply', times: 1 }, { kind: 'warning', rpc: 'load-configuration', message: 'statement not found', times: 1 }] as const) {
      await bed.site('mx1').router.faults.set(fault);
      await Promise.all([bed.run('mx1', DEBUG), bed.run('mx2', DEBUG)]);
    }
    const offBox = await runArtifact([process.execPath, bed.lab.artifact, '--offbox', '--inventory', bed.lab.inventory, 'run', '-vvvv', '--trace']);
    bed.output.set('off-box', offBox.standardOutput + offBox.standardError);
    watching.abort();
    const processes = await watched;
    if (existsSync('/proc/self')) expect(processes).toContain('xml-mode');
    expect(readdirSync(folder)).toEqual([]);
    bed.output.set('processes', processes);
    expect(bed.lab.kmes.issuedKeys().length).toBeGreaterThan(4);
    expect(leaks()).toEqual([]);
  }, 60_000);
});

/** Names of files below the lab's folder and of outputs that hold a key in any form. */
function leaks(): string[] {
  const keys = bed.lab.kmes.issuedKeys();
  const hex = keys.map((key) => key.toString('hex'));
  const reversible = (text: string): boolean => (text.match(/\$9\$[\w./-]+/g) ?? []).some((secret) => hex.some((key) => reveal(secret)?.toLowerCase().includes(key)));
  const files = readdirSync(bed.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = [...bed.output, ...files.map((file) => [file.name, readFileSync(join(file.parentPath, file.name), 'latin1')] as const)];
  return [...keysFoundIn([bed.folder], bed.output, keys), ...texts.filter(([, text]) => reversible(text)).map(([name]) => name)];
}

/** Arguments and environment of every process that works in the lab's folder, until the signal. */
async function watchProcesses(signal: AbortSignal): Promise<string> {
  const seen = new Set<string>();
  while (!signal.aborted && existsSync('/proc/self')) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const words = contents(`/proc/${pid}/cmdline`);
      if (words.includes(bed.folder)) seen.add(words).add(contents(`/proc/${pid}/environ`));
    }
    await pause(20);
  }
  return [...seen].join('\n');
}

function contents(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
