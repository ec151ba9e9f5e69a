// README.md, held against the program. Its console blocks are run line by line, in order, in a shell at the
// project's root, and what it shows of their output is compared by shape. Tables, examples, file names and
// commands in the prose are compared with the sources that own them. The plain block of the section Develop
// is not run: its first command is the one that runs this file, and scripts/measure wants a machine at rest.

import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeArtifact } from '../build/artifact.ts';
import { ALLOWED_PACKAGES, bundledPackages } from '../build/package-allow-list.ts';
import { HELP } from '../src/cli/help.ts';
import { EXIT_STATUS } from '../src/errors.ts';
import { readInventory } from '../src/inventory/load.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LAB = '/tmp/qkd-lab';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const README = read('README.md');

const folder = mkdtempSync(join(tmpdir(), 'qkd-readme-'));
const lab = join(folder, 'lab');

afterAll(async () => {
  try {
    if (existsSync(join(lab, 'bench.pid'))) await shell(`scripts/bench down --dir ${lab}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 30_000);

interface Block {
  readonly language: string;
  readonly text: string;
}

const blocks: Block[] = [...README.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({ language, text }));
const prose = README.replace(/^```\w*\n.*?^```$/gms, '');

interface Command {
  readonly line: string;
  /** What README shows below the line; '' when nothing. */
  readonly output: string;
}

const commands: Command[] = blocks
  .filter(({ language }) => language === 'console')
  .flatMap(({ text }) => text.split(/^\$ /m).slice(1))
  .map((part) => ({ line: part.slice(0, part.indexOf('\n')), output: part.slice(part.indexOf('\n') + 1) }));

interface Ended {
  readonly status: number | null;
  readonly standardOutput: string;
  readonly standardError: string;
}

/** Runs one line in a process group of its own, which ends with it or after `seconds`. */
async function shell(line: string, seconds = 400): Promise<Ended> {
  const child = spawn('/bin/sh', ['-c', line], { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), seconds * 1000);
  let [standardOutput, standardError] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (standardOutput += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (standardError += text));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  return { status, standardOutput, standardError };
}

/** The text without what differs from run to run: keys, times, MKA's progress, and the widths that follow. */
function shape(text: string): string {
  return text
    .replaceAll(lab, LAB)
    .replace(/127\.0\.0\.1:\d+/g, 'ADDRESS')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\b[0-9a-f]{64}\b/g, 'CKN')
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'KEY_ID')
    .replace(/\b[0-9a-f]{4}\.\.\.[0-9a-f]{8}\b/g, 'C...N')
    .replace(/Secured - (Primary|Preceding)|Unsecured|no session/g, 'STATE')
    .replace(/, \w+ \d+\.\d s (ahead|behind)$/gm, '')
    .replace(/\b\d\d:\d\d:\d\d\b/g, 'TIME')
    .replace(/\b\d+\.\d s\b/g, 'SECONDS')
    .replace(/\b[01]\.\d\d\b/g, 'RATE')
    .replace(/\b\d+ (ms|s|min)\b/g, 'AGE')
    .replace(/\b\d+\.\d\b/g, 'NUMBER')
    .replace(/\b\d+ passed/g, 'N passed')
    .replace(/ +/g, ' ');
}

/** A JSON value with the type of each value in its place; lists by their first element. */
function members(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [members(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, members(one)]));
}

const jsonBlocks = blocks.filter(({ language }) => language === 'json').map(({ text }) => text);
const exampleOf = (member: string): string => jsonBlocks.find((text) => member in (JSON.parse(text) as object)) ?? '';

describe('the commands, in order', () => {
  // scripts/packages stands in README and in scripts/bench. It must find nothing to do here: an `npm ci` would
  // empty node_modules under the running tests, and through a symbolic link that of another checkout.
  beforeAll(() => {
    const installed = join(ROOT, 'node_modules/.package-lock.json');
    const current = existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs;
    if (!current || lstatSync(join(ROOT, 'node_modules')).isSymbolicLink()) throw new Error('node_modules is not current, or a link: run scripts/packages in a checkout of its own first');
  });

  test.each(commands)('$line', async ({ line, output }) => {
    const { status, standardOutput, standardError } = await shell(line.replaceAll(LAB, lab));
    expect({ status, standardError }).toEqual({ status: 0, standardError: status === 0 ? standardError : '' });
    if (output !== '') expect(shape(standardOutput)).toBe(shape(output));
  }, 410_000);

  test('use every console block, and the bench of one folder', () => {
    expect(commands.length).toBeGreaterThan(10);
    const places = commands.flatMap(({ line }) => line.match(/\/tmp\/[\w.-]+/g) ?? []);
    expect([...new Set(places)]).toEqual([LAB]);
  });

  test('print the JSON document that README shows', () => {
    expect(members(JSON.parse(readFileSync(join(lab, 'result.json'), 'utf8')))).toEqual(members(JSON.parse(exampleOf('command'))));
  });

  test('leave the files that README names, where it says', () => {
    const home = join(lab, 'mx1/root/var/home/qkd/qkd-macsec');
    const named = [...prose.matchAll(/`((?:records|logs|certs)\/[\w./-]+)`/g)].map(([, path = '']) => join(home, path));
    const made = (prose.match(/dist\/[\w.-]+\w/g) ?? []).map((path) => join(ROOT, path));
    expect([named.length, made.length].every((count) => count > 1)).toBe(true);
    expect([...named, ...made].filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('README.md', () => {
  test('has less than 300 lines, none longer than 160 characters', () => {
    const lines = README.split('\n');
    expect(lines.length).toBeLessThan(300);
    expect(lines.filter((line) => line.length > 160)).toEqual([]);
  });

  test('shows all commands', () => {
    const [, list = ''] = /^(commands\n.*?\n)\n/ms.exec(HELP) ?? [];
    expect(list).not.toBe('');
    expect(README).toContain(list);
  });

  test('names npm scripts and programs that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...README.matchAll(/\bnpm run (?:-\S+ )?([\w-]+)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('names files of the project that exist', () => {
    const named = README.match(/(?<![\w./-])(?:src|build|fixtures|junos-config|scripts|\.ci)\/[\w./-]*\w/g) ?? [];
    expect(named.length).toBeGreaterThan(10);
    expect([...new Set(named)].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('has every error code with its exit status, a meaning and a remedy', () => {
    const rows = [...README.matchAll(/^\| `([\w-]+)` \| (\d) \| (\S.*\S) \| (\S.*\S) \|$/gm)];
    expect(rows.map(([, code, status]) => [code, Number(status)])).toEqual(Object.entries(EXIT_STATUS));
  });

  test('says every exit status that a code can lead to', () => {
    expect([...new Set(Object.values(EXIT_STATUS))].filter((status) => !HELP.includes(`\n  ${status}  `))).toEqual([]);
  });

  test('names every folder of src once', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const paragraph = /^Folders of `src`: .*?(?=\n\n)/ms.exec(README)?.[0] ?? '';
    expect(folders.filter((name) => paragraph.split(`\`${name}\``).length !== 2)).toEqual([]);
  });

  test('says the packages in the artifact, with the versions that are allowed and locked', async () => {
    const { metafile } = await makeArtifact({ root: ROOT, entry: 'src/main.ts', version: '0', commit: '0' });
    const lock = (JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> }).packages;
    const paragraph = /^Packages: .*/ms.exec(README)?.[0] ?? '';
    const said = [...paragraph.matchAll(/`([^`]+)` ([\d.]+\d)/g)].map(([, name = '', version = '']) => ({ name, version }));
    expect(said).toEqual(bundledPackages(metafile, ROOT).map(({ name, version }) => ({ name, version })));
    for (const { name, version } of said) expect({ name, allowed: ALLOWED_PACKAGES[name]?.version, locked: lock[`node_modules/${name}`]?.version }).toEqual({ name, allowed: version, locked: version });
  });
});

describe('inventories', () => {
  const environment = { QKD_PASSWORD: 'p', QKD_PASSPHRASE: 'q', QKD_FIRST_CAK: '0123456789abcdef'.repeat(4) };
  const secretFiles = { id_ed25519: 'key', 'ca-password': 's', 'root-password-hash': '$6$salt$hash' };

  function warningsOf(text: string, mode: 'onbox' | 'offbox'): string[] {
    const warnings: string[] = [];
    const file = join(folder, 'inventory.json');
    for (const [name, secret] of Object.entries(secretFiles)) writeFileSync(join(folder, name), secret, { mode: 0o600 });
    writeFileSync(file, text, { mode: 0o600 });
    readInventory(file, { mode, cwd: folder, environment, userName: 'qkd', userHome: folder, warn: (message) => warnings.push(message) });
    return warnings;
  }

  const rows = [
    ['of README.md', exampleOf('devices')],
    ['with every key', read('fixtures/inventory/full-example.json')],
  ] as const;

  test.each(rows.flatMap(([name, text]) => (['onbox', 'offbox'] as const).map((mode) => ({ name, mode, text }))))('the one $name is accepted $mode without a warning', ({ text, mode }) => {
    expect(warningsOf(text, mode)).toEqual([]);
  });

  test('have the keys that the prose names', () => {
    const known = ['node_modules', read('src/inventory/inventory.schema.json'), HELP, ...blocks.map(({ text }) => text)].join('\n');
    const named = [...prose.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  test('have the defaults that the prose says', () => {
    const schema = JSON.parse(read('src/inventory/inventory.schema.json')) as { $defs: { rotation: { properties: Record<string, { description: string }> } } };
    const said = [...prose.matchAll(/`(\w+)` \((\d+) s\)/g)];
    expect(said.length).toBeGreaterThan(1);
    for (const [, name = '', seconds = ''] of said) expect(schema.$defs.rotation.properties[name]?.description).toContain(`Default ${seconds}.`);
  });
});

describe('junos-config', () => {
  const files = readdirSync(join(ROOT, 'junos-config')).filter((name) => name.endsWith('.set'));
  
  test('every file is named in README.md', () => {
    expect(files.filter((name) => !README.includes(`junos-config/${name}`))).toEqual([]);
  });

  test('event-policy.set holds every statement of the event policy that init applies', () => {
    const eventOptions = (name: string): string => /<event-options>.*<\/event-options>/s.exec(read(`fixtures/golden/${name}`))?.[0] ?? '';
    const applied = eventOptions('initial-onbox.xml').match(/<([\w-]+)>[^<\s]+<\/\1>/g) ?? [];
    expect(applied.length).toBeGreaterThan(5);
    expect(applied.filter((leaf) => !eventOptions('event-policy.xml').includes(leaf))).toEqual([]);
  });

  test('the op command of README.md has arguments that the launcher knows', () => {
    const launcher = read('junos-config/qkd-macsec.py');
    const [, words = ''] = /`op qkd-macsec ([^`]+)`/.exec(prose) ?? [];
    const names = words.split(' ').filter((_, index) => index % 2 === 0);
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => !launcher.includes(`    "${name}": `))).toEqual([]);
  });
});
