// Which of a router's routing engines is master, and what the router as a whole is by that: re0, until the fault
// `switchover` makes re1 the master, and again when it is cleared. A single engine is always master. After a switchover
// the router's own addresses reach the new master, and MKA starts over from its configuration (GRES without `mka suspend-for`).

import type { EngineSlot } from '../configuration/inheritance.ts';
import type { Mgd } from '../mgd/mgd.ts';
import type { Engine } from './engine.ts';
import type { Faults } from './faults/faults.ts';

/** Slot of the master by the router's faults. */
export function masterSlot(faults: Faults): EngineSlot {
  return faults.find('switchover') === undefined ? 0 : 1;
}

/** The daemon of whichever engine is master; sessions stay with the one they were opened on. */
export function mastersMgd(engines: readonly Engine[], master: () => Engine): Mgd {
  return {
    openSession: (user) => master().mgd.openSession(user),
    committed: () => master().mgd.committed(),
    onCommit: (listener) => {
      for (const engine of engines) engine.mgd.onCommit((committed) => void (engine === master() && listener(committed)));
    },
    register: (operational) => {
      for (const { mgd } of engines) mgd.register(operational);
    },
    get otherSide() {
      return master().mgd.otherSide;
    },
    close: () => {
      for (const { mgd } of engines) mgd.close();
    },
  };
}
