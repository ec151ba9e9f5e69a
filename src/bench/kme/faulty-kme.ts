// A KME's faults as they are set from another process: with `kind` as a router's, and until cleared unless
// `times` says how often.

import type { Faulty } from '../faults-socket.ts';
import { CONNECTION_FAULTS, KME_FAULTS, readKmeFault } from './fault-kinds.ts';
import type { Faults } from './faults.ts';

/** The faults of one KME, to be set by JSON: `{"kind": "hang", "call": "dec_keys", "times": 2}`. */
export function faultyKme(faults: Faults): Faulty {
  return {
    set: (fault) => faults.add(readKmeFault(withFault(fault))),
    clear: async (id) => {
      const known = id === undefined || faults.list().some((one) => one.id === id);
      await faults.clear(id);
      return { known };
    },
    list: () => faults.list().map(({ fault, ...rest }) => ({ ...rest, fault: withKind(fault) })),
  };
}

function withFault(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const { kind, ...rest } = given as { kind?: unknown };
  if (typeof kind !== 'string' || !Object.hasOwn(KME_FAULTS, kind)) throw new TypeError(`kind: one of ${Object.keys(KME_FAULTS).join(', ')}`);
  return { fault: kind, ...(CONNECTION_FAULTS.includes(kind) ? {} : { times: 'always' }), ...rest };
}

function withKind(fault: object): object {
  const { fault: kind, ...rest } = fault as { fault?: unknown };
  return { kind, ...rest };
}
