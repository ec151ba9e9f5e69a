// status of a fleet: the worst first, each end with its troubles below it. One line an end where the terminal is wide
// enough for all of it, else two, which fit 80 characters with names of usual length; nothing is left out. What is
// well is said in a word: whatever is not has a line of its own.

import { mkaText } from '../workflow/status/mka-sight.ts';
import { inColumns } from './columns.ts';
import type { EndReport, StatusReport } from './status.ts';
import { type Paint, duration, problemLines, seen } from './status-words.ts';

/** Where standard output is no terminal. */
const USUAL_WIDTH = 100;

const DAY = 86_400_000;

/** Column titles of the first and of the second line. */
const HEADS = [['state', 'link', 'device', 'role', 'key', 'age', 'next', 'held by'], ['method', 'MKA', 'KME', 'clock', 'cert', 'last run']] as const;

/** `width` in characters; undefined: not told. */
export function fleetLines({ ends, now }: StatusReport, paint: Paint, width = USUAL_WIDTH): string[] {
  const firsts = [[...HEADS[0]], ...ends.map((end) => keyCells(end, now))];
  const seconds = [[...HEADS[1]], ...ends.map((end) => stateCells(end, now))];
  const wide = inColumns(firsts.map((row, index) => [...row, ...(seconds[index] ?? [])]));
  const isWide = wide.every((line) => line.length <= width);
  const upper = isWide ? wide : inColumns(firsts);
  const lower = isWide ? [] : inColumns(seconds).map((line) => `  ${line}`);
  const rows = upper.map((line, index) => [line, ...lower.slice(index, index + 1)]);
  return [...(rows[0] ?? []), ...ends.flatMap((end, index) => endLines(end, rows[index + 1] ?? [], paint)), ''];
}

function endLines({ state, problems }: EndReport, [first = '', ...more]: readonly string[], paint: Paint): string[] {
  const troubles = problems.filter(({ severity }) => severity !== 'note').flatMap((problem) => problemLines(problem, paint));
  return [`${paint(state, state)}${first.slice(state.length)}`, ...more, ...troubles];
}

function keyCells(end: EndReport, now: number): string[] {
  const { status, state, heldBy } = end;
  const sight = seen(end);
  const { key, next } = sight ?? {};
  const name = sight === undefined ? 'not known' : key === undefined ? 'none' : (key.keyId ?? key.ckn).slice(0, 8);
  return [
    state,
    status.link,
    status.device,
    status.role,
    name,
    key?.since === undefined ? '-' : duration(now - key.since),
    next === undefined ? '-' : duration(next.startTime - now),
    heldBy.length === 0 ? '-' : heldBy.join(', '),
  ];
}

function stateCells(end: EndReport, now: number): string[] {
  const { status, lastRun } = end;
  const sight = seen(end);
  const peers = sight?.sessions.reduce((sum, { livePeers }) => sum + livePeers, 0) ?? 0;
  return [
    status.method,
    sight === undefined ? 'not known' : `${mkaText(sight.sessions)}, ${peers} ${peers === 1 ? 'peer' : 'peers'}`,
    'message' in status.kme.answer ? 'failed' : 'ok',
    clockCell(end),
    certificateCell(end, now),
    lastRun === undefined ? 'none' : `${lastRun.outcome} ${duration(now - Date.parse(lastRun.at))}`,
  ];
}

/** The largest difference to another end; where none is known, what the router says of its time source. */
function clockCell(end: EndReport): string {
  const differences = [...end.clocks.values()].map(Math.abs);
  if (differences.length > 0) return `${(Math.max(...differences) / 1000).toFixed(1)} s`;
  const ntp = seen(end)?.observation.clock.ntp;
  return ntp === 'synchronised' ? 'NTP' : ntp === 'unsynchronised' ? 'no NTP' : '-';
}

function certificateCell({ status: { certificate } }: EndReport, now: number): string {
  if (certificate.until === undefined) return 'none';
  const left = certificate.until - now;
  return left <= 0 ? 'ended' : `${Math.floor(left / DAY)} d`;
}
