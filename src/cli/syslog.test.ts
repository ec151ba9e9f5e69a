// An inventory that cannot be used keeps every run from its work, and there is no log without one: on a router, where the
// event policy's output is seen by nobody, syslog has it.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { command } from './test-command.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'qkd-syslog-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const TERMINAL = { columns: () => 80, rows: () => 24, write: () => undefined };

async function inSyslog(argv: readonly string[], terminal?: typeof TERMINAL): Promise<string> {
  const messages = join(folder, 'messages');
  const inventory = join(folder, 'inventory.json');
  writeFileSync(inventory, '{ "devices": {');
  const { status } = await command({ argv: [...argv, '-i', inventory], folder, terminal, syslog: ['/bin/sh', '-c', 'printf "%s\\n" "$2" >> "$1"', 'logger', messages] });
  expect(status).toBe(2);
  return existsSync(messages) ? readFileSync(messages, 'utf8') : '';
}

describe('an inventory that is not JSON', () => {
  test.each([[[]], [['rotate']], [['run', '--json']]])('on-box, without a terminal: one line (%j)', async (words) => {
    expect(await inSyslog(['--onbox', ...words])).toMatch(/^error: inventory \S+inventory\.json: [^\n]+\n$/);
  });

  test('on a terminal, for a look, and off-box the output is enough', async () => {
    expect(await inSyslog(['--onbox'], TERMINAL)).toBe('');
    expect(await inSyslog(['--onbox', 'status'])).toBe('');
    expect(await inSyslog(['--offbox'])).toBe('');
  });

  test('where syslog cannot be written, the run says the same as ever', async () => {
    const { status, errors } = await command({ argv: ['--onbox', '-i', join(folder, 'none.json')], folder, syslog: ['/no/such/logger'] });
    expect([status, errors[0]]).toEqual([2, expect.stringMatching(/^error: .*none\.json/)]);
  });
});
