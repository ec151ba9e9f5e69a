// A fleet that is worked in parts (--shard): each part keeps what it did to itself, and status finds all of it.

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { shardIndex } from '../inventory/shard.ts';
import type { LinkReport } from '../workflow/report.ts';
import { writeLastRun } from './last-run.ts';
import { lastRunIn, runHomes } from './run-homes.ts';
import { MINUTE, StatusBed, type StatusJson } from './test-status-bed.ts';

describe('folders of runs', () => {
  let home = '';
  beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'qkd-homes-'))));
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  async function ran(part: string, minute: number, link: string): Promise<void> {
    mkdirSync(join(home, part), { recursive: true });
    const links: LinkReport[] = [{ link, device: 'mx1', role: 'master', outcome: 'rotated', reason: '', error: undefined }];
    await writeLastRun(join(home, part), { at: minute * MINUTE, command: 'run', links, known: () => true });
  }

  const parts = (): string[] => runHomes(home).map((folder) => folder.slice(home.length + 1)).sort();
  const links = (): string[] => (lastRunIn(runHomes(home))?.ends ?? []).map(({ link }) => link).sort();

  test('are the home folder alone where no part of a fleet ran', async () => {
    expect(parts()).toEqual(['']);
    expect(lastRunIn(runHomes(home))).toBeUndefined();
    await ran('', 1, 'a');
    expect([parts(), links()]).toEqual([[''], ['a']]);
  });

  test('are those of the division that ran last', async () => {
    await ran('', 1, 'a');
    await ran('shard-1-of-2', 2, 'b');
    await ran('shard-2-of-2', 3, 'c');
    expect([parts(), links()]).toEqual([['shard-1-of-2', 'shard-2-of-2'], ['b', 'c']]);
    await ran('shard-1-of-4', 4, 'd');
    expect(parts()).toEqual(['shard-1-of-4']);
    await ran('', 5, 'e');
    expect([parts(), links()]).toEqual([[''], ['a', 'e']]);
  });
});

/** The smallest division that parts the two links. */
const COUNT = [2, 3, 4, 5, 6, 7, 8].find((count) => shardIndex('mx1-mx2', count) !== shardIndex('mx3-mx4', count)) ?? 0;
const PARTS = ['mx1-mx2', 'mx3-mx4'].map((link) => `${shardIndex(link, COUNT)}/${COUNT}`);

describe('two parts of a fleet of two links', () => {
  const bed = new StatusBed();
  beforeAll(async () => {
    await bed.start({ routers: 4, topology: 'pairs' });
    for (let round = 0; round < 3; round += 1) {
      for (const part of PARTS) await bed.run('', ['--shard', part], { offBox: true });
      bed.clock += 2 * MINUTE;
    }
  }, 60_000);
  afterAll(() => bed.close());

  const status = async (...words: string[]): Promise<StatusJson> => JSON.parse((await bed.ask(undefined, 'status', '--json', ...words)).text) as StatusJson;
  const ends = ({ links }: StatusJson): string[] => links.map(({ link, device, last_run: last }) => `${link} ${device} ${last?.outcome ?? 'none'}`).sort();

  test('each shows its own links, and status of all shows both with their last runs', async () => {
    const [first, second, all] = [await status('--shard', PARTS[0] ?? ''), await status('--shard', PARTS[1] ?? ''), await status()];
    expect([first, second].map(({ links }) => links.length)).toEqual([2, 2]);
    expect([...ends(first), ...ends(second)].sort()).toEqual(ends(all));
    expect(all.links.map(({ link }) => link).sort()).toEqual(['mx1-mx2', 'mx1-mx2', 'mx3-mx4', 'mx3-mx4']);
    for (const report of [first, second, all]) expect(report.ok, JSON.stringify(report.links.map(({ problems }) => problems))).toBe(true);
    expect(all.links.filter(({ last_run: last }) => last === null)).toEqual([]);
  }, 60_000);

  test('the records of each link are found, with and without --shard', async () => {
    for (const words of [[], ...PARTS.map((part) => ['--shard', part])]) {
      for (const { next_key: next } of (await status(...words)).links) expect(next?.confirmed).toBe(true);
    }
  }, 60_000);

  test('no part of a fleet is on a router', async () => {
    expect(await bed.ask('mx1', 'status', '--shard', '1/2')).toMatchObject({ status: 2, errors: ['error: --shard goes with --offbox: on-box a router works on its own links', 'hint: leave --shard away, or add --offbox'] });
  }, 60_000);

  test('status leaves nothing behind', async () => {
    const home = join(bed.folder, 'offbox');
    const before = readdirSync(home, { recursive: true }).sort();
    await status();
    expect(readdirSync(home, { recursive: true }).sort()).toEqual(before);
  }, 60_000);
});
