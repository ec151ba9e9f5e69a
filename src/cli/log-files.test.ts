// Log lines and files: levels, one line an event, rotation, and a log that cannot be written.

import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Secret } from '../secret.ts';
import { logLine, openLog } from './log-files.ts';

let folder: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-log-'));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0);
const open = (changes: object = {}) => openLog({ verbosity: 0, folder: join(folder, 'logs'), file: true, trace: false, now: () => NOW, standardError: (line) => lines.push(line), ...changes }).log;

test('a line has time, level, area, message and fields', () => {
  expect(logLine(NOW, 'NOTICE', { area: 'key', message: 'installed', fields: { link: 'mx1-mx2', why: 'a "b" c', none: undefined } })).toBe(
    '2026-11-22T10:00:00.000Z NOTICE  key installed link=mx1-mx2 why="a \\"b\\" c"',
  );
});

test('text from outside cannot forge a line, and a secret does not print', () => {
  const line = logLine(NOW, 'ERROR', { area: 'kme', message: 'said \u001b[31mhello\u001b[0m\n2026 ERROR forged', fields: { key: `${Secret.ofText('do not print')}` } });
  expect(line).not.toMatch(/[\n\u001b]/);
  expect(line).toMatch(/key=\[secret\]$/);
});

test('standard error gets what the verbosity asks for, the file INFO and above', () => {
  const log = open({ verbosity: 1 });
  for (const level of ['ERROR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'] as const) log.write(level, 'a', level);
  expect(lines.map((l) => l.split(' ')[1])).toEqual(['ERROR', 'WARNING']);
  const file = join(folder, 'logs', 'qkd-macsec.log');
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(4);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('trace.log gets everything', () => {
  open({ file: false, trace: true }).write('DEBUG', 'a', 'b');
  expect(readFileSync(join(folder, 'logs', 'trace.log'), 'utf8')).toContain('DEBUG');
});

test('a full file is moved aside, five are kept', () => {
  const log = open();
  for (let n = 0; n < 8; n += 1) {
    log.write('INFO', 'a', `line ${n}`);
    truncateSync(join(folder, 'logs', 'qkd-macsec.log'), 10_000_000);
  }
  expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['qkd-macsec.log', ...[1, 2, 3, 4, 5].map((n) => `qkd-macsec.log.${n}`)]);
});

test('a log that cannot be written says so once and goes on', () => {
  writeFileSync(join(folder, 'logs'), 'a file where the folder should be');
  const log = open();
  log.write('INFO', 'a', 'b');
  log.write('INFO', 'a', 'c');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/going on without it$/);
});
