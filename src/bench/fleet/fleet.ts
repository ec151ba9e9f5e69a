// A fleet for the program off-box: hundreds of simulated routers in pairs and a KME pair, in processes of their own,
// and the management host's inventory for them. The program under test is run by program-run.ts.

import { type ChildProcess, fork } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LabSystem, offBoxInventory } from '../lab/inventories.ts';
import { writeJson, writePrivate } from '../lab/router-home.ts';
import { type LabLink, linksOf, routersOf } from '../lab/topology.ts';
import { sshKeyPair } from '../pki/ssh-key-pair.ts';
import type { FaultSetting } from '../router/faults/fault.ts';
import { LOADER } from './bare-run.ts';
import type { Answer, Order, StartedRouter } from './member.ts';

const MEMBER = fileURLToPath(new URL('./member.ts', import.meta.url));

export interface FleetOptions {
  /** Existing, empty folder. */
  readonly folder: string;
  /** An even number: they are joined in pairs. */
  readonly routers: number;
  /** Processes that the routers are shared out to; 2 unless told. */
  readonly processes?: number;
  /** Overrides in `system` of the inventory. */
  readonly system?: LabSystem & { readonly max_threads?: number };
}

/** A router with its KME, and what it shows to it. */
export interface FleetRouter extends StartedRouter {
  readonly kme: { readonly url: string; readonly caFile: string };
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface BenchFleet {
  readonly inventory: string;
  readonly links: readonly LabLink[];
  readonly routers: readonly FleetRouter[];
  readonly privateKeyFile: string;
  /** Breaks routers; all of them until `mend`. */
  break(faults: ReadonlyMap<string, FaultSetting>): Promise<void>;
  mend(): Promise<void>;
  /** Keys of every router as committed_key-chain.ts shows them. */
  keys(): Promise<ReadonlyMap<string, readonly string[]>>;
  close(): Promise<void>;
}

/** Starts everything. Rejects with what a process says that cannot start. */
export async function startFleet(options: FleetOptions): Promise<BenchFleet> {
  const members: Member[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(members.splice(0).map((member) => member.end()));
  };
  try {
    return { ...(await start(options, members)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(options: FleetOptions, members: Member[]): Promise<Omit<BenchFleet, 'close'>> {
  const links = linksOf('pairs', options.routers);
  const key = sshKeyPair('ed25519', { comment: 'operator@bench' });
  const join_ = (): Member => {
    const member = new Member();
    members.push(member);
    return member;
  };
  const kmes = await join_().ask<Extract<Answer, { certificates: string }>>({ start: { role: 'kmes', folder: options.folder, saeIds: [links.map((link) => link.master.router), links.flatMap((link) => link.slaves.map((end) => end.router))] } });
  const shares = sharesOf(links, options.processes ?? 2);
  const hosts = shares.map((share) => ({ share, member: join_() }));
  const started = await Promise.all(
    hosts.map(async ({ share, member }, index) => {
      const folder = join(options.folder, `routers-${index + 1}`);
      await mkdir(folder);
      return (await member.ask<{ routers: StartedRouter[] }>({ start: { role: 'routers', folder, links: share, publicKey: key.public } })).routers;
    }),
  );
  const masters = new Set(links.map((link) => link.master.router));
  const routers = started.flat().map((router): FleetRouter => ({
    ...router,
    kme: kmes.kmes[masters.has(router.name) ? 0 : 1] as FleetRouter['kme'],
    certificateFile: join(kmes.certificates, `${router.name}.crt`),
    keyFile: join(kmes.certificates, `${router.name}.key`),
  }));
  const privateKeyFile = join(options.folder, 'id_ed25519');
  await writePrivate(privateKeyFile, key.private);
  const inventory = join(options.folder, 'inventory.json');
  // Polls as the program does by default: every end of a link is worked on in the one process, and wakes the other.
  // No pace of connections: by the clock it would be measured instead of the work, and the bare login has none.
  const parts = { routers, links, method: 'key-chain', system: { rotation: { wait: 30 }, ssh: { attempts: 2, delay: 1, pace: 1000 }, ...options.system } } as const;
  await writeJson(inventory, offBoxInventory(parts, { home: join(options.folder, 'offbox'), certificates: kmes.certificates, privateKeyFile }));
  const hostOf = (name: string): Member | undefined => hosts.find(({ share }) => routersOf(share).includes(name))?.member;
  return {
    inventory,
    links,
    routers,
    privateKeyFile,
    break: async (faults) => {
      for (const [router, fault] of faults) await hostOf(router)?.ask({ fault, router });
    },
    mend: async () => {
      await Promise.all(hosts.map(({ member }) => member.ask({ clearFaults: true })));
    },
    keys: async () => {
      const shown = await Promise.all(hosts.map(({ member }) => member.ask<{ keys: Record<string, string[]> }>({ showKeys: true })));
      return new Map(shown.flatMap(({ keys }) => Object.entries(keys)));
    },
  };
}

/** Neighbouring links, the same number to each process. */
function sharesOf(links: readonly LabLink[], processes: number): LabLink[][] {
  const size = Math.ceil(links.length / processes);
  return Array.from({ length: Math.ceil(links.length / size) }, (_, index) => links.slice(index * size, (index + 1) * size));
}

/** A process of the fleet; answers one order after the other. */
class Member {
  readonly #child: ChildProcess;
  #turn: Promise<unknown> = Promise.resolve();
  #complaints = '';

  constructor() {
    this.#child = fork(MEMBER, { execArgv: ['--import', LOADER], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#complaints = (this.#complaints + text).slice(-2000)));
  }

  ask<T extends Answer = Answer>(order: Order): Promise<T> {
    const answer = this.#turn.then(() => this.#exchange(order));
    this.#turn = answer.catch(() => undefined);
    return answer as Promise<T>;
  }

  #exchange(order: Order): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error(`a process of the fleet has ended: ${this.#complaints}`));
      this.#child.once('exit', ended);
      this.#child.once('message', (answer: Answer) => {
        this.#child.off('exit', ended);
        if ('error' in answer) reject(new Error(answer.error));
        else resolve(answer);
      });
      this.#child.send(order, (error) => {
        if (error !== null) ended();
      });
    });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }
}
