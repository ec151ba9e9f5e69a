// The two state files and the way to syslog: what they keep, and that damage costs nothing but what was in them.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { QkdError } from '../errors.ts';
import type { Watch } from '../rotation/alarms.ts';
import type { LinkReport } from '../workflow/report.ts';
import { readWatches, writeWatches } from './alarm-file.ts';
import { readLastRun, writeLastRun } from './last-run.ts';
import { toSyslog } from './syslog.ts';

let home = '';
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'qkd-state-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const AT = Date.UTC(2026, 10, 22, 12);

function report(link: string, outcome: LinkReport['outcome'] = 'rotated', error?: QkdError): LinkReport {
  return { link, device: 'mx1', role: 'master', outcome, reason: outcome, error };
}

function write(links: readonly LinkReport[], known: (link: string) => boolean = () => true): Promise<void> {
  return writeLastRun(home, { at: AT, command: 'run', links, known });
}

describe('last-run.json', () => {
  test('keeps an error with its hint, and is open to its owner only', async () => {
    await write([report('a', 'failed', new QkdError('kme-unreachable', 'KME kme1: no connection', { hint: 'check the route' }))]);
    expect(readLastRun(home)).toMatchObject({ at: '2026-11-22T12:00:00.000Z', command: 'run', error: null, ends: [{ link: 'a', outcome: 'failed', error: { code: 'kme-unreachable', message: 'KME kme1: no connection', hint: 'check the route' } }] });
    expect(statSync(join(home, 'last-run.json')).mode & 0o777).toBe(0o600);
  });

  test('keeps what earlier runs did on other links, but of no link that the inventory has lost', async () => {
    await write([report('a'), report('b')]);
    await write([report('c', 'unchanged')], (link) => link !== 'b');
    expect(readLastRun(home)?.ends.map(({ link, outcome }) => `${link} ${outcome}`)).toEqual(['a rotated', 'c unchanged']);
  });

  test.each(['', '{', '[]', '{"version":2}', '{"version":1,"at":1}', '{"version":1,"at":"x","command":"run","ends":{}}', 'null'])('that holds %j is none', async (text) => {
    writeFileSync(join(home, 'last-run.json'), text);
    expect(readLastRun(home)).toBeUndefined();
    await write([report('a')]);
    expect(readLastRun(home)?.ends).toHaveLength(1);
  });
});

describe('alarms.json', () => {
  const WATCH: Watch = { name: 'kme', subject: 'mx1', about: 'kme', text: 'KME kme1: no connection', since: AT, raised: true };

  test('gives back what was put in', async () => {
    expect(readWatches(home)).toEqual([]);
    await writeWatches(home, [WATCH]);
    expect(readWatches(home)).toEqual([WATCH]);
  });

  test.each(['', '{', '{"version":1,"watches":[{"name":"constructor","subject":"a"}]}', '{"version":1,"watches":7}', '{"version":9,"watches":[]}'])('that holds %j has no watches', (text) => {
    writeFileSync(join(home, 'alarms.json'), text);
    expect(readWatches(home)).toEqual([]);
  });
});

describe('syslog', () => {
  const LOGGER = ['/bin/sh', '-c', 'printf "%s\\n" "$2" >> "$1"', 'logger'];

  test('gets the line as one argument, whatever is in it', async () => {
    const file = join(home, 'messages');
    await toSyslog([...LOGGER, file], 'QKD_MACSEC_KME: mx1: "$(touch /tmp/x)" `id`; rm -rf /');
    expect(readFileSync(file, 'utf8')).toBe('QKD_MACSEC_KME: mx1: "$(touch /tmp/x)" `id`; rm -rf /\n');
  });

  const REFUSALS: [string, string[], RegExp][] = [
    ['a program that is not there', ['/no/such/logger'], /^syslog by \/no\/such\/logger: ENOENT$/],
    ['one that fails', ['/bin/sh', '-c', 'exit 3'], /exit status 3$/],
    ['one that never ends', ['/bin/sh', '-c', 'exec sleep 60'], /ended by SIGKILL$/],
  ];
  test.each(REFUSALS)('by %s is an error, in bounded time', async (_, command, expected) => {
    await expect(toSyslog(command, 'line', 300)).rejects.toMatchObject({ code: 'file', message: expect.stringMatching(expected) });
  });
});
