// The JSON document of status --json: one line, every time in UTC (ISO 8601), null for what is not known.

import type { QkdError } from '../errors.ts';
import { ALARM_TAGS, type ConditionName } from '../rotation/conditions.ts';
import { mkaText } from '../workflow/status/mka-sight.ts';
import { utc } from './results.ts';
import type { EndReport, StatusReport } from './status.ts';

const DAY = 86_400_000;

/** `error`: what kept status from looking at any link. */
export function statusDocument(report: StatusReport, error?: QkdError): string {
  const { mode, now, ends, lock, runError } = report;
  const document = {
    command: 'status',
    mode,
    at: utc(now),
    ok: error === undefined && ends.every(({ state }) => state === 'ok') && lock?.overdue !== true && runError === undefined,
    links: ends.map((end) => endMembers(end, now)),
    run_lock: lock === undefined ? null : { pid: lock.holder.pid, started_at: lock.holder.started_at, overdue: lock.overdue },
    last_run_error: runError ?? null,
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message, hint: error.hint ?? null } }),
  };
  return `${JSON.stringify(document)}\n`;
}

function endMembers(end: EndReport, now: number): object {
  const { status, state, problems, alarms, lastRun, clocks } = end;
  const { link, device, role, method, sight, certificate } = status;
  const seen = 'observation' in sight ? sight : undefined;
  const { key, next } = seen ?? {};
  return {
    link,
    device,
    role,
    method,
    state,
    problems: problems.map(({ severity, text, hint }) => ({ severity, text, hint: hint ?? null })),
    alarms: alarms.map((name) => ALARM_TAGS[name as ConditionName]),
    key: key === undefined ? null : { key_id: key.keyId ?? null, ckn: key.ckn, since: key.since === undefined ? null : utc(key.since), age_seconds: key.since === undefined ? null : Math.round((now - key.since) / 1000) },
    next_key: next === undefined ? null : { key_id: next.keyId, ckn: next.ckn ?? null, start_time: utc(next.startTime), confirmed: next.confirmed ?? null },
    held_by: end.heldBy,
    mka: seen === undefined ? null : { state: mkaText(seen.sessions), live_peers: seen.sessions.reduce((sum, { livePeers }) => sum + livePeers, 0) },
    kme: kmeMembers(status.kme),
    clock: {
      ntp: seen?.observation.clock.ntp ?? 'unknown',
      router_ahead_seconds: seconds(seen?.observation.clock.routerAhead),
      others_ahead_seconds: Object.fromEntries([...clocks].map(([name, ahead]) => [name, seconds(ahead)])),
    },
    certificate: { until: certificate.until === undefined ? null : utc(certificate.until), days_left: certificate.until === undefined ? null : Math.floor((certificate.until - now) / DAY) },
    last_run: lastRun === undefined ? null : { at: lastRun.at, command: lastRun.command, outcome: lastRun.outcome, reason: lastRun.reason, error: lastRun.error },
  };
}

function kmeMembers({ name, milliseconds, answer }: EndReport['status']['kme']): object {
  if ('message' in answer) return { name, reachable: false, milliseconds, stored_keys: null, error: { code: answer.code, message: answer.message } };
  return { name, reachable: true, milliseconds, stored_keys: answer.storedKeyCount ?? null, error: null };
}

function seconds(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : Math.round(milliseconds / 100) / 10;
}
