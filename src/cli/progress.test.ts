// What a run off-box shows while it works: lines where nobody can redraw, a drawing in place on a terminal.

import { describe, expect, test } from 'vitest';
import { QkdError } from '../errors.ts';
import type { LinkReport } from '../workflow/report.ts';
import { LiveProgress, lineProgress } from './progress.ts';

const report = (link: string, device: string, more: Partial<LinkReport> = {}): LinkReport => ({ link, device, role: 'master', outcome: 'rotated', reason: '', seconds: 1.25, ...more }) as LinkReport;
const FAILED = { outcome: 'failed', error: new QkdError('ssh-unreachable', 'no answer') } as const;

describe('without a terminal', () => {
  test('a line for each device, with its last link', () => {
    const lines: string[] = [];
    const progress = lineProgress(new Map([['hub', 2], ['a', 1], ['b', 1]]), (line) => lines.push(line));
    progress.linkBegun('hub-a', ['hub', 'a']);
    progress.linkEnded([report('hub-a', 'hub'), report('hub-a', 'a', { seconds: 0.04 })]);
    expect(lines).toEqual(['a: 1 link, 0.0 s']);
    progress.linkEnded([report('hub-b', 'hub', { seconds: 3.5, ...FAILED }), report('hub-b', 'b', FAILED)]);
    progress.close();
    expect(lines.slice(1)).toEqual(['hub: 2 links, 1 failed, 3.5 s', 'b: 1 link, 1 failed, 1.3 s']);
  });
});

/** As much of a terminal as the drawing needs: cursor up, clear below, lines. */
class Screen {
  readonly lines: string[] = [];
  width: number | undefined = 100;
  height: number | undefined = 30;
  readonly terminal = { columns: () => this.width, rows: () => this.height, write: (text: string) => this.#write(text) };

  #write(text: string): void {
    const [, up, rest = ''] = /^(?:\r\u001b\[(\d+)A\u001b\[0J)?([\s\S]*)$/.exec(text) ?? [];
    if (up !== undefined) this.lines.splice(this.lines.length - Number(up));
    expect(rest).not.toContain('\u001b');
    this.lines.push(...rest.split('\n').slice(0, -1));
  }
}

describe('on a terminal', () => {
  /** News within a tenth of a second of the last drawing wait for the next one: `say` draws at once. */
  const drawn = (progress: LiveProgress, screen: Screen): string[] => {
    progress.say('now');
    const from = screen.lines.lastIndexOf('now') + 1;
    return screen.lines.slice(from);
  };

  test('a line for each running device with its step, and a bar over all', () => {
    const screen = new Screen();
    const progress = new LiveProgress(screen.terminal, 2);
    progress.linkBegun('mx1-mx2', ['mx1', 'mx2']);
    progress.spans.began?.('commit', { device: 'mx1' });
    progress.spans.began?.('commit', { device: 'a-stranger' });
    expect(drawn(progress, screen)).toEqual(['mx1  mx1-mx2  commit 0 s', 'mx2  mx1-mx2  begins 0 s', `[${'-'.repeat(30)}] 0 of 2 links, 0 s`]);
    progress.linkEnded([report('mx1-mx2', 'mx1'), report('mx1-mx2', 'mx2', FAILED)]);
    expect(drawn(progress, screen)).toEqual([`[${'#'.repeat(15)}${'-'.repeat(15)}] 1 of 2 links, 1 failed, 0 s`]);
    progress.close();
    expect(screen.lines).toEqual(['now', 'now']);
  });

  test('a drawing of many devices stays small, and no line is longer than the terminal', () => {
    const screen = new Screen();
    screen.width = 24;
    const progress = new LiveProgress(screen.terminal, 500);
    for (let n = 1; n <= 500; n += 1) progress.linkBegun(`a-long-name-of-a-link-${n}`, [`router-${n}`]);
    const lines = drawn(progress, screen);
    expect(lines).toHaveLength(14);
    expect(lines[12]).toBe('and 488 more');
    expect(Math.max(...lines.map((line) => line.length))).toBe(23);
    progress.close();
  });

  test.each([[8, 7], [4, 3], [3, 1], [1, 1], [0, 14], [undefined, 14]])('of %s rows of the terminal a drawing takes %s at most, and the cursor one', (height, most) => {
    const screen = new Screen();
    [screen.height, screen.width] = [height, 0];
    const progress = new LiveProgress(screen.terminal, 500);
    for (let n = 1; n <= 500; n += 1) progress.linkBegun(`link-${n}`.padEnd(90, '-'), [`router-${n}`]);
    const lines = drawn(progress, screen);
    expect(lines).toHaveLength(most);
    expect(lines.at(-1)).toContain('0 of 500 links');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
    progress.close();
  });

  test('a device whose next link has begun keeps its line when the one before ends', () => {
    const screen = new Screen();
    const progress = new LiveProgress(screen.terminal, 2);
    progress.linkBegun('hub-a', ['hub', 'a']);
    progress.linkBegun('hub-b', ['hub', 'b']);
    progress.linkEnded([report('hub-a', 'hub'), report('hub-a', 'a')]);
    expect(drawn(progress, screen).slice(0, -1)).toEqual(['hub  hub-b  begins 0 s', 'b    hub-b  begins 0 s']);
    progress.close();
  });
});
