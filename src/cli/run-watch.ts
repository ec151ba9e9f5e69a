// Everything that looks on while a run works, as the command line asks for it: live progress, --profile, the table of
// times with -v, --metrics. Without any of them nothing is measured.

import { resolve } from 'node:path';
import { asQkdError } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { type Profile, type SpanListener, profileFor } from '../profile.ts';
import type { LinkWork } from '../workflow/fleet.ts';
import type { LinkReport } from '../workflow/report.ts';
import type { RunWitness } from '../workflow/witness.ts';
import type { Invocation } from './arguments.ts';
import { certificateEnd } from './certificate-end.ts';
import { RunMeter, checkMetricsFile, writeMetrics } from './metrics.ts';
import { type ProfileFile, TimeTable, profileFile } from './profile-file.ts';
import { LiveProgress, type Progress, lineProgress } from './progress.ts';
import type { Sites } from './sites.ts';
import type { World } from './world.ts';

export class RunWatch {
  readonly profile: Profile;
  readonly #world: World;
  readonly #invocation: Invocation;
  readonly #shows: boolean;
  readonly #file: ProfileFile | undefined;
  readonly #times: TimeTable | undefined;
  readonly #meter: RunMeter | undefined;
  #progress: Progress | undefined;

  /** Throws `file` when the profile or the metrics cannot be written. */
  constructor(world: World, invocation: Invocation, mode: 'onbox' | 'offbox') {
    this.#world = world;
    this.#invocation = invocation;
    const { profile, metrics, verbosity, json, dryRun } = invocation;
    if (metrics !== undefined && !dryRun) checkMetricsFile(resolve(world.folder, metrics));
    this.#file = profile === undefined ? undefined : profileFile(resolve(world.folder, profile));
    this.#times = verbosity > 0 ? new TimeTable() : undefined;
    this.#meter = metrics === undefined || dryRun ? undefined : new RunMeter();
    // On-box nobody looks on, and a machine that reads the document wants no other lines.
    this.#shows = mode === 'offbox' && (world.terminal !== undefined || !json);
    const live: SpanListener = { began: (name, place) => this.#progress?.spans?.began?.(name, place) };
    const listeners = [this.#file, this.#times, this.#meter, this.#shows && world.terminal !== undefined ? live : undefined];
    this.profile = profileFor(listeners.filter((one) => one !== undefined), () => world.clock.now());
  }

  /** One line on standard error, whatever is drawn there. */
  readonly say = (line: string): void => (this.#progress === undefined ? this.#world.standardError(line) : this.#progress.say(line));

  /** What the run tells others, told to the meter too. */
  with(witness: RunWitness): RunWitness {
    const meter = this.#meter;
    if (meter === undefined) return witness;
    return {
      look: (observation, sessions) => {
        meter.look(observation);
        witness.look(observation, sessions);
      },
      kme: (device, otherSaeId, error) => witness.kme(device, otherSaeId, error),
    };
  }

  /** The links are known. */
  begin(links: readonly LinkWork[]): Pick<Progress, 'linkBegun' | 'linkEnded'> {
    const { terminal, standardError } = this.#world;
    const plan = new Map<string, number>();
    for (const { site } of links.flat()) plan.set(site.device.name, (plan.get(site.device.name) ?? 0) + 1);
    if (this.#shows) this.#progress = terminal === undefined ? lineProgress(plan, standardError) : new LiveProgress(terminal, links.length);
    return this.#progress ?? { linkBegun: () => undefined, linkEnded: () => undefined };
  }

  /** The links are done, well or not: takes the drawing away. */
  end(): void {
    this.#progress?.close();
    this.#progress = undefined;
  }

  /** Writes what was asked for; failures are told and fail nothing. */
  async write(inventory: Inventory, given: { startedAt: number; reports: readonly LinkReport[]; failed: boolean; sites: Sites | undefined }): Promise<void> {
    for (const line of this.#times?.lines() ?? []) this.#world.standardError(line);
    await this.#attempt(async () => this.#file?.close());
    const { metrics } = this.#invocation;
    if (this.#meter === undefined || metrics === undefined) return;
    const meter = this.#meter;
    const devices = [...new Set(given.reports.map(({ device }) => device))].flatMap((name) => inventory.devices.get(name) ?? []);
    const facts = {
      ...given,
      finishedAt: this.#world.clock.now(),
      certificates: new Map(devices.flatMap((device) => endOf(device.name, certificateEnd(device).until))),
      kmes: new Map([...(given.sites?.byDevice ?? [])].map(([name, { kme }]) => [name, kme.name])),
      links: new Set(inventory.links.map(({ name }) => name)),
      shard: this.#invocation.shard,
    };
    await this.#attempt(() => writeMetrics(resolve(this.#world.folder, metrics), (before) => meter.text(facts, before)));
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      const error = asQkdError('run', cause);
      this.#world.standardError(`warning: ${error.message}`);
      if (error.hint !== undefined) this.#world.standardError(`hint: ${error.hint}`);
    }
  }
}

function endOf(device: string, until: number | undefined): [string, number][] {
  return until === undefined ? [] : [[device, until]];
}
