// qkd-macsec.py as the router runs it: Debian's CPython, the arguments that Junos passes, a Node that is
// either real or a shell script which says a version and prints what it was given.

import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const PYTHON = '/usr/bin/python3';
const LAUNCHER = fileURLToPath(new URL('qkd-macsec.py', import.meta.url));
const missing = !existsSync(PYTHON) && process.env['CI'] === undefined;
const root = process.getuid?.() === 0;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-macsec-launcher-'));
  copyFileSync(LAUNCHER, at('qkd-macsec.py'));
  writeFileSync(at('qkd-macsec.js'), 'console.log(JSON.stringify([process.execArgv, process.argv.slice(2), process.env.NODE_OPTIONS ?? null]));\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

/** A stand-in for Node of that version. */
function fakeNode(version: string): string {
  const path = at(`node-${version}`);
  writeFileSync(path, `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; else printf '%s\\n' "$@" "NODE_OPTIONS=$NODE_OPTIONS" "SECRET=$SECRET"; exit 7; fi\n`);
  chmodSync(path, 0o755);
  return path;
}

function configure(...lines: string[]): void {
  writeFileSync(at('qkd-macsec.conf'), `# where things are\n\n${lines.join('\n')}\n`);
}

function launch(words: readonly string[], environment: Record<string, string> = {}, uid?: number): SpawnSyncReturns<string> {
  const options = { encoding: 'utf8', env: environment, cwd: '/', timeout: 20_000 } as const;
  return spawnSync(PYTHON, [at('qkd-macsec.py'), ...words], uid === undefined ? options : { ...options, uid });
}

/** The program's arguments that the launcher makes of Junos's. */
function programArguments(...words: string[]): string[] {
  const lines = launch(words).stdout.split('\n');
  return lines.slice(lines.indexOf(at('qkd-macsec.js')) + 1, lines.indexOf('NODE_OPTIONS='));
}

describe.skipIf(missing)('launcher with python3', () => {
  describe('arguments', () => {
    beforeEach(() => configure(`node ${fakeNode('v20.20.2')}`, `artifact ${at('qkd-macsec.js')}`));

    const rows: [string, string[], string[]][] = [
      ['none, from the event policy: run', [], ['run']],
      ['two hyphens, as since 21.2R1', ['--command', 'rotate', '--link', 'mx1-mx2'], ['rotate', '--link=mx1-mx2']],
      ['one hyphen, as before', ['-command', 'init', '-device', 'mx1'], ['init', '--device=mx1']],
      ['both in one call', ['-link', 'a', '--device', 'b'], ['run', '--link=a', '--device=b']],
      ['a value that looks like an option stays a value', ['-inventory', '--offbox'], ['run', '--inventory=--offbox']],
      ['a value with spaces and quotes stays one argument', ['-link', `a 'b" $(c)`], ['run', `--link=a 'b" $(c)`]],
      ['yes and no', ['-json', 'yes', '-trace', 'no', '-dry-run', 'yes'], ['run', '--json', '--dry-run']],
      ['verbose as a number', ['-verbose', '3'], ['run', '-v', '-v', '-v']],
    ];
    test.each(rows)('%s', (_name, words, expected) => expect(programArguments(...words)).toEqual(expected));

    const refused: [string, string[], string][] = [
      ['a name without a value', ['-link'], 'arguments must be pairs of name and value, got: -link'],
      ['an unknown name', ['-lnk', 'a'], 'unknown argument lnk: use one of command, inventory, device'],
      ['a flag that is neither yes nor no', ['-json', 'maybe'], 'json is maybe: give yes or no'],
      ['a verbosity out of range', ['-verbose', '9'], 'verbose is 9: give a number from 0 to 4'],
      ['a line break, printed as a space', ['-json', 'a\nb'], 'json is a b: give yes or no'],
    ];
    test.each(refused)('refused: %s', (_name, words, expected) => {
      const { status, stderr, stdout } = launch(words);
      expect(stderr).toContain(`qkd-macsec: ${expected}`);
      expect([status, stdout, stderr.trimEnd().split('\n').length]).toEqual([2, '', 1]);
    });
  });

  describe('Node', () => {
    const HARDENED = ['--disallow-code-generation-from-strings', '--no-addons'];
    const rows: [string, string[]][] = [
      ['v20.0.0', HARDENED],
      ['v20.20.2', HARDENED],
      ['v22.13.1', HARDENED],
      ['v22.23.3', [...HARDENED, '--disable-sigusr1']],
      ['v24.21.0', [...HARDENED, '--disable-sigusr1', '--jitless']],
    ];
    test.each(rows)('%s gets the flags that it knows', (version, flags) => {
      configure(`node ${fakeNode(version)}`, `artifact ${at('qkd-macsec.js')}`);
      expect(launch([]).stdout.split('\n').slice(0, flags.length + 2)).toEqual([...flags, at('qkd-macsec.js'), 'run']);
    });

    test('exit status and output are the program\'s own; NODE_OPTIONS does not get through, other variables do', () => {
      configure(`node ${fakeNode('v22.23.3')}`, `artifact ${at('qkd-macsec.js')}`);
      const { status, stdout, stderr } = launch([], { NODE_OPTIONS: '--inspect', NODE_PATH: '/x', SECRET: 'kept' });
      expect([status, stderr]).toEqual([7, '']);
      expect(stdout).toMatch(/\nNODE_OPTIONS=\nSECRET=kept\n$/);
    });

    test('the real Node accepts the flags, more flags come from the settings', () => {
      configure(`node ${process.execPath}`, `artifact ${at('qkd-macsec.js')}`, 'flags --jitless --max-old-space-size=64');
      const { status, stdout } = launch(['-json', 'yes'], { NODE_OPTIONS: '--no-warnings' });
      const [flags, args, options] = JSON.parse(stdout) as [string[], string[], string | null];
      expect(flags).toEqual(expect.arrayContaining([...HARDENED, '--jitless', '--max-old-space-size=64']));
      expect([status, args, options]).toEqual([0, ['run', '--json'], null]);
    });

    test('without settings Node is found on PATH', () => {
      configure(`artifact ${at('qkd-macsec.js')}`);
      const { status, stdout } = launch([], { PATH: join(process.execPath, '..') });
      expect([status, JSON.parse(stdout)]).toEqual([0, [expect.any(Array), ['run'], null]]);
    });

    const refused: [string, () => string, RegExp][] = [
      ['too old', () => fakeNode('v18.20.4'), /no Node 20 or newer: \S+ is version 18\.20; install one/],
      ['not there', () => at('nowhere'), /nowhere does not run \(No such file or directory\)/],
      ['not a program', () => at('qkd-macsec.js'), /qkd-macsec\.js does not run \(Permission denied\)/],
      ['another program', () => '/bin/echo', /\/bin\/echo is not Node/],
    ];
    test.each(refused)('refused: %s', (_name, node, expected) => {
      configure(`node ${node()}`, `artifact ${at('qkd-macsec.js')}`);
      const { status, stderr } = launch([]);
      expect([status, stderr]).toEqual([2, expect.stringMatching(expected)]);
    });
  });

  describe('artifact and settings', () => {
    test('without settings the artifact is in the user\'s home', () => {
      expect(launch([]).stderr).toMatch(/^qkd-macsec: \/var\/home\/\S+\/qkd-macsec\/qkd-macsec\.js is not there: copy the artifact to it\n$/);
    });

    test('an artifact that others can write is refused', () => {
      chmodSync(at('qkd-macsec.js'), 0o664);
      configure(`node ${fakeNode('v20.20.2')}`, `artifact ${at('qkd-macsec.js')}`);
      expect(launch([]).stderr).toMatch(/qkd-macsec\.js can be changed by others: make root or \S+ its only writer\n$/);
    });

    test.each(['nod /usr/bin/node', 'node', 'node /a\nnode /b'])('settings that read %j are refused', (lines) => {
      configure(lines);
      expect(launch([]).stderr).toMatch(/qkd-macsec\.conf: write only lines of node, artifact or flags, each once with a value\n$/);
    });

    test('a settings file that is not text is one line, no stack trace', () => {
      writeFileSync(at('qkd-macsec.conf'), Buffer.from([0xff, 0xfe, 0x00]));
      expect(launch([]).stderr).toMatch(/^qkd-macsec: UnicodeDecodeError: [^\n]+\n$/);
    });

    test.skipIf(!root)('as nobody, which is what Junos runs event scripts as without python-script-user (needs root)', () => {
      chmodSync(folder, 0o755);
      const { status, stderr } = launch([], {}, 65_534);
      expect([status, stderr]).toEqual([2, expect.stringContaining('set event-options event-script file qkd-macsec.py python-script-user')]);
    });

    test('a refusal is in syslog too, at level error, under the tag qkd-macsec', () => {
      const spy = `import runpy, sys, syslog
syslog.openlog = lambda *a: print('open', a[0], file=log)
syslog.syslog = lambda level, line: print(level == syslog.LOG_ERR, line, file=log)
with open(sys.argv[2], 'w') as log:
    sys.argv = sys.argv[1:2] + ['-json', 'maybe']
    runpy.run_path(sys.argv[0], run_name='__main__')`;
      spawnSync(PYTHON, ['-c', spy, at('qkd-macsec.py'), at('syslog')], { timeout: 20_000 });
      expect(readFileSync(at('syslog'), 'utf8')).toBe('open qkd-macsec\nTrue json is maybe: give yes or no\n');
    });
  });
});
