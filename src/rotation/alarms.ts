// Which alarms begin and which end, from this run's verdicts and what earlier runs left: an alarm is one line
// when it begins and one when it clears, however long it lasts and however many runs see it. Pure: the caller
// tells syslog and keeps the watches (cli/alarms.ts). A subject without a verdict stays as it was.

import { ALARM_TAGS, type ConditionName, type Verdict } from './conditions.ts';

/** A condition that has been seen and has not gone since. */
export interface Watch {
  readonly name: ConditionName;
  readonly subject: string;
  readonly about: string;
  readonly text: string;
  /** When it was first seen, milliseconds since 1970 UTC. */
  readonly since: number;
  /** An alarm was raised for it. */
  readonly raised: boolean;
}

export interface AlarmDecision {
  readonly raise: readonly Watch[];
  readonly clear: readonly Watch[];
  /** What to remember when everything could be told. */
  readonly watches: readonly Watch[];
}

/** `subjects`: everything the inventory still has; a watch of anything else is cleared. */
export function decideAlarms(verdicts: readonly Verdict[], before: readonly Watch[], world: { now: number; subjects: ReadonlySet<string> }): AlarmDecision {
  const judged = new Map(verdicts.map((verdict) => [keyOf(verdict), verdict]));
  const kept = before.filter((watch) => !judged.has(keyOf(watch)) && world.subjects.has(watch.subject));
  const known = new Map(before.map((watch) => [keyOf(watch), watch]));
  const present = [...judged.values()].flatMap((verdict) => watchOf(verdict, known.get(keyOf(verdict)), world.now));
  const watches = [...kept, ...present];
  const still = new Set(watches.filter((watch) => watch.raised).map(keyOf));
  return {
    raise: present.filter((watch) => watch.raised && known.get(keyOf(watch))?.raised !== true),
    clear: before.filter((watch) => watch.raised && !still.has(keyOf(watch))),
    watches,
  };
}

/** What to remember when the lines could not be told: the next run tries again. */
export function untold(decision: AlarmDecision): Watch[] {
  const raised = new Set(decision.raise.map(keyOf));
  return [...decision.watches.map((watch) => (raised.has(keyOf(watch)) ? { ...watch, raised: false } : watch)), ...decision.clear];
}

function keyOf({ name, subject }: { name: ConditionName; subject: string }): string {
  return `${name}\0${subject}`;
}

function watchOf({ name, subject, condition }: Verdict, before: Watch | undefined, now: number): Watch[] {
  if (condition === undefined) return [];
  const { about, text, after } = condition;
  const same = before?.about === about;
  const since = same ? Math.min(before.since, now) : now;
  // Raised stays raised while the condition lasts in any form: its line has been told.
  const raised = before?.raised === true || now - since >= after;
  return [{ name, subject, about, text, since, raised }];
}

/** `QKD_MACSEC_STALLED: link mx1-mx2 on mx1: the key in use ...`; cleared ones say so in the tag. */
export function alarmLine(watch: Watch, what: 'raise' | 'clear'): string {
  const tag = `${ALARM_TAGS[watch.name]}${what === 'clear' ? '_CLEAR' : ''}`;
  return what === 'raise' ? `${tag}: ${watch.subject}: ${watch.text}` : `${tag}: ${watch.subject}: no longer: ${watch.text}`;
}
