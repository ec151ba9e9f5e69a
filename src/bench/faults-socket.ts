// Faults set from another process: one JSON object a line on a UNIX socket, one line of answer each.
// {"set": FAULT} -> {"ok": true, "id": N}; {"clear": N} or {"clear": "all"}; {"list": true}.
// Anything else is answered {"ok": false, "error": TEXT}.

import { connect, type Socket } from 'node:net';

/** What can have faults: a router or a KME. */
export interface Faulty {
  /** Checks and switches on; resolves to an id. Throws TypeError for a malformed one. */
  set(fault: unknown): Promise<number>;
  /** One of them, or all; `known` is false for an id that is not in force. */
  clear(id: number | undefined): Promise<{ readonly known: boolean }>;
  list(): readonly object[];
}

const LONGEST_LINE = 64 * 1024;

/** Serves one connection: hands each line's JSON to `answer`. For the listener see router/unix-socket.ts. */
export async function serveLines(socket: Socket, answer: (command: unknown) => Promise<object>): Promise<void> {
  let pending = '';
  socket.setEncoding('utf8');
  for await (const text of socket as AsyncIterable<string>) {
    pending += text;
    const lines = pending.split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) socket.write(`${JSON.stringify(await answerLine(line, answer))}\n`);
    if (pending.length > LONGEST_LINE) break;
  }
  socket.end();
}

async function answerLine(line: string, answer: (command: unknown) => Promise<object>): Promise<object> {
  try {
    return { ok: true, ...(await answer(JSON.parse(line))) };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

/** Carries out one command about faults. Throws TypeError when it is none. */
export async function faultCommand(command: unknown, faulty: Faulty): Promise<object> {
  const { set, clear, list } = (command ?? {}) as { set?: unknown; clear?: unknown; list?: unknown };
  if (set !== undefined) return { id: await faulty.set(set) };
  if (clear === 'all' || typeof clear === 'number') {
    const { known } = await faulty.clear(clear === 'all' ? undefined : clear);
    if (!known) throw new TypeError(`no fault ${clear}`);
    return {};
  }
  if (list === true) return { faults: faulty.list() };
  throw new TypeError('set, clear or list');
}

const PATIENCE = 20_000;

export type SocketAnswer = { readonly ok: true; readonly id?: number; readonly faults?: readonly object[] } | { readonly ok: false; readonly error: string };

/** The other end: sends one command and resolves to the answer. Rejects when nobody listens or answers. */
export function askSocket(path: string, command: object): Promise<SocketAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let said = '';
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error('no answer')));
    socket.setEncoding('utf8');
    socket.once('error', reject);
    socket.on('data', (text: string) => {
      said += text;
      if (!said.includes('\n')) return;
      socket.destroy();
      resolve(JSON.parse(said) as SocketAnswer);
    });
    socket.once('end', () => reject(new Error('the connection was closed')));
    socket.write(`${JSON.stringify(command)}\n`);
  });
}
