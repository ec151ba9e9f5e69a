// The control socket of a bench that is left running: faults of every router and KME by name
// (../faults-socket.ts has the lines; each command has a `target` as well). `ask` is the other end.

import { connect } from 'node:net';
import { type Faulty, faultCommand, serveLines } from '../faults-socket.ts';
import { faultyKme } from '../kme/faulty-kme.ts';
import { faultyRouter } from '../router/faults/faulty-router.ts';
import { listenUnix, type UnixListener } from '../router/unix-socket.ts';
import type { Lab } from './lab.ts';

const PATIENCE = 20_000;

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

export type ControlAnswer = { readonly ok: true; readonly id?: number; readonly faults?: readonly object[] } | { readonly ok: false; readonly error: string };

/** Sends one command and resolves to the answer. Rejects when nobody listens or answers. */
export function ask(path: string, command: object): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let said = '';
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error('the bench does not answer')));
    socket.setEncoding('utf8');
    socket.once('error', reject);
    socket.on('data', (text: string) => {
      said += text;
      if (!said.includes('\n')) return;
      socket.destroy();
      resolve(JSON.parse(said) as ControlAnswer);
    });
    socket.once('end', () => reject(new Error('the bench has ended')));
    socket.write(`${JSON.stringify(command)}\n`);
  });
}
