// Faults that are a state of the whole router: powered off, unreachable, a fibre cut, a clock that is wrong, the other
// routing engine as master.
// They are carried out when they come and undone when they go.

import type { EngineSlot } from '../../configuration/inheritance.ts';
import type { Suspendable } from '../listeners.ts';
import type { Link } from '../mka/link.ts';
import type { RouterClock } from '../router-clock.ts';
import type { Faults } from './faults.ts';

export interface StatefulParts {
  readonly faults: Faults;
  readonly clock: RouterClock;
  /** By interface name. */
  readonly links: ReadonlyMap<string, Link>;
  readonly masterSlot: () => EngineSlot;
  readonly ssh: Suspendable;
  readonly netconf: Suspendable;
}

/** Makes the router's parts follow its faults from now on. */
export function followStates(router: string, parts: StatefulParts): void {
  const { faults, clock, links, masterSlot } = parts;
  const ssh = new Switch(parts.ssh);
  const netconf = new Switch(parts.netconf);
  let master = masterSlot();
  faults.onChange(async () => {
    const isSwitchover = master !== masterSlot();
    master = masterSlot();
    const down = faults.find('down') !== undefined;
    const offset = faults.find('clock-offset')?.seconds;
    clock.setOffset(offset === undefined ? undefined : offset * 1000);
    for (const [interfaceName, link] of links) {
      const cut = down || faults.find('fibre-cut', (fault) => fault.interface === interfaceName) !== undefined;
      if (cut) link.cut(router);
      else link.restore(router);
    }
    if (isSwitchover) {
      for (const link of new Set(links.values())) link.restart(router);
      await Promise.all([netconf.set(false), ssh.set(false)]);
    }
    await Promise.all([netconf.set(!down), ssh.set(!down && faults.find('unreachable') === undefined)]);
  });
}

/** Listening or not; changes follow one another. */
class Switch {
  readonly #listener: Suspendable;
  #on = true;
  #turn: Promise<void> = Promise.resolve();

  constructor(listener: Suspendable) {
    this.#listener = listener;
  }

  set(on: boolean): Promise<void> {
    this.#turn = this.#turn
      .catch(() => undefined)
      .then(async () => {
        if (on === this.#on) return;
        await (on ? this.#listener.resume() : this.#listener.suspend());
        this.#on = on;
      });
    return this.#turn;
  }
}
