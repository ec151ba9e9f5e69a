// The router's syslog file, /var/log/messages: commits and MKA events, in the form that an MX writes
// ("Nov 22 12:00:00  mx1 mgd[32001]: UI_COMMIT_COMPLETED: ..."). Keys are never in it, CKNs are.

import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { two, wallClockAt } from '../configuration/time-zone.ts';

const LARGEST_FILE = 1024 * 1024;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface LogSource {
  readonly now: () => number;
  readonly timeZone: () => string;
  readonly hostName: () => string;
}

export class RouterLog {
  readonly #file: string;
  readonly #source: LogSource;

  /** `root` is the root of the router's files; var/log exists. */
  constructor(root: string, source: LogSource) {
    this.#file = join(root, 'var/log/messages');
    this.#source = source;
    writeFileSync(this.#file, '', { mode: 0o644 });
  }

  /** One line; `process` as in "mgd[32001]", `text` begins with the syslog tag, `time` on the router's clock. */
  write(process: string, text: string, time = this.#source.now()): void {
    const { timeZone, hostName } = this.#source;
    const at = wallClockAt(time, timeZone());
    const date = `${MONTHS[at.month - 1]} ${String(at.day).padStart(2)} ${two(at.hour)}:${two(at.minute)}:${two(at.second)}`;
    const line = `${date}  ${hostName()} ${process}: ${text.replace(/[\u0000-\u001f]+/g, ' ')}\n`;
    if (statSync(this.#file).size + line.length > LARGEST_FILE) this.#halve();
    appendFileSync(this.#file, line);
  }

  #halve(): void {
    const text = readFileSync(this.#file, 'utf8');
    writeFileSync(this.#file, text.slice(text.indexOf('\n', text.length / 2) + 1));
  }
}
