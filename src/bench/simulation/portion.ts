// A worker thread of scripts/simulate: does the portion that the main thread names by its first and last seed,
// hands back what it came to, and waits for the next. The deliberate faults go through it one at a time.

import { type MessagePort, parentPort } from 'node:worker_threads';
import { type Campaign, type CaughtMutant, addSeed, caughtMutant, emptyCampaign } from './campaign.ts';

export type Portion =
  | { readonly kind: 'seeds'; readonly first: number; readonly last: number }
  | { readonly kind: 'mutant'; readonly fault: string; readonly seeds: number };

export type PortionDone = { readonly kind: 'seeds'; readonly part: Campaign } | ({ readonly kind: 'mutant' } & CaughtMutant);

function done(portion: Portion): PortionDone {
  if (portion.kind === 'mutant') return { kind: 'mutant', ...caughtMutant(portion.fault, portion.seeds) };
  const part = emptyCampaign();
  for (let seed = portion.first; seed <= portion.last; seed++) addSeed(part, seed);
  return { kind: 'seeds', part };
}

const port: MessagePort | null = parentPort;
port?.on('message', (portion: Portion) => port.postMessage(done(portion)));
