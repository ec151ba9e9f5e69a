// The bench's main job: every router runs the artifact as its own process, and the bench checks from outside
// what an operator cares about: all ends on the same new keys, the link never without a common key (the
// move from one method to the other included), no key bytes in any file or output.

import type { Checks } from './checks.ts';
import { beginWork, type JobWork, type MainJob } from './job-work.ts';
import { rotateByKeyChain } from './key-chain-rounds.ts';
import { rotateRoundByRound } from './pre-shared-key-rounds.ts';
import { must } from './router-home.ts';
import { keysFoundIn } from './secret-scan.ts';
import { tableHead } from './table.ts';

/** Runs the job, prints the table and resolves to the closing line's verdicts. Rejects when it is ended from outside. */
export async function runMainJob(job: MainJob): Promise<Checks> {
  const work = beginWork(job);
  job.print(tableHead());
  await rotateRoundByRound(work, 0, 0);
  let rotated = 0;
  for (const [index, method] of job.methods.entries()) {
    if (method === 'key-chain') await rotateByKeyChain(work, { interval: job.interval, keys: job.rotations, first: rotated + 1, isMove: index > 0 });
    else await rotateRoundByRound(work, rotated + 1, rotated + job.rotations);
    rotated += job.rotations;
  }
  checkLinks(work);
  const caks = [...work.watches.values()].flatMap((watch) => watch.caks());
  const found = keysFoundIn([job.folder], work.output, [...job.lab.kmes.issuedKeys(), ...caks]);
  work.checks.check('no key bytes in any file or output', found.length === 0, found.join(', '));
  return work.checks;
}

/** From the moment that a link's first key is in use. */
function checkLinks({ lab, checks, watches }: JobWork): void {
  for (const { name } of lab.links) {
    const since = must(watches, name).liveSince();
    checks.check(`${name}: never without a common active key`, since !== undefined && !lab.cable(name).wasEverDown(since));
  }
}
