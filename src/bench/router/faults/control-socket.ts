// Faults set from another process: a UNIX socket that takes one JSON object a line and answers one line
// each. {"set": FAULT} -> {"ok": true, "id": N}; {"clear": N} or {"clear": "all"}; {"list": true}.
// Anything else is answered {"ok": false, "error": TEXT}.

import type { Socket } from 'node:net';
import type { FaultSetting } from './fault.ts';
import type { Faults } from './faults.ts';

const LONGEST_LINE = 64 * 1024;

/** Serves one connection; for the listener see unix-socket.ts. */
export async function serveControl(socket: Socket, faults: Faults): Promise<void> {
  let pending = '';
  socket.setEncoding('utf8');
  for await (const text of socket as AsyncIterable<string>) {
    pending += text;
    const lines = pending.split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) socket.write(`${JSON.stringify(await answer(line, faults))}\n`);
    if (pending.length > LONGEST_LINE) break;
  }
  socket.end();
}

async function answer(line: string, faults: Faults): Promise<object> {
  try {
    const command = JSON.parse(line) as { set?: FaultSetting; clear?: number | 'all'; list?: true };
    if (command.set !== undefined) return { ok: true, id: await faults.set(command.set) };
    if (command.clear === 'all') return { ok: true, cleared: await faults.clear() };
    if (typeof command.clear === 'number') return { ok: true, cleared: await faults.clear(command.clear) };
    if (command.list === true) return { ok: true, faults: faults.list() };
    return { ok: false, error: 'set, clear or list' };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}
