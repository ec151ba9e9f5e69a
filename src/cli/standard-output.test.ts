// What is written arrives whole and in order, in a file and in a pipe that is slow to be read; a reader that is gone and
// a disk that is full are told.

import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writtenTo } from './standard-output.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'qkd-output-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('standard output', () => {
  it('gets all of a text, characters of several bytes too', () => {
    const file = join(folder, 'all');
    const opened = openSync(file, 'w');
    try {
      expect([writtenTo('a\u00e9\u20ac', opened), writtenTo('', opened), writtenTo('b\n', opened)]).toEqual([undefined, undefined, undefined]);
    } finally {
      closeSync(opened);
    }
    expect(readFileSync(file, 'utf8')).toBe('a\u00e9\u20acb\n');
  });

  it('gets a text larger than the pipe from a program that does not wait for it', async () => {
    const writer = `import(${JSON.stringify(new URL('standard-output.ts', import.meta.url).href)}).then(({ writtenTo, default: all }) => {
      process.stdout._handle?.setBlocking?.(false);
      const lost = (writtenTo ?? all.writtenTo)('0123456789abcdef'.repeat(1 << 16) + '\\n');
      process.exit(lost === undefined ? 0 : 1);
    });`;
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', writer], { stdio: ['ignore', 'pipe', 'inherit'] });
    let length = 0;
    child.stdout.on('data', (bytes: Buffer) => {
      length += bytes.length;
      child.stdout.pause();
      setTimeout(() => child.stdout.resume(), 1);
    });
    const status = await new Promise((ended) => child.once('close', ended));
    expect({ status, length }).toEqual({ status: 0, length: (1 << 20) + 1 });
  });

  it.skipIf(!existsSync('/dev/full'))('tells of a disk that is full', () => {
    const opened = openSync('/dev/full', 'w');
    try {
      expect(writtenTo('x', opened)?.code).toBe('ENOSPC');
    } finally {
      closeSync(opened);
    }
  });
});
