// status for people: one screen. A few link ends get a block each; a fleet gets the lines of status-fleet.ts. Colours
// only say again what the words say.

import { mkaText } from '../workflow/status/mka-sight.ts';
import { fleetLines } from './status-fleet.ts';
import { type Paint, duration, problemLines, seen } from './status-words.ts';
import type { EndReport, StatusReport } from './status.ts';

/** More ends than this are shown as a table. */
const BLOCKS = 4;

const DAY = 86_400_000;

const ANSI = { ok: 32, attention: 33, fault: 31, note: 36 } as const;

/** `width`: characters of the terminal; undefined where there is none. */
export function statusScreen(report: StatusReport, { colours, width }: { colours: boolean; width?: number | undefined }): string {
  const paint: Paint = (text, as) => (colours ? `\u001b[${ANSI[as]}m${text}\u001b[0m` : text);
  const ends = report.ends.length <= BLOCKS ? report.ends.flatMap((end) => block(end, report.now, paint)) : fleetLines(report, paint, width);
  return `${[...ends, ...runLines(report, paint), summary(report, paint)].join('\n')}\n`;
}

function summary({ ends }: StatusReport, paint: Paint): string {
  const count = (state: EndReport['state']): number => ends.filter((end) => end.state === state).length;
  const parts = (['fault', 'attention', 'ok'] as const).filter((state) => count(state) > 0).map((state) => paint(`${count(state)} ${state}`, state));
  const links = new Set(ends.map(({ status }) => status.link)).size;
  return ends.length === 0 ? 'no links' : `${links} ${links === 1 ? 'link' : 'links'}, ${ends.length} ${ends.length === 1 ? 'end' : 'ends'}: ${parts.join(', ')}`;
}

function runLines({ lock, runError, now }: StatusReport, paint: Paint): string[] {
  const lines: string[] = [];
  if (lock !== undefined) {
    const text = `a run is under way: pid ${lock.holder.pid}, for ${duration(now - Date.parse(lock.holder.started_at))}`;
    lines.push(lock.overdue ? `${paint('attention', 'attention')}: ${text}; it should be over (end process ${lock.holder.pid} if it hangs)` : text);
  }
  if (runError !== undefined) lines.push(`${paint('attention', 'attention')}: the last run worked on no link: ${runError.message}${runError.hint === null ? '' : `\n  hint: ${runError.hint}`}`);
  return lines;
}

function block(end: EndReport, now: number, paint: Paint): string[] {
  const { status, state, problems } = end;
  const rows: [string, string][] = [
    ['key', keyText(end, now)],
    ['next', nextText(end, now)],
    ['MKA', mka(end)],
    ['KME', kmeText(end)],
    ['clock', clockText(end)],
    ['certificate', certificateText(end, now)],
    ['last run', lastRunText(end, now)],
  ];
  return [
    `${status.link} on ${status.device}, ${status.role}, ${status.method}: ${paint(state, state)}`,
    ...rows.map(([name, text]) => `  ${name.padEnd(11)}  ${text}`),
    ...problems.flatMap((problem) => problemLines(problem, paint)),
    '',
  ];
}

function keyText(end: EndReport, now: number): string {
  const key = seen(end)?.key;
  if (key === undefined) return seen(end) === undefined ? 'not known' : 'none';
  const name = key.keyId ?? `CKN ${key.ckn}`;
  return key.since === undefined ? `${name}, in use (first key, or no record of its start)` : `${name}, in use for ${duration(now - key.since)}`;
}

function nextText(end: EndReport, now: number): string {
  const sight = seen(end);
  const next = sight?.next;
  const by = end.heldBy.length === 0 ? '' : `, ${end.heldBy.join(', ')} ${end.heldBy.length === 1 ? 'has' : 'have'} ${next === undefined ? 'the present one' : 'it'}`;
  const said = next?.confirmed === undefined ? '' : next.confirmed ? ', confirmed' : ', not confirmed yet';
  if (next !== undefined) return `${next.keyId} in ${duration(next.startTime - now)}${said}${by}`;
  if (sight === undefined) return 'not known';
  return end.status.method === 'pre-shared-key' ? `replaced in place by a later run${by}` : `none scheduled${by}`;
}

function mka(end: EndReport): string {
  const sight = seen(end);
  if (sight === undefined) return 'not known';
  const peers = sight.sessions.reduce((sum, { livePeers }) => sum + livePeers, 0);
  return `${mkaText(sight.sessions)}, ${peers} live ${peers === 1 ? 'peer' : 'peers'}`;
}

function kmeText({ status: { kme } }: EndReport): string {
  const { answer, name, milliseconds } = kme;
  if ('message' in answer) return `${name}: ${answer.code}`;
  const stock = answer.storedKeyCount === undefined ? '' : `, ${answer.storedKeyCount} keys in stock`;
  return `${name} answers in ${milliseconds} ms${stock}`;
}

function clockText(end: EndReport): string {
  const clock = seen(end)?.observation.clock;
  if (clock === undefined) return 'not known';
  const others = [...end.clocks].map(([name, ahead]) => `${name} ${Math.abs(ahead / 1000).toFixed(1)} s ${ahead < 0 ? 'behind' : 'ahead'}`);
  return [clock.ntp === 'unknown' ? 'NTP not shown' : `NTP ${clock.ntp}`, ...others].join(', ');
}

function certificateText({ status: { certificate } }: EndReport, now: number): string {
  if (certificate.until === undefined) return 'none';
  const left = certificate.until - now;
  return left <= 0 ? 'ended' : `${Math.floor(left / DAY)} days left`;
}

function lastRunText({ lastRun }: EndReport, now: number): string {
  return lastRun === undefined ? 'none known' : `${lastRun.outcome} ${duration(now - Date.parse(lastRun.at))} ago`;
}
