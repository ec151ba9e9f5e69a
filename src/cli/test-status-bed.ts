// For tests: the bench in virtual time with what status, doctor and alarms need: their output, and the alarms in
// a router's syslog.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { command } from './test-command.ts';
import { KeyChainBed } from './test-key-chain-bed.ts';

export { MINUTE } from './test-key-chain-bed.ts';

export interface Said {
  readonly status: number;
  readonly text: string;
  readonly errors: readonly string[];
}

export interface SaidProblem {
  readonly severity: string;
  readonly text: string;
}

export interface StatusJson {
  readonly ok: boolean;
  readonly links: readonly { link: string; device: string; state: string; problems: readonly SaidProblem[]; alarms: readonly string[]; key: { key_id: string; age_seconds: number } | null; next_key: { key_id: string; confirmed: boolean } | null; mka: { state: string; live_peers: number } | null; held_by: readonly string[]; kme: { reachable: boolean }; last_run: { outcome: string } | null }[];
  readonly run_lock: { pid: number; overdue: boolean } | null;
}

export interface FindingJson {
  readonly check: string;
  readonly subject: string;
  readonly verdict: string;
  readonly evidence: string;
  readonly remedy: string | null;
}

interface Surroundings {
  readonly terminal?: boolean;
  /** Characters of the terminal. */
  readonly width?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** File of the program. */
  readonly artifact?: string;
}

export class StatusBed extends KeyChainBed {
  /** Changes members of `system` in a router's inventory, each a group of settings. */
  setSystem(name: string, groups: Readonly<Record<string, object>>): void {
    this.editInventory(this.inventoryOf(name), ({ system }) => {
      for (const [group, members] of Object.entries(groups)) system[group] = { ...system[group], ...members };
    });
  }

  /** Tags of the alarms that a router's syslog has got so far, in order. */
  alarms(name: string): string[] {
    const lines = readFileSync(join(this.router(name).router.root, 'var/log/messages'), 'utf8').split('\n');
    return lines.flatMap((line) => / qkd-macsec: (QKD_MACSEC_\w+): /.exec(line)?.[1] ?? []);
  }

  /** Runs one command and returns what it prints; off-box when no router is named. */
  async ask(name: string | undefined, ...words: (string | Surroundings)[]): Promise<Said> {
    const argv = words.filter((word) => typeof word === 'string');
    const { terminal = false, width, environment = {}, artifact } = words.find((word) => typeof word === 'object') ?? {};
    const inventory = name === undefined ? this.lab.inventory : this.inventoryOf(name);
    const { status, output, errors } = await command({
      argv: [name === undefined ? '--offbox' : '--onbox', '-i', inventory, ...argv],
      environment,
      outputIsTerminal: terminal,
      ...(width !== undefined && { terminal: { columns: () => width, rows: () => 24, write: () => undefined } }),
      artifact,
      folder: this.folder,
      clock: { now: () => this.clock, sleep: async (ms, signal) => void (signal === undefined ? await pause(Math.min(ms, 20)) : await new Promise(() => undefined)) },
    });
    return { status, text: output, errors };
  }

  async statusOf(name?: string): Promise<StatusJson & { exit: number }> {
    const said = await this.ask(name, 'status', '--json');
    return { ...(JSON.parse(said.text) as StatusJson), exit: said.status };
  }

  async doctor(name: string | undefined, ...argv: string[]): Promise<{ exit: number; findings: readonly FindingJson[] }> {
    const said = await this.ask(name, 'doctor', '--json', ...argv);
    return { exit: said.status, findings: (JSON.parse(said.text) as { findings: FindingJson[] }).findings };
  }
}
