// The control socket of a bench that is left running: faults of every router and KME by name
// (../faults-socket.ts has the lines; each command has a `target` as well). `ask` is the other end.

import { type Faulty, faultCommand, serveLines } from '../faults-socket.ts';
import { faultyKme } from '../kme/faulty-kme.ts';
import { faultyRouter } from '../router/faults/faulty-router.ts';
import { listenUnix, type UnixListener } from '../router/unix-socket.ts';
import type { Lab } from './lab.ts';

/** Serves the lab's faults at `folder/bench.sock`, or at a shorter path when that one is too long. */
export function serveControl(lab: Lab, folder: string): Promise<UnixListener> {
  const targets = new Map<string, Faulty>([
    ...[...lab.routers].map(([name, { router }]) => [name, faultyRouter(router.faults)] as const),
    ...lab.kmes.kmes.map((kme) => [kme.name, faultyKme(kme.faults)] as const),
  ]);
  const answer = (command: unknown): Promise<object> => {
    const { target } = (command ?? {}) as { target?: unknown };
    const faulty = typeof target === 'string' ? targets.get(target) : undefined;
    if (faulty === undefined) throw new TypeError(`no router or KME ${JSON.stringify(target)} on this bench: one of ${[...targets.keys()].join(', ')}`);
    return faultCommand(command, faulty);
  };
  return listenUnix(folder, 'bench.sock', (socket) => void serveLines(socket, async (command) => answer(command)).catch(() => socket.destroy()));
}

export { askSocket as ask } from '../faults-socket.ts';
