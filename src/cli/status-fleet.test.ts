// status of a fleet on the bench: everything about every end, in as many characters as the terminal has.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StatusBed } from './test-status-bed.ts';

describe('status of three links', () => {
  const bed = new StatusBed();
  beforeAll(async () => {
    await bed.start({ routers: 6, topology: 'pairs' });
    for (let round = 0; round < 3; round += 1) {
      await bed.run('', [], { offBox: true });
      bed.clock += 10 * 60_000;
    }
  }, 60_000);
  afterAll(() => bed.close());

  const lines = async (surroundings: object): Promise<string[]> => (await bed.ask(undefined, surroundings, 'status')).text.split('\n');
  const HEADS = [/^state  link     device  role    key       age +next +held by$/, /^  method     MKA +KME  clock  cert   last run$/];
  const ROWS = [/^ok     mx1-mx2  mx1     master  [0-9a-f]{8}  - +\d+ min  mx2$/, /^  key-chain  Secured - Primary, 1 peer  ok   \d\.\d s  \d{3} d  \w+ 10 min$/];

  test('fits 80 characters, in two lines an end', async () => {
    for (const text of [await lines({}), await lines({ terminal: true, width: 80, environment: { NO_COLOR: '1' } })]) {
      expect(text.slice(0, 4)).toEqual([...HEADS, ...ROWS].map((pattern) => expect.stringMatching(pattern) as string));
      expect(Math.max(...text.map((line) => line.length)), text.join('\n')).toBeLessThanOrEqual(80);
      expect(text.at(-2)).toBe('3 links, 6 ends: 6 ok');
    }
  }, 60_000);

  test('is one line an end where the terminal is wide enough', async () => {
    const text = await lines({ terminal: true, width: 160 });
    const joined = ([first, second]: readonly RegExp[]): RegExp => new RegExp(`${first?.source.slice(0, -1)} +${second?.source.slice(3)}`);
    expect(text[0]).toMatch(joined(HEADS));
    expect(text[1]?.replace('\u001b[32mok\u001b[0m', 'ok')).toMatch(joined(ROWS));
    expect(text).toHaveLength(1 + 6 + 3);
  }, 60_000);

  test('has the worst end first, with its trouble and what to do', async () => {
    await bed.router('mx5').router.faults.set({ kind: 'unreachable' });
    const text = await lines({});
    await bed.router('mx5').router.faults.clear();
    expect(text.slice(2, 6)).toEqual([
      expect.stringMatching(/^fault  mx5-mx6  mx5     master  not known  - +- +-$/),
      expect.stringMatching(/^  key-chain  not known +ok +- +\d{3} d  \w+ 10 min$/),
      expect.stringMatching(/^  fault: router mx5: .*connection refused/),
      expect.stringMatching(/^    hint: [a-z]/),
    ]);
    expect(text.at(-2)).toMatch(/^3 links, 6 ends: 1 fault, 5 ok$/);
  }, 60_000);
});
