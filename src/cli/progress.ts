// How a run off-box shows that it goes on, on standard error: on a terminal a line for each router that is worked on
// and a bar over all, drawn again in place; elsewhere one line for each router that is finished. Results are not here.

import type { SpanListener } from '../profile.ts';
import type { LinkReport } from '../workflow/report.ts';
import type { Terminal } from './world.ts';

export interface Progress {
  /** A line for people that is no part of the progress. */
  say(line: string): void;
  linkBegun(link: string, devices: readonly string[]): void;
  linkEnded(reports: readonly LinkReport[]): void;
  /** Where the routers' steps are shown. */
  readonly spans?: SpanListener;
  /** Nothing more comes; nothing of the drawing stays. */
  close(): void;
}

/** How many links each device has in the run. */
export type Plan = ReadonlyMap<string, number>;

/** One line on standard error for each device that is finished. */
export function lineProgress(plan: Plan, say: (line: string) => void): Progress {
  const finished = new FinishedDevices(plan);
  return {
    say,
    linkBegun: () => undefined,
    linkEnded: (reports) => reports.map((report) => finished.add(report)).filter((line) => line !== undefined).forEach(say),
    close: () => undefined,
  };
}

/** A device is finished with its last link. */
class FinishedDevices {
  readonly #plan: Plan;
  readonly #devices = new Map<string, { links: number; failed: number; seconds: number }>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** The line of the device, when it has just been finished. */
  add({ device, error, seconds = 0 }: LinkReport): string | undefined {
    const so = this.#devices.get(device) ?? { links: 0, failed: 0, seconds: 0 };
    this.#devices.set(device, so);
    so.links += 1;
    so.failed += error === undefined ? 0 : 1;
    so.seconds = Math.max(so.seconds, seconds);
    if (so.links < (this.#plan.get(device) ?? 0)) return undefined;
    const failed = so.failed === 0 ? '' : `, ${so.failed} failed`;
    return `${device}: ${so.links} ${so.links === 1 ? 'link' : 'links'}${failed}, ${so.seconds.toFixed(1)} s`;
  }
}

/** Milliseconds between two drawings: on news at the soonest, without news at the latest. */
const REDRAW = { soonest: 100, latest: 500 } as const;
const MOST_ROWS = 12;
const BAR = 30;
const USUAL = { columns: 80, rows: 24 } as const;

interface Row {
  link: string;
  step: string;
  /** When the step began; performance.now(). */
  since: number;
}

export class LiveProgress implements Progress {
  readonly #terminal: Terminal;
  readonly #links: number;
  readonly #from = performance.now();
  readonly #rows = new Map<string, Row>();
  readonly #timer: NodeJS.Timeout;
  #done = 0;
  #failed = 0;
  #drawnRows = 0;
  #drawnAt = 0;

  constructor(terminal: Terminal, links: number) {
    this.#terminal = terminal;
    this.#links = links;
    this.#timer = setInterval(() => this.#draw(), REDRAW.latest);
    this.#timer.unref();
  }

  say(line: string): void {
    this.#terminal.write(`${this.#erased()}${line}\n`);
    this.#draw();
  }

  linkBegun(link: string, devices: readonly string[]): void {
    for (const device of devices) this.#rows.set(device, { link, step: 'begins', since: performance.now() });
    this.#news();
  }

  readonly spans: SpanListener = {
    began: (name, { device = '', link }) => {
      const row = this.#rows.get(device);
      if (row === undefined) return;
      this.#rows.set(device, { link: link ?? row.link, step: name, since: performance.now() });
      this.#news();
    },
  };

  linkEnded(reports: readonly LinkReport[]): void {
    this.#done += 1;
    this.#failed += reports.some((report) => report.error !== undefined) ? 1 : 0;
    for (const { device, link } of reports) if (this.#rows.get(device)?.link === link) this.#rows.delete(device);
    this.#news();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#terminal.write(this.#erased());
  }

  #news(): void {
    if (performance.now() - this.#drawnAt >= REDRAW.soonest) this.#draw();
  }

  #draw(): void {
    const width = (this.#terminal.columns() || USUAL.columns) - 1;
    const lines = [...this.#deviceLines(), this.#bar()].map((line) => line.slice(0, width));
    this.#terminal.write(`${this.#erased()}${lines.map((line) => `${line}\n`).join('')}`);
    this.#drawnRows = lines.length;
    this.#drawnAt = performance.now();
  }

  /** No more than the terminal shows beside the bar, the number of those left out and the cursor: what has scrolled off cannot be taken back. */
  #deviceLines(): string[] {
    const room = Math.max(0, (this.#terminal.rows() || USUAL.rows) - 3);
    const rows = [...this.#rows].slice(0, Math.min(MOST_ROWS, room));
    const widths = [Math.max(0, ...rows.map(([device]) => device.length)), Math.max(0, ...rows.map(([, row]) => row.link.length))] as const;
    const lines = rows.map(([device, { link, step, since }]) => `${device.padEnd(widths[0])}  ${link.padEnd(widths[1])}  ${step} ${((performance.now() - since) / 1000).toFixed(0)} s`);
    const more = this.#rows.size - rows.length;
    return more > 0 && room > 0 ? [...lines, `and ${more} more`] : lines;
  }

  #bar(): string {
    const filled = this.#links === 0 ? BAR : Math.floor((BAR * this.#done) / this.#links);
    const failed = this.#failed === 0 ? '' : `, ${this.#failed} failed`;
    return `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}] ${this.#done} of ${this.#links} links${failed}, ${((performance.now() - this.#from) / 1000).toFixed(0)} s`;
  }

  /** What takes the last drawing away, from the line's beginning on: a terminal shows ^C where the cursor stands. */
  #erased(): string {
    const rows = this.#drawnRows;
    this.#drawnRows = 0;
    return rows === 0 ? '' : `\r\u001b[${rows}A\u001b[0J`;
  }
}
