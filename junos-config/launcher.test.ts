// qkd-macsec.py as the router runs it: Debian's CPython, the arguments that Junos passes, a Node that is
// either real or a shell script which says a version and prints what it was given.

import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, closeSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unixUsers } from '../src/bench/router/scripts/unix-user.ts';
import { CERTS_ACTIONS, COMMANDS } from '../src/cli/arguments.ts';
import { HELP } from '../src/cli/help.ts';

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
      ['none, from the event policy: run', [], ['run', '--onbox']],
      ['two hyphens, as since 21.2R1', ['--command', 'status', '--link', 'mx1-mx2'], ['status', '--onbox', '--link=mx1-mx2']],
      ['one hyphen, as before', ['-command', 'init', '-device', 'mx1'], ['init', '--onbox', '--device=mx1']],
      ['both in one call', ['-link', 'a', '--device', 'b'], ['run', '--onbox', '--link=a', '--device=b']],
      ['no hyphen, as typed', ['command', 'rotate', 'link', 'mx1-mx2'], ['rotate', '--onbox', '--link=mx1-mx2']],
      ['two words of a command, as two arguments', ['--command', 'certs', '--action', 'check'], ['certs', 'check', '--onbox']],
      ['two words of a command, in any order', ['-action', 'renew', '-force', 'yes', '-command', 'certs'], ['certs', 'renew', '--onbox', '--force']],
      ['two words of a command, as one', ['-command', 'certs export', '-output', '/var/tmp/kme'], ['certs', 'export', '--onbox', '--output=/var/tmp/kme']],
      ['doctor with its flags', ['-command', 'doctor', '-kme', 'yes', '-draw', 'yes'], ['doctor', '--onbox', '--kme', '--draw']],
      ['off-box when asked', ['-command', 'status', '-offbox', 'yes', '-shard', '1/4'], ['status', '--offbox', '--shard=1/4']],
      ['on-box said twice is said once', ['-onbox', 'yes', '-profile', 'p', '-metrics', 'm'], ['run', '--onbox', '--profile=p', '--metrics=m']],
      ['a value that looks like an option stays a value', ['-inventory', '--offbox'], ['run', '--onbox', '--inventory=--offbox']],
      ['a value with spaces and quotes stays one argument', ['-link', `a 'b" $(c)`], ['run', '--onbox', `--link=a 'b" $(c)`]],
      ['yes and no', ['-json', 'yes', '-trace', 'no', '-dry-run', 'yes'], ['run', '--onbox', '--json', '--dry-run']],
      ['verbose as a number', ['-verbose', '3'], ['run', '--onbox', '-v', '-v', '-v']],
    ];
    test.each(rows)('%s', (_name, words, expected) => expect(programArguments(...words)).toEqual(expected));

    test('every option and command of the program can be given', () => {
      const declared = [...readFileSync(LAUNCHER, 'utf8').matchAll(/^    "([\w-]+)": "/gm)].map(([, name]) => name);
      const options = [...HELP.matchAll(/--([\w-]+)/g)].map(([, name]) => name);
      expect([...new Set(options)].filter((name) => !declared.includes(name))).toEqual([]);
      const described = readFileSync(LAUNCHER, 'utf8').split('\n').filter((line) => /^    "(command|action)": /.test(line)).join();
      for (const word of [...COMMANDS, ...CERTS_ACTIONS]) expect(described).toMatch(new RegExp(`\\b${word}\\b`));
    });

    describe('started by an event', () => {
      const CKN = '0123456789ABCDEF'.repeat(4);
      const UNKNOWN = 'DOT1XD_MACSEC_SC_UNKNOWN_CAK_ERR';
      const plain = ['run', '--onbox'];
      const heard = [...plain, `--heard-ckn=${CKN.toLowerCase()}`];
      /** Junos's module, with the event as an element of the standard library: `iter` and `text` are lxml's too. */
      const event = (id: string, message: string): string =>
        `import xml.etree.ElementTree as tree\nJunos_Trigger_Event = tree.fromstring("""<trigger-event><id>${id}</id><type>syslog</type><message>${message}</message></trigger-event>""")\n`;
      const rows: [string, string, string[]][] = [
        ['an unknown CKN: told to the program', event(UNKNOWN, `intf: et-2/0/2 received CKN ${CKN} is unknown`), heard],
        ['an unknown CKN, with the tag in the message', event('SYSTEM', `${UNKNOWN}: intf: et-2/0/2 received CKN ${CKN} is unknown`), heard],
        ['the timer', event('every10mins', ''), plain],
        ['another event that names a CKN', event('DOT1XD_MACSEC_SC_CAK_ACTIVATED', `ckn: ${CKN}`), plain],
        ['a message without a CKN', event(UNKNOWN, 'intf: et-2/0/2'), plain],
        ['a CKN that is too short', event(UNKNOWN, `received CKN ${CKN.slice(2)} is unknown`), plain],
        ['a CKN that is too long', event(UNKNOWN, `received CKN ${CKN}00 is unknown`), plain],
        ['digits that are none', event(UNKNOWN, `received CKN ${CKN.replace('F', '$')} --offbox`), plain],
        ['no message', event(UNKNOWN, ''), plain],
        ['no event', 'Junos_Trigger_Event = None\n', plain],
        ['text in place of an element', 'Junos_Trigger_Event = "<id/>"\n', plain],
        ['a module without it', '', plain],
        ['a module that fails', 'raise OSError("no input")\n', plain],
      ];
      test.each(rows)('%s', (_name, module, expected) => {
        writeFileSync(at('junos.py'), module);
        expect(programArguments()).toEqual(expected);
      });

      test('words from the CLI leave the event aside', () => {
        writeFileSync(at('junos.py'), event(UNKNOWN, `intf: et-2/0/2 received CKN ${CKN} is unknown`));
        expect(programArguments('-command', 'status')).toEqual(['status', '--onbox']);
      });
    });

    test('the inventory of the settings is used unless another is named', () => {
      configure(`node ${fakeNode('v20.20.2')}`, `artifact ${at('qkd-macsec.js')}`, 'inventory /var/home/qkd/qkd-macsec/inventory.json');
      expect(programArguments('-json', 'yes')).toEqual(['run', '--onbox', '--json', '--inventory=/var/home/qkd/qkd-macsec/inventory.json']);
      expect(programArguments('-inventory', 'other.json')).toEqual(['run', '--onbox', '--inventory=other.json']);
    });

    const refused: [string, string[], string][] = [
      ['a name without a value', ['-link'], 'arguments must be pairs of name and value, got: -link'],
      ['an unknown name', ['-lnk', 'a'], 'unknown argument lnk: use one of command, action, inventory, device'],
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
      expect([status, args, options]).toEqual([0, ['run', '--onbox', '--json'], null]);
    });

    test('without settings Node is found on PATH', () => {
      configure(`artifact ${at('qkd-macsec.js')}`);
      const { status, stdout } = launch([], { PATH: join(process.execPath, '..') });
      expect([status, JSON.parse(stdout)]).toEqual([0, [expect.any(Array), ['run', '--onbox'], null]]);
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
      expect(launch([]).stderr).toMatch(/^qkd-macsec: \/var\/home\/\S+\/qkd-macsec\/qkd-macsec\.js is not there: copy the artifact to it, or log in as the user who has it\n$/);
    });

    describe.skipIf(!root)('of another user (needs root)', () => {
      const [caller, owner] = unixUsers();
      const status = `ssh ${owner?.name}@ROUTER op qkd-macsec command status`;
      /** The script of that kind, as every user finds it, with a program and an inventory below `owned`. */
      function launchOf(kind: 'op' | 'event', words: readonly string[], uid = caller?.uid): SpawnSyncReturns<string> {
        mkdirSync(at(kind));
        for (const name of ['qkd-macsec.py', 'qkd-macsec.conf']) copyFileSync(at(name), at(`${kind}/${name}`));
        return spawnSync(PYTHON, [at(`${kind}/qkd-macsec.py`), ...words], { encoding: 'utf8', env: {}, cwd: '/', timeout: 20_000, uid });
      }
      beforeEach(() => {
        chmodSync(folder, 0o755);
        configure(`node ${fakeNode('v20.20.2')}`, `artifact ${at('qkd-macsec.js')}`, `inventory ${at('inventory.json')}`);
        writeFileSync(at('inventory.json'), '{}', { mode: 0o600 });
        for (const name of ['qkd-macsec.js', 'inventory.json']) chownSync(at(name), owner?.uid ?? 0, 0);
      });
      const refusal = (path: string, name = caller?.name): string => `qkd-macsec: runs as ${name}, but program and keys are those of another user (${path}): `;

      test('an operator, of whatever class, is told which user to log in as, in one line', () => {
        const { status: exit, stdout, stderr } = launchOf('op', ['-command', 'status']);
        expect([exit, stdout, stderr]).toEqual([2, '', `${refusal(at('qkd-macsec.js'))}log in as ${owner?.name}, as in: ${status}\n`]);
        expect(launch([]).stderr).toContain(refusal(at('qkd-macsec.js'), 'root'));
      });

      test("a program that is everybody's does not help: the inventory is not", () => {
        chownSync(at('qkd-macsec.js'), 0, 0);
        expect(launchOf('op', []).stderr).toBe(`${refusal(at('inventory.json'))}log in as ${owner?.name}, as in: ${status}\n`);
      });

      test('a folder that is closed to others does not make the program a missing one', () => {
        mkdirSync(at('home'), { mode: 0o700 });
        configure(`artifact ${at('home/qkd-macsec.js')}`);
        expect(launchOf('op', []).stderr).toContain(`(${at('home/qkd-macsec.js')}): log in as USER`);
      });

      test('as event script it names the statement', () => {
        expect(launchOf('event', []).stderr).toContain(`: set event-options event-script file qkd-macsec.py python-script-user ${owner?.name}\n`);
      });

      test('its user is let in', () => {
        expect(launchOf('op', ['-command', 'status'], owner?.uid).stdout).toContain(`status\n--onbox\n--inventory=${at('inventory.json')}\n`);
      });
    });

    test('an artifact that others can write is refused', () => {
      chmodSync(at('qkd-macsec.js'), 0o664);
      configure(`node ${fakeNode('v20.20.2')}`, `artifact ${at('qkd-macsec.js')}`);
      expect(launch([]).stderr).toMatch(/qkd-macsec\.js can be changed by others: make root or \S+ its only writer\n$/);
    });

    test.each(['nod /usr/bin/node', 'node', 'node /a\nnode /b'])('settings that read %j are refused', (lines) => {
      configure(lines);
      expect(launch([]).stderr).toMatch(/qkd-macsec\.conf: write only lines of node, artifact, inventory, flags, each once with a value\n$/);
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
      // Also when whoever has started it takes nothing more from its terminal.
      for (const stderr of ['pipe', openSync('/dev/full', 'w')] as const) {
        const { status } = spawnSync(PYTHON, ['-c', spy, at('qkd-macsec.py'), at('syslog')], { timeout: 20_000, stdio: ['ignore', 'pipe', stderr] });
        expect([status, readFileSync(at('syslog'), 'utf8')]).toEqual([2, 'open qkd-macsec\nTrue json is maybe: give yes or no\n']);
        if (stderr !== 'pipe') closeSync(stderr);
      }
    });
  });
});
