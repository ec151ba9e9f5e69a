// For tests: the whole program against a bench in virtual time. Real adapters, real sockets, the simulated
// routers' own key chains and MKA; hours of rotation pass in seconds, because every wait moves the clock
// instead of the hands of the wall.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { type KmePair, startKmePair } from '../bench/kme/start-kme-pair.ts';
import { type Lab, type LabOptions, startLab } from '../bench/lab/lab.ts';
import { type XmlElement, at, childrenOf, element, elementWith, textAt } from '../xml.ts';
import { commandLine } from './command-line.ts';

export const MINUTE = 60_000;
export const INTERVAL = 10 * MINUTE;

const SYSTEM = { rotation: { wait: 20, poll: 5 }, ssh: { attempts: 1, delay: 0, timeout: 3 }, kme: { attempt_timeout: 2, deadline: 1 } };

/** Real milliseconds that a wait gives to whatever else runs in the same process. */
const BREATH = 20;

export interface RanLink {
  readonly link: string;
  readonly device: string;
  readonly outcome: string;
  readonly reason: string;
  readonly key_id: string | null;
  readonly ckn: string | null;
  readonly start_time: string | null;
  readonly difference?: string;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface Ran {
  readonly status: number;
  readonly errors: readonly string[];
  readonly rpcs: readonly string[];
  readonly links: readonly RanLink[];
  /** The first of them. */
  readonly link: RanLink;
  /** How long the run took, in virtual milliseconds. */
  readonly took: number;
}

export interface ChainKey {
  readonly slot: number;
  readonly ckn: string | undefined;
  readonly secret: string | undefined;
  readonly startTime: string | undefined;
  readonly inactive: boolean;
}

/** What tests change in an inventory. */
interface InventoryMembers {
  readonly system: Record<string, object>;
  readonly links: readonly object[];
  readonly devices: Readonly<Record<string, { readonly kme: object }>>;
}

/** What a run of which nothing happens any more throws from its clock and its log. */
class Killed extends Error {}

/** A step that others can see has been made, or is about to be. */
const STEP = / (netconf reply|kme answer|plan) /;

export interface RunOptions {
  /** Dies after so many steps, each an answer of a router or a KME or a decision. */
  readonly dieAtStep?: number;
  readonly offBox?: boolean;
  /** Dies at the first such line of its log. */
  readonly dieAt?: RegExp;
  /** Told of each line of the log before anything else happens. */
  readonly onLine?: (line: string) => void;
  /** Slot of the routing engine that it runs on; re0 unless told. */
  readonly engine?: 0 | 1;
}

export class KeyChainBed {
  readonly folder: string;
  lab!: Lab;
  clock: number;
  #second: KmePair | undefined;

  constructor(clock = Math.floor(Date.now() / MINUTE) * MINUTE) {
    this.folder = mkdtempSync(join(tmpdir(), 'qkd-chain-'));
    this.clock = clock;
  }

  async start(options: Partial<LabOptions> = {}): Promise<void> {
    this.lab = await startLab({ folder: this.folder, routers: 2, artifact: join(this.folder, 'not-built'), method: 'key-chain', now: () => this.clock, ...options, system: { ...SYSTEM, ...options.system } });
  }

  async close(): Promise<void> {
    await this.#second?.close();
    await this.lab.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A second pair of KMEs, which knows these SAEs, one each. No inventory names it yet. */
  async startSecondKmes(first: string, other: string): Promise<KmePair> {
    return (this.#second = await startKmePair({ pki: this.lab.pki, kmes: [{ name: 'kme1', saeIds: [first] }, { name: 'kme2', saeIds: [other] }], store: { now: () => this.clock } }));
  }

  router(name: string) {
    const site = this.lab.routers.get(name);
    if (site === undefined) throw new Error(`no router ${name}`);
    return site;
  }

  inventoryOf(name: string, engine: 0 | 1 = 0): string {
    return join(this.router(name).homes[engine]?.home ?? '', 'inventory.json');
  }

  /** Runs the program once: on the router of that name or, off-box, for all of them. */
  async run(name: string, argv: readonly string[] = [], options: RunOptions = {}): Promise<Ran> {
    const [errors, output]: [string[], string[]] = [[], []];
    const began = this.clock;
    let [steps, dead] = [0, false];
    const live = (): void => {
      if (dead) throw new Killed('killed');
    };
    const log = (line: string): void => {
      live();
      errors.push(line);
      options.onLine?.(line);
      if ((STEP.test(line) && ++steps === options.dieAtStep) || options.dieAt?.test(line) === true) dead = true;
      live();
    };
    const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
      // The run's budget never ends in virtual time.
      if (signal !== undefined && ms > INTERVAL / 2) return new Promise(() => undefined);
      live();
      const until = this.clock + Math.max(0, ms);
      if (options.offBox === true) await pause(BREATH, undefined, signal === undefined ? {} : { signal });
      this.clock = Math.max(this.clock, until);
    };
    const inventory = options.offBox === true ? this.lab.inventory : this.inventoryOf(name, options.engine);
    const running = commandLine({
      argv: [options.offBox === true ? '--offbox' : '--onbox', '-i', inventory, '--json', '-vvvv', ...argv],
      environment: {},
      folder: this.folder,
      user: { name: 'qkd', home: this.folder },
      pid: process.pid,
      version: '0.0.0 test',
      syslog: null,
      clock: { now: () => this.clock, sleep },
      standardOutput: (text) => output.push(text),
      standardError: log,
    });
    const status = await running.catch((error: unknown) => {
      if (!dead) throw error;
      return -1;
    });
    const { links } = JSON.parse(dead ? '{"links":[]}' : output.join('')) as { links: RanLink[] };
    const rpcs = errors.flatMap((line) => / netconf request rpc=([a-z-]+)/.exec(line)?.[1] ?? []);
    return { status, errors, rpcs, links, link: links[0] as RanLink, took: this.clock - began };
  }

  /** One interval: every router runs once, `phase` after the one before it. */
  async tick(options: { phase?: number; names?: readonly string[]; before?: (name: string) => unknown } = {}): Promise<Map<string, Ran>> {
    const began = this.clock;
    const ran = new Map<string, Ran>();
    for (const [index, name] of (options.names ?? [...this.lab.routers.keys()]).entries()) {
      this.clock = Math.max(this.clock, began + index * (options.phase ?? 4 * MINUTE));
      await options.before?.(name);
      ran.set(name, await this.run(name));
    }
    this.clock = Math.max(this.clock, began + INTERVAL);
    return ran;
  }

  async ticks(count: number, options: Parameters<KeyChainBed['tick']>[0] = {}): Promise<Map<string, Ran>[]> {
    const ran: Map<string, Ran>[] = [];
    for (let n = 0; n < count; n += 1) ran.push(await this.tick(options));
    return ran;
  }

  /** Changes members of every link in a router's inventory. */
  setLinks(name: string, members: object): void {
    for (const { home } of this.router(name).homes) this.editInventory(join(home, 'inventory.json'), ({ links }) => links.forEach((link) => Object.assign(link, members)));
  }

  /** The same in every inventory. */
  setAllLinks(members: object): void {
    for (const name of this.lab.routers.keys()) this.setLinks(name, members);
    this.editInventory(this.lab.inventory, ({ links }) => links.forEach((link) => Object.assign(link, members)));
  }

  /** Changes members of a router's `kme` in every inventory that has it. */
  setKme(device: string, members: object): void {
    const files = [...this.lab.routers.values()].flatMap(({ homes }) => homes.map(({ home }) => join(home, 'inventory.json')));
    for (const file of [...files, this.lab.inventory]) this.editInventory(file, ({ devices }) => void (devices[device] !== undefined && Object.assign(devices[device].kme, members)));
  }

  editInventory(file: string, edit: (inventory: InventoryMembers) => void): void {
    const inventory = JSON.parse(readFileSync(file, 'utf8')) as InventoryMembers;
    edit(inventory);
    writeFileSync(file, JSON.stringify(inventory), { mode: 0o600 });
  }

  /** What an operator types and commits on a router, as `set`, `delete` and `deactivate` lines. */
  async configure(name: string, ...lines: string[]): Promise<void> {
    const session = this.router(name).router.mgd.openSession({ name: 'admin', loginClass: 'super-user' });
    for (const request of [elementWith('load-configuration', { action: 'set', format: 'text' }, element('configuration-set', lines.join('\n'))), element('commit-configuration')]) {
      const reply = await session.execute(request);
      if (reply.includes('<rpc-error')) throw new Error(reply);
    }
    session.close();
  }

  /** [edit security] as the router shows it, deactivated statements included. */
  async shown(name: string): Promise<string> {
    const session = this.router(name).router.mgd.openSession({ name: 'admin', loginClass: 'super-user' });
    const reply = await session.execute(elementWith('get-configuration', { database: 'committed', format: 'xml' }, element('configuration', element('security'))));
    session.close();
    return reply;
  }

  /** In order of start time; the slots of the two ends need not be the same. */
  chain(name: string, chain?: string): ChainKey[] {
    const committed: XmlElement = this.router(name).router.mgd.committed();
    const chains = childrenOf(at(committed, 'security/authentication-key-chains'), 'key-chain');
    const found = chain === undefined ? chains[0] : chains.find((one) => textAt(one, 'name') === chain);
    return childrenOf(found, 'key')
      .map((key) => ({ slot: Number(textAt(key, 'name')), ckn: textAt(key, 'key-name'), secret: textAt(key, 'secret'), startTime: textAt(key, 'start-time'), inactive: key.attributes['inactive'] !== undefined }))
      .sort((a, b) => instant(a) - instant(b));
  }

  ckns(name: string): (string | undefined)[] {
    return this.chain(name).map((key) => key.ckn);
  }

  live(link: string): string | undefined {
    return this.lab.cable(link).live()?.ckn.toLowerCase();
  }

  wasDown(link: string, since: number): boolean {
    return this.lab.cable(link).wasEverDown(since);
  }

  /** The link has been up at every moment since then. */
  expectHitless(link: string, since: number): void {
    expect(this.wasDown(link, since), this.story(link, since)).toBe(false);
  }

  /** The newest keys of mx1 and mx2 are the same, and so is the whole that lies ahead. */
  expectAgreed(): void {
    expect(this.ckns('mx2').slice(-3)).toEqual(this.ckns('mx1').slice(-3));
  }

  /** The link's states since then, readable. */
  story(link: string, since: number): string {
    const { history } = this.lab.cable(link);
    return history.filter((_, i) => (history[i + 1]?.at ?? Infinity) > since).map((one) => `${new Date(one.at).toISOString()} ${one.state} ${one.ckn?.slice(0, 8)} ${one.ends.join(' | ')}`).join('\n');
  }
}

/** The instant of a start-time as a router of the bench stores it. */
export function instant({ startTime }: ChainKey): number {
  const match = /^"?(\d+)-(\d+)-(\d+)\.(\d+):(\d+):(\d+) ([+-])(\d\d)(\d\d)"?$/.exec(startTime ?? '');
  if (match === null) return 0;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const zone = (Number(match[8]) * 60 + Number(match[9])) * MINUTE * (match[7] === '-' ? -1 : 1);
  return Date.UTC(year, month - 1, day, hour, minute, second) - zone;
}

/** The lines of a run that an operator would worry about. */
export function worries(ran: Iterable<Ran>): string {
  return [...ran].flatMap((one) => one.errors.filter((line) => / (ERROR|WARNING) |^error/.test(line))).join('\n');
}
