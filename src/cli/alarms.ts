// Alarms at the end of a run: gathers what the run met (workflow/witness.ts), lets rotation/alarms.ts decide
// which begin and which end, and tells each once: on-box to the router's syslog, and in every mode to the log.
// What could not be told is tried again by the next run. Never fails a run.

import { type QkdError, asQkdError } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { ownLinks } from '../inventory/device-view.ts';
import type { Log } from '../log.ts';
import { type Watch, alarmLine, decideAlarms, untold } from '../rotation/alarms.ts';
import { type Verdict, endSubject, judgeCertificate, judgeEnd, judgeKme } from '../rotation/conditions.ts';
import type { RunWitness } from '../workflow/witness.ts';
import { readWatches, writeWatches } from './alarm-file.ts';
import { certificateEnd } from './certificate-end.ts';
import { toSyslog } from './syslog.ts';

export interface AlarmRun {
  readonly inventory: Inventory;
  readonly mode: 'onbox' | 'offbox';
  readonly log: Log;
  readonly now: () => number;
}

export class Alarms implements RunWitness {
  readonly #run: AlarmRun;
  readonly #verdicts = new Map<string, readonly Verdict[]>();
  /** The last look at each end, judged when the run ends. */
  readonly #looks = new Map<string, () => readonly Verdict[]>();
  /** By device and SAE at the other end: why the KME is of no use there, undefined where it answered. */
  readonly #calls = new Map<string, Map<string, QkdError | undefined>>();

  constructor(run: AlarmRun) {
    this.#run = run;
  }

  look: RunWitness['look'] = (observation, sessions) => {
    const { alarms } = this.#run.inventory.system;
    this.#looks.set(endSubject(observation.link, observation.device), () => judgeEnd(observation, sessions, alarms));
  };

  /** One QKD link that is down costs its own keys only, while the same KME goes on to serve others: it is one alarm until all are well. */
  kme: RunWitness['kme'] = (device, otherSaeId, error) => {
    const calls = this.#calls.get(device) ?? new Map<string, QkdError | undefined>();
    this.#calls.set(device, calls.set(otherSaeId, error));
    this.#verdicts.set(`KME of ${device}`, [judgeKme(device, [...calls.values()].find((one) => one !== undefined)?.message)]);
  };

  /** Tells what began and what ended; `devices`: those that the run was for. Never rejects. */
  async close(devices: readonly string[]): Promise<void> {
    const { inventory, log, now } = this.#run;
    try {
      for (const [end, judged] of this.#looks) this.#verdicts.set(end, judged());
      for (const name of devices) this.#judgeCertificate(name);
      const before = readWatches(inventory.paths.home);
      const decision = decideAlarms([...this.#verdicts.values()].flat(), before, { now: now(), subjects: subjectsOf(inventory) });
      const lines = [...decision.raise.map((watch) => alarmLine(watch, 'raise')), ...decision.clear.map((watch) => alarmLine(watch, 'clear'))];
      for (const line of lines) log.write('WARNING', 'alarm', line);
      const told = await this.#tell(lines);
      const after: readonly Watch[] = told ? decision.watches : untold(decision);
      if (JSON.stringify(before) !== JSON.stringify(after)) await writeWatches(inventory.paths.home, after);
    } catch (cause) {
      log.write('WARNING', 'alarm', asQkdError('alarms', cause).message);
    }
  }

  #judgeCertificate(name: string): void {
    const { inventory, now } = this.#run;
    const device = inventory.devices.get(name);
    if (device === undefined) return;
    this.#verdicts.set(`certificate of ${name}`, [judgeCertificate(name, certificateEnd(device), { ...inventory.system.alarms, now: now() })]);
  }

  async #tell(lines: readonly string[]): Promise<boolean> {
    const { inventory, mode, log } = this.#run;
    if (mode === 'offbox') return true;
    try {
      for (const line of lines) await toSyslog(inventory.system.alarms.command, line);
      return true;
    } catch (cause) {
      log.write('WARNING', 'alarm', asQkdError('alarms', cause).message);
      return false;
    }
  }
}

function subjectsOf(inventory: Inventory): Set<string> {
  const devices = [...inventory.devices.keys()];
  return new Set([...devices, ...devices.flatMap((device) => ownLinks(inventory, device).map(({ link }) => endSubject(link.name, device)))]);
}
