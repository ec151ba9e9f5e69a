// Records on disk and between ends: what is missing, empty or damaged reads as nothing and says so.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../log.ts';
import { localExchange } from './local-exchange.ts';
import { runExchange } from './run-exchange.ts';
import { recordPath } from './record-file.ts';
import type { KeyIdRecord } from './record.ts';
import { scpExchange } from './scp-exchange.ts';

let folder: string;
let lines: string[];
const log: Log = { write: (level, area, message, fields) => void lines.push(`${level} ${area} ${message} ${fields?.['device']}`) };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-records-'));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const KEY_ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const record = (device: string): KeyIdRecord => ({ device, newest: KEY_ID, writtenAt: '2026-11-22T00:00:00.000Z', links: {} });
const template = (): string => join(folder, 'records', '{}_last_key.json');

describe('recordPath', () => {
  it('puts the device everywhere the template says, literally', () => {
    expect(recordPath('/r/{}/{}last_key.json', 'a$&b')).toBe('/r/a$&b/a$&blast_key.json');
  });
});

describe('localExchange', () => {
  it('gives what was published, from a folder that it makes', async () => {
    const exchange = localExchange(template(), log);
    expect(await exchange.read('mx1')).toBeUndefined();
    await exchange.publish(record('mx1'));
    await exchange.publish(record('mx2'));
    expect(await exchange.read('mx1')).toEqual(record('mx1'));
    expect(readdirSync(join(folder, 'records')).sort()).toEqual(['mx1_last_key.json', 'mx2_last_key.json']);
    expect(statSync(join(folder, 'records', 'mx1_last_key.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'records')).mode & 0o777).toBe(0o700);
    expect(lines).toEqual(['INFO record no key-ID record yet mx1']);
  });

  it.each([
    ['empty', '', 'INFO record key-ID record is empty mx1'],
    ['cut short', '{"mx1": "3f', 'WARNING record key-ID record: not JSON: line 1, column 9: string without end, or with an unescaped control character or a bad escape: read as nothing mx1'],
    ['no UTF-8', Buffer.from([0xff, 0xfe]), 'WARNING record key-ID record: no UTF-8 text: read as nothing mx1'],
    ["another device's", `{"mx9": "${KEY_ID}"}`, 'WARNING record key-ID record: written by "mx9", expected mx1: read as nothing mx1'],
    ['too long', ' '.repeat(300_000), 'WARNING record key-ID record: longer than 262144 bytes: read as nothing mx1'],
  ])('reads a record that is %s as nothing, and the next one replaces it', async (_case, content, line) => {
    mkdirSync(join(folder, 'records'));
    writeFileSync(recordPath(template(), 'mx1'), content);
    const exchange = localExchange(template(), log);
    expect(await exchange.read('mx1')).toBeUndefined();
    expect(lines).toEqual([line]);
    await exchange.publish(record('mx1'));
    expect(await exchange.read('mx1')).toEqual(record('mx1'));
  });

  it('refuses a record that cannot be read, and does not wait for a FIFO', async () => {
    mkdirSync(recordPath(template(), 'mx1'), { recursive: true });
    execFileSync('mkfifo', [recordPath(template(), 'mx2')]);
    const exchange = localExchange(template(), log);
    await expect(exchange.read('mx1')).rejects.toMatchObject({ code: 'file', message: `cannot read ${recordPath(template(), 'mx1')}: illegal operation on a directory` });
    expect(await exchange.read('mx2')).toBeUndefined();
  });

  it('keeps the old record when the new one cannot be written', async () => {
    writeFileSync(join(folder, 'records'), 'a file where the folder should be');
    const exchange = localExchange(template(), log);
    const refused = { code: 'file', message: expect.stringContaining(join(folder, 'records')) as string };
    await expect(exchange.publish(record('mx1'))).rejects.toMatchObject(refused);
    await expect(exchange.checkWritable()).rejects.toMatchObject(refused);
    expect(readFileSync(join(folder, 'records'), 'utf8')).toBe('a file where the folder should be');
  });

  it('can be asked beforehand whether a record could be written', async () => {
    await localExchange(template(), log).checkWritable();
    await localExchange(join(folder, '{}', 'last_key.json'), log).checkWritable();
    expect(readdirSync(folder)).toEqual(['records']);
    expect(readdirSync(join(folder, 'records'))).toEqual([]);
  });
});

describe('runExchange', () => {
  const saved = (device: string): string => readFileSync(recordPath(template(), device), 'utf8');

  it('shows at once what was published, and writes the newest of it when asked to', async () => {
    const exchange = runExchange(localExchange(template(), log), () => 0);
    expect(await exchange.read('mx1')).toBeUndefined();
    await exchange.publish(record('mx1'));
    expect(await exchange.read('mx1')).toEqual(record('mx1'));
    expect(() => saved('mx1')).toThrow(/ENOENT/);
    await exchange.publish({ ...record('mx1'), writtenAt: '2026-11-22T00:00:09.000Z' });
    await Promise.all([exchange.save?.('mx1'), exchange.save?.('mx1'), exchange.save?.('mx2')]);
    expect(saved('mx1')).toContain('2026-11-22T00:00:09.000Z');
    expect(readdirSync(join(folder, 'records'))).toEqual(['mx1_last_key.json']);
  });

  it('writes nothing that was not published by this run', async () => {
    await localExchange(template(), log).publish(record('mx1'));
    const exchange = runExchange(localExchange(template(), log), () => 0);
    expect(await exchange.read('mx1')).toEqual(record('mx1'));
    rmSync(recordPath(template(), 'mx1'));
    await exchange.save?.('mx1');
    expect(readdirSync(join(folder, 'records'))).toEqual([]);
  });

  it('tries again what could not be written', async () => {
    writeFileSync(join(folder, 'records'), 'a file where the folder should be');
    const exchange = runExchange(localExchange(template(), log), () => 0);
    await exchange.publish(record('mx1'));
    await expect(exchange.save?.('mx1')).rejects.toMatchObject({ code: 'file' });
    rmSync(join(folder, 'records'));
    await exchange.save?.('mx1');
    expect(saved('mx1')).toContain(KEY_ID);
  });
});

describe('scpExchange', () => {
  const exchangeWith = (text: string | undefined) => scpExchange({ device: 'mx1', template: template(), log, pull: () => Promise.resolve(text) });

  it('keeps its own record here and pulls the others', async () => {
    const asked: string[] = [];
    const pull = (device: string): Promise<string> => {
      asked.push(device);
      return Promise.resolve(`{"mx2": "${KEY_ID}"}`);
    };
    const exchange = scpExchange({ device: 'mx1', template: template(), log, pull });
    await exchange.checkWritable();
    await exchange.publish(record('mx1'));
    expect(await exchange.read('mx1')).toEqual(record('mx1'));
    expect(await exchange.read('mx2')).toEqual({ device: 'mx2', newest: KEY_ID, writtenAt: undefined, links: {} });
    expect(asked).toEqual(['mx2']);
  });

  it.each([
    [undefined, 'INFO record the other end has no key-ID record yet mx2'],
    [' \n', "INFO record the other end's key-ID record is empty mx2"],
    ['{"mx2": "3f2504', 'WARNING record key-ID record: not JSON: line 1, column 9: string without end, or with an unescaped control character or a bad escape: read as nothing mx2'],
  ])('reads %j as nothing', async (text, line) => {
    expect(await exchangeWith(text).read('mx2')).toBeUndefined();
    expect(lines).toEqual([line]);
  });

  it.each([
    [`{"mx9": "${KEY_ID}"}`, 'written by "mx9", expected mx2'],
    ['{"version": 3}', 'version 3, expected 2'],
    ['{"mx2": "../../x"}', 'mx2: "../../x", expected a key_ID'],
  ])('refuses %s by name', async (text, reason) => {
    await expect(exchangeWith(text).read('mx2')).rejects.toMatchObject({ code: 'record', message: `record of mx2: key-ID record: ${reason}` });
  });

  it('passes on why a pull failed, and publishes no record but its own', async () => {
    const failing = scpExchange({ device: 'mx1', template: template(), log, pull: () => Promise.reject(new Error('no route')) });
    await expect(failing.read('mx2')).rejects.toThrow('no route');
    await expect(failing.publish(record('mx2'))).rejects.toMatchObject({ code: 'internal' });
  });
});
