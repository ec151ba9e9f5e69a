// --profile: one JSON object a line, and the table of -v that adds the same spans up.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { profileFor } from '../profile.ts';
import { TimeTable, profileFile } from './profile-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-profile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const START = Date.UTC(2026, 10, 22, 10);

describe('the file', () => {
  test('replaces what was there, for its owner alone', () => {
    const path = join(folder, 'p.jsonl');
    const file = profileFile(path);
    file.ended?.({ name: 'connect', device: 'mx1', start: START, ms: 12.3456 });
    file.ended?.({ name: 'rotation', device: 'mx1', link: 'mx1-mx2', start: START + 1, ms: 1000 });
    file.close();
    expect(readFileSync(path, 'utf8')).toBe(
      '{"name":"connect","device":"mx1","link":null,"start":"2026-11-22T10:00:00.000Z","ms":12.35}\n{"name":"rotation","device":"mx1","link":"mx1-mx2","start":"2026-11-22T10:00:00.001Z","ms":1000}\n',
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
    profileFile(path).close();
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  test('holds every span of a large fleet, in order', () => {
    const path = join(folder, 'p.jsonl');
    const file = profileFile(path);
    for (let n = 0; n < 5000; n += 1) file.ended?.({ name: 'rpc', device: `mx${n}`, start: START, ms: n });
    file.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { ms: number }).ms)).toEqual(Array.from({ length: 5000 }, (_, n) => n));
  });

  test.each([
    ['no such folder', 'none/p.jsonl', 'cannot write profile', 'no such file or directory'],
    ['a folder', '.', 'cannot write profile', 'illegal operation on a directory'],
  ])('%s is refused before the run', (_, name, ...parts) => {
    for (const part of parts) expect(() => profileFile(join(folder, name))).toThrow(part);
  });

  test('a pipe without a reader is refused, and not waited for', () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    expect(() => profileFile(path)).toThrow('cannot write profile');
  });

  test('a file of somebody else stays as it is', () => {
    if (process.getuid?.() === 0) return;
    const path = join(folder, 'p.jsonl');
    writeFileSync(path, 'theirs');
    chmodSync(path, 0o400);
    expect(() => profileFile(path)).toThrow('permission denied');
    expect(readFileSync(path, 'utf8')).toBe('theirs');
  });
});

test('the table has one line a name, the longest sum first, with the slowest of each', () => {
  const table = new TimeTable();
  for (const [name, device, ms] of [['rpc', 'mx1', 10], ['rpc', 'mx2', 30], ['commit', 'mx1', 2000], ['rpc', 'mx1', 20]] as const) table.ended({ name, device, start: START, ms });
  expect(table.lines()).toEqual(['time    spans  seconds  mean ms  longest ms  where', 'commit      1     2.00   2000.0      2000.0  mx1', 'rpc         3     0.06     20.0        30.0  mx2']);
});

test('what fails is measured too, and the failure goes on', async () => {
  const table = new TimeTable();
  const profile = profileFor([table], () => START);
  await expect(profile.measure('kme', { device: 'mx1' }, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(table.lines()[1]).toMatch(/^kme\s+1 .*mx1$/);
});
