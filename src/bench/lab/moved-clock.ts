// A clock that runs as the wall's does and can be moved on: hours of rotation in seconds, with programs that run as
// processes of their own. Their Date.now is moved by a file that Node loads before the program (--require); nothing
// else of a process is touched, so its time-outs and waits are real ones.

import { writeFileSync } from 'node:fs';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

export class MovedClock {
  #ahead = 0;
  readonly #timers = new Set<Timer>();

  /** Milliseconds since 1970 UTC. */
  readonly now = (): number => Date.now() + this.#ahead;

  /** Calls `run` when the clock is moved past so many milliseconds from now; returns what cancels it. */
  readonly after = (milliseconds: number, run: () => void): (() => void) => {
    const timer = { at: this.now() + milliseconds, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  /** Moves it on to `moment`, if that is still to come; timers go off in order, each at its own time. */
  moveTo(moment: number): void {
    const due = [...this.#timers].filter(({ at }) => at <= moment).sort((a, b) => a.at - b.at);
    for (const timer of due) {
      if (!this.#timers.delete(timer)) continue;
      this.#ahead += Math.max(0, timer.at - this.now());
      timer.run();
    }
    this.#ahead += Math.max(0, moment - this.now());
  }

  /** Node's options for a process that is to have the time of now; `file` is written. */
  nodeOptions(file: string): string[] {
    writeFileSync(file, `'use strict';\nconst wall = Date.now;\nDate.now = () => wall() + ${this.#ahead};\n`, { mode: 0o600 });
    return ['--require', file];
  }
}
