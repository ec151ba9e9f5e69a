// A router's faults behind its control socket (../../faults-socket.ts has the lines).

import type { Faulty } from '../../faults-socket.ts';
import { readFault } from './fault.ts';
import type { Faults } from './faults.ts';

/** The faults of one router, to be set by name and JSON. */
export function faultyRouter(faults: Faults): Faulty {
  return {
    set: (fault) => faults.set(readFault(fault)),
    clear: async (id) => {
      const known = id === undefined || faults.list().some((one) => one.id === id);
      await faults.clear(id);
      return { known };
    },
    list: () => faults.list(),
  };
}
