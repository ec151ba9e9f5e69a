// The run lock with real files and real processes: held, free, stale by death, by reuse of a pid, by
// damage; and many processes that want it at once.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeRunLock } from './run-lock.ts';

let folder: string;
let file: string;
const NOW = Date.UTC(2026, 10, 22, 10, 0, 0);
const HOUR = 3_600_000;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-lock-'));
  file = join(folder, 'home', 'run.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function take(changes: { pid?: number; now?: number } = {}): () => void {
  return takeRunLock({ file, pid: process.pid, now: NOW, longestRun: HOUR, ...changes });
}

function deadPid(): number {
  return Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
}

test('a free lock is taken and given back', () => {
  const release = take();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid, started_at: '2026-11-22T10:00:00.000Z' });
  release();
  expect(readdirSync(join(folder, 'home'))).toEqual([]);
});

test('a held lock is refused with its holder', () => {
  take();
  expect(() => take({ now: NOW + 120_000 })).toThrow(`another run holds the lock: pid ${process.pid}, since 2026-11-22T10:00:00.000Z (2 min)`);
});

test('the lock of a dead process is taken over', () => {
  take({ pid: deadPid() });
  const release = take();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
  release();
});

test('a pid that belongs to another process now does not hold the lock', () => {
  take();
  const lock = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...lock, process_start: 'another-boot/1' }));
  expect(() => take()).not.toThrow();
});

test('where the kernel shows no start times, age decides', () => {
  take();
  const { pid, started_at } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; started_at: string };
  writeFileSync(file, JSON.stringify({ pid, started_at }));
  expect(() => take({ now: NOW + HOUR / 2 })).toThrow('another run');
  expect(() => take({ now: NOW + HOUR * 2 })).not.toThrow();
});

test.each([['empty', ''], ['cut short', '{"pid": 12'], ['of another shape', '{"pid":"all"}']])('a lock file that is %s holds nobody up', (_, content) => {
  take()();
  writeFileSync(file, content);
  expect(() => take()).not.toThrow();
});

test('a release leaves the lock of a successor alone', () => {
  const release = take();
  rmSync(file);
  take({ now: NOW + 1 });
  release();
  expect(existsSync(file)).toBe(true);
});

test('E06 of many processes that find a stale lock exactly one gets it', async () => {
  take({ pid: deadPid() });
  const script = join(folder, 'contend.ts');
  const lock = new URL('./run-lock.ts', import.meta.url).pathname;
  writeFileSync(script, `import { takeRunLock } from ${JSON.stringify(lock)};
    try { takeRunLock({ file: ${JSON.stringify(file)}, pid: process.pid, now: Date.now(), longestRun: 3600000 }); console.log('got'); setTimeout(() => {}, 3000); } catch (e) { console.log(e.code); }`);
  const tsx = new URL('../../node_modules/.bin/tsx', import.meta.url).pathname;
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, () => new Promise<string>((resolve) => {
      const child = spawn(tsx, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
      child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    })),
  );
  expect(outcomes.filter((o) => o === 'got')).toHaveLength(1);
  expect(outcomes.filter((o) => o === 'run-locked')).toHaveLength(5);
}, 30_000);
