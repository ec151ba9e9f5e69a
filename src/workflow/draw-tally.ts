// What one end of a link has used up of its KMEs' keys in a run, by KME: the operators of KMEs and routers account for
// every key.

import type { DrawnKeys } from './ports.ts';

export interface KmeDraw extends DrawnKeys {
  /** The KME's name. */
  readonly kme: string;
}

export class DrawTally {
  readonly #byKme = new Map<string, DrawnKeys>();

  add(kme: string, { received, lost }: DrawnKeys): void {
    const before = this.#byKme.get(kme) ?? { received: 0, lost: 0 };
    this.#byKme.set(kme, { received: before.received + received, lost: before.lost + lost });
  }

  /** In the order in which the KMEs were first asked. */
  list(): KmeDraw[] {
    return [...this.#byKme].map(([kme, keys]) => ({ kme, ...keys }));
  }
}
