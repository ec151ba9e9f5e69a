// One process of a fleet: some pairs of simulated routers with the cable between them, or the KME pair with its PKI.
// Started by fleet.ts, which tells it what to be and later what to break; ends when its parent does. What it uses is
// nobody's: the bench measures the program alone.

import { join } from 'node:path';
import { startKmePair } from '../kme/start-kme-pair.ts';
import { committedKeyChain } from './committed-key-chain.ts';
import { makePki } from '../pki/pki.ts';
import { initialConfiguration } from '../router/initial-configuration.ts';
import type { FaultSetting } from '../router/faults/fault.ts';
import { Wire } from '../router/mka/wire.ts';
import { type BenchRouter, startRouter } from '../router/start-router.ts';
import { type LabLink, KME_NAMES, LOGIN, endsOf } from '../lab/topology.ts';

export type Part =
  | { readonly role: 'routers'; readonly folder: string; readonly links: readonly LabLink[]; readonly publicKey: string }
  /** SAE IDs of the masters, then of the slaves: each at a KME of its own. */
  | { readonly role: 'kmes'; readonly folder: string; readonly saeIds: readonly [readonly string[], readonly string[]] };

export type Order =
  | { readonly start: Part }
  | { readonly fault: FaultSetting; readonly router: string }
  | { readonly clearFaults: true }
  /** CKN and start time of every key in the routers' chains. */
  | { readonly showKeys: true };

export interface StartedRouter {
  readonly name: string;
  readonly sshPort: number;
  readonly hostKeys: readonly string[];
}

export type Answer =
  | { readonly routers: readonly StartedRouter[] }
  | { readonly kmes: readonly { readonly url: string; readonly caFile: string }[]; readonly certificates: string }
  | { readonly keys: Readonly<Record<string, readonly string[]>> }
  | { readonly done: true }
  | { readonly error: string };

const routers = new Map<string, BenchRouter>();

async function startRouters(part: Extract<Part, { role: 'routers' }>): Promise<Answer> {
  const wire = new Wire({});
  const users = [{ name: LOGIN, loginClass: 'super-user', publicKeys: [part.publicKey] }] as const;
  for (const { router: name } of part.links.flatMap(endsOf)) {
    routers.set(name, await startRouter({ name, dir: join(part.folder, name), users, initial: initialConfiguration(name, users) }));
  }
  for (const link of part.links) wire.join(...endsOf(link).map(({ router, interfaceName }) => ({ router: routers.get(router) as BenchRouter, interfaceName })));
  return { routers: [...routers].map(([name, router]) => ({ name, sshPort: router.sshPort, hostKeys: [router.hostKeyFingerprint] })) };
}

async function startKmes(part: Extract<Part, { role: 'kmes' }>): Promise<Answer> {
  const pki = await makePki(join(part.folder, 'pki'), { kmes: [...KME_NAMES], saes: part.saeIds.flat() });
  const pair = await startKmePair({ pki, kmes: KME_NAMES.map((name, index) => ({ name, saeIds: part.saeIds[index] ?? [] })) });
  return { kmes: pair.kmes.map(({ url, caFile }) => ({ url, caFile })), certificates: pki.folder };
}

async function carryOut(order: Order): Promise<Answer> {
  if ('start' in order) return order.start.role === 'routers' ? startRouters(order.start) : startKmes(order.start);
  if ('showKeys' in order) return { keys: Object.fromEntries([...routers].map(([name, router]) => [name, committedKeyChain(router.mgd.committed())])) };
  if ('clearFaults' in order) await Promise.all([...routers.values()].map((router) => router.faults.clear()));
  else await routers.get(order.router)?.faults.set(order.fault);
  return { done: true };
}

process.on('message', (order: Order) => {
  carryOut(order)
    .catch((error: unknown): Answer => ({ error: error instanceof Error ? error.message : String(error) }))
    .then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit());
