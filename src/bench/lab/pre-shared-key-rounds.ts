// The bench's rounds: every router runs the artifact once, all at the same time, and then all ends have the
// same new key. So the first key comes onto a link by either method, and every other by pre-shared-key.

import { setTimeout as delay } from 'node:timers/promises';
import type { ArtifactRun } from './artifact-process.ts';
import type { CommittedKey } from './committed-key.ts';
import { type JobWork, runOn } from './job-work.ts';
import { must } from './router-home.ts';
import { tableRow } from './table.ts';
import { endsOf, type LabLink } from './topology.ts';

interface Round {
  readonly number: number;
  readonly began: number;
  readonly runs: ReadonlyMap<string, ArtifactRun>;
  /** By link: the key before this round. */
  readonly before: ReadonlyMap<string, CommittedKey | undefined>;
}

/** MKA needs a hello time after the later of the commits, and a busy machine its time. */
const LONGEST_WAIT_FOR_MKA = 30_000;

/** Rounds from number `first` to `last`; number 0 brings the first key. */
export async function rotateRoundByRound(work: JobWork, first: number, last: number): Promise<void> {
  for (let number = first; number <= last; number += 1) {
    const began = Date.now();
    const before = new Map([...work.watches].map(([link, watch]) => [link, watch.inForce()[0]]));
    const runs = new Map(await Promise.all([...work.lab.routers.keys()].map(async (name) => [name, await runOn(work, name, `round ${number}`)] as const)));
    for (const link of work.lab.links) await judgeRound(work, link, { number, began, runs, before });
  }
}

async function judgeRound(work: JobWork, link: LabLink, { number, began, runs, before }: Round): Promise<void> {
  const { checks } = work;
  const what = `round ${number} ${link.name}`;
  const watch = must(work.watches, link.name);
  const keys = watch.inForce();
  const [key] = keys;
  const old = before.get(link.name);
  checks.check(`${what}: same CKN and CAK`, key !== undefined && keys.every((other) => other?.ckn === key.ckn && other.cak === key.cak));
  checks.check(`${what}: a new key`, key !== undefined && key.ckn !== old?.ckn && key.cak !== old?.cak);
  const keyIds = endsOf(link).map(({ router }) => runs.get(router)?.links.find((one) => one.link === link.name)?.key_id ?? undefined);
  const [keyId] = keyIds;
  checks.check(`${what}: all report one key_ID`, keyId !== undefined && keyIds.every((other) => other === keyId), keyIds.join(' and '));
  const times = () => watch.timesOf(key?.ckn ?? '');
  for (let waited = 0; times().inUse === undefined && key !== undefined && waited < LONGEST_WAIT_FOR_MKA; waited += 100) await delay(100, undefined, { signal: work.signal });
  checks.check(`${what}: MKA uses it`, times().inUse !== undefined);
  work.print(tableRow({ key: number === 0 ? 'first' : String(number), link: link.name, keyId, ckn: key?.ckn, ...times(), mismatch: old === undefined ? 0 : watch.mismatch(began, Date.now()) }));
}
