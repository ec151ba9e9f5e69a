// One router while something is installed on it: its routing engines, what has been done so far in words, and the
// steps that install, rollback and uninstall share. A step that finds nothing to do says so and changes nothing.

import { QkdError, isQkdError, within } from '../errors.ts';
import type { InventoryJson } from '../inventory/inventory-json.ts';
import type { Device, Inventory } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { descendants, element } from '../xml.ts';
import { type PlacedFile, RoutingEngine, isPlaced, place } from './routing-engine.ts';
import type { Release } from './release.ts';
import type { RouterUsers } from './router-inventory.ts';

export interface Job {
  readonly inventory: Inventory;
  /** The same, as its file says it. */
  readonly document: InventoryJson;
  readonly release: Release;
  readonly users: RouterUsers;
  /** `ssh-ed25519 AAAA...`: the management host's key, for the script's user too. */
  readonly operatorKey: string;
  readonly dryRun: boolean;
  readonly log: Log;
}

export class Installation {
  readonly job: Job;
  readonly device: Device;
  /** One, or re0 and re1. */
  readonly engines: readonly RoutingEngine[];
  /** What was done or would be, in order. */
  readonly done: string[] = [];
  /** True when something was changed or would be. */
  changed = false;
  /** True when the router got its SSH key pair now. */
  hasNewKey = false;

  constructor(job: Job, device: Device) {
    this.job = job;
    this.device = device;
    const common = { inventory: job.inventory, device, scriptUser: job.users.script, log: job.log };
    this.engines = device.routingEngines.length === 0
      ? [new RoutingEngine({ ...common, name: device.name, addresses: device.addresses })]
      : device.routingEngines.map((address, slot) => new RoutingEngine({ ...common, name: `${device.name} re${slot}`, addresses: [address] }));
  }

  get name(): string {
    return this.device.name;
  }

  /** Where configuration is committed: the engine that is master now. */
  async master(): Promise<RoutingEngine> {
    const [first] = this.engines as [RoutingEngine];
    const reply = await (await first.session('operator')).rpc(element('get-route-engine-information'));
    const states = descendants(reply, 'mastership-state').map((state) => String(state.text).toLowerCase());
    if (states.length > 1 && this.engines.length === 1) {
      throw new QkdError('inventory', `${this.name} has two routing engines, and devices.${this.name}.routing_engines is not given`, { hint: 'give the addresses of re0 and re1: both need the files' });
    }
    const index = Math.max(0, states.indexOf('master'));
    return this.engines[Math.min(index, this.engines.length - 1)] ?? first;
  }

  /** Puts the files that are not there, or only says so; by engine. */
  async place(files: readonly PlacedFile[]): Promise<void> {
    for (const engine of this.engines) {
      for (const file of files) {
        const copied = this.job.dryRun ? !(await isThere(engine, file)) : await place(engine, file);
        if (copied) this.say(`${engine.name}: ${this.job.dryRun ? 'would copy' : 'copied'} ${file.path} (${modeText(file.mode)}, ${file.owner === 'script' ? this.job.users.script : 'yours'})`);
      }
    }
  }

  /** Commits the statements where they change something; shows what they change. */
  async commit(statements: readonly string[], what: string): Promise<void> {
    if (statements.length === 0) return;
    const { job } = this;
    const session = await (await this.master()).session('operator');
    const change = { document: element('configuration-set', statements.join('\n')), log: `qkd-macsec ${what}`, dryRun: job.dryRun, ...(this.engines.length > 1 && { synchronize: true }) };
    const { changed, difference } = await session.change(change).catch((error: unknown) => {
      throw within(`${this.name}: ${what}`, error);
    });
    if (changed) this.say(`${this.name}: ${job.dryRun ? 'would commit' : 'committed'} ${what}\n${difference.trimEnd()}`);
  }

  say(line: string): void {
    this.changed = true;
    this.done.push(line);
  }

  async close(): Promise<void> {
    await Promise.all(this.engines.map((engine) => engine.close()));
  }
}

/** Before the first installation there is no script user to look with, and no file of its own either. */
async function isThere(engine: RoutingEngine, file: PlacedFile): Promise<boolean> {
  try {
    return await isPlaced(engine, file);
  } catch (error) {
    if (!isQkdError(error, 'ssh-authentication')) throw error;
    return false;
  }
}

function modeText(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
