// Two bench routers from the installation to an hour of ticks, faults included: the real program as its own process,
// started by the installed launcher as eventd and as the CLI start it. The hour is one of the clock that routers, MKA,
// KMEs and program have in common: it runs as the wall's does while a tick works, and is then moved on to 600 s after
// that tick began. What is compressed is the time between the ticks; every wait and time-out within one is real.

import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MovedClock } from '../bench/lab/moved-clock.ts';
import { runScript, type ScriptEnd, type ScriptKind } from '../bench/router/scripts/run-script.ts';
import { takeRunLock } from '../cli/run-lock.ts';
import { type InstallBed, startInstallBed } from './test-install-bed.ts';

const missing = !existsSync('/usr/bin/python3') && process.env['CI'] === undefined;
const HOME = 'var/home/qkd/qkd-macsec';
const INTERVAL = 600_000;
const NAMES = ['mx1', 'mx2'] as const;

type Name = (typeof NAMES)[number];

interface Finding {
  readonly check: string;
  readonly verdict: string;
  readonly evidence: string;
}

/** What the operator sees on a router. */
interface Seen {
  readonly exit: number | null;
  /** Severity and text. */
  readonly problems: string;
  /** `fault: evidence` of a check that is not ok. */
  readonly doctor: (check: string) => string;
}

const clock = new MovedClock();
let bed: InstallBed;

beforeAll(async () => {
  bed = await startInstallBed({ clock });
  bed.writeInventory(({ system }) => {
    system['kme'] = { attempt_timeout: 4, deadline: 2 };
    system['netconf'] = { lock_wait: 0.1 };
  });
}, 60_000);
afterAll(() => bed.close());

function script(router: Name, kind: ScriptKind, ...words: [string, string][]): Promise<ScriptEnd> {
  const flags = clock.nodeOptions(join(bed.folder, `${router}-clock.cjs`)).join(' ');
  return runScript(bed.router(router), kind, { file: 'qkd-macsec.py', arguments: words, settings: [`flags ${flags}`] });
}

/** The event timer, `count` times: both routers run at once, then ten minutes pass. */
async function tick(count = 1): Promise<ScriptEnd[]> {
  const ends: ScriptEnd[] = [];
  for (let n = 0; n < count; n += 1) {
    const began = clock.now();
    ends.push(...(await Promise.all(NAMES.map((name) => script(name, 'event', ['json', 'yes'])))));
    clock.moveTo(began + INTERVAL);
  }
  return ends;
}

/** Ticks until the router's rotation is too old, and one more: told once. */
async function tickUntilStalled(): Promise<void> {
  const before = NAMES.map((name) => alarms(name).length);
  const fresh = (): string[][] => NAMES.map((name, index) => alarms(name).slice(before[index]));
  for (let n = 0; n < 10 && fresh().some((told) => !told.includes('STALLED')); n += 1) await tick();
  await tick();
  expect(fresh()).toEqual([['STALLED'], ['STALLED']]);
}

/** After the cause is gone: green again within as many ticks as a lead has, each alarm ended once. */
async function expectRecovery(before: readonly number[]): Promise<void> {
  await tick(5);
  await expectGreen();
  expect(NAMES.map((name, index) => alarms(name).slice(before[index]))).toEqual([['STALLED', 'STALLED_CLEAR'], ['STALLED', 'STALLED_CLEAR']]);
}

async function look(router: Name): Promise<Seen> {
  const [status, doctor] = await Promise.all([script(router, 'op', ['command', 'status'], ['json', 'yes']), script(router, 'op', ['command', 'doctor'], ['json', 'yes'])]);
  const { links, run_lock: lock } = JSON.parse(status.standardOutput) as { links: { problems: { severity: string; text: string }[] }[]; run_lock: { overdue: boolean } | null };
  const { findings } = JSON.parse(doctor.standardOutput) as { findings: Finding[] };
  const told = links.flatMap(({ problems }) => problems.map(({ severity, text }) => `${severity}: ${text}`));
  return {
    exit: status.status,
    problems: [...told, ...(lock?.overdue === true ? ['the run lock is overdue'] : [])].join('\n'),
    doctor: (check) => findings.filter((one) => one.check === check && one.verdict !== 'ok').map(({ verdict, evidence }) => `${verdict}: ${evidence}`).join('\n'),
  };
}

async function expectGreen(): Promise<void> {
  for (const seen of await Promise.all(NAMES.map(look))) expect([seen.exit, seen.problems]).toEqual([0, '']);
}

/** Alarms in a router's syslog, in order. */
function alarms(router: Name): string[] {
  const lines = readFileSync(join(bed.router(router).root, 'var/log/messages'), 'utf8').split('\n');
  return lines.flatMap((line) => / qkd-macsec: QKD_MACSEC_(\w+): /.exec(line)?.[1] ?? []);
}

describe.skipIf(missing)('an installation in operation with python3', { timeout: 600_000 }, () => {
  test('is green after an hour of ticks, and has rotated once an interval', async () => {
    const { status, output, errors } = await bed.install();
    expect([status, errors]).toEqual([0, '']);
    expect(output).toMatch(/\nmx2: doctor: \d+ warnings?, \d+ not checked, \d+ ok\n/);
    const began = clock.now();
    const ends = await tick(6);
    expect(ends.map((end) => [end.status, end.standardError])).toEqual(ends.map(() => [0, '']));
    // By the program's own clock: two runs each ten minutes, and an hour from the first to the look at the end.
    const starts = ends.map(({ standardOutput }) => Date.parse((JSON.parse(standardOutput) as { started_at: string }).started_at) - began);
    expect(starts.map((at) => Math.floor(at / INTERVAL))).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect(clock.now() - began).toBeGreaterThanOrEqual(6 * INTERVAL);
    await expectGreen();
    // By MKA: the first key lasts for one lead, a little over three intervals; from then on a new key each interval.
    const changes = bed.link.history.flatMap(({ at, ckn }, index, all) => (ckn !== undefined && ckn !== all.slice(0, index).findLast((one) => one.ckn !== undefined)?.ckn ? [at] : []));
    expect(changes.slice(1).map((at) => Math.round((at - began) / 60_000))).toEqual([32, 42, 52]);
    expect(NAMES.flatMap(alarms)).toEqual([]);
  });

  test('KME down', async () => {
    // Beside the faults: deadlines, at which a run waits in real time, are margins apart.
    bed.writeInventory(({ system }) => void (system['rotation'] = { ...system['rotation'], margin: 6, lead: 1824 }));
    expect((await bed.install('--no-doctor')).status).toBe(0);
    await bed.kmes.kme('kme1').faults.add({ fault: 'down' });
    await tick(2);
    const seen = await look('mx1');
    expect(seen.problems).toMatch(/^attention: KME .*connection refused/m);
    expect(seen.doctor('kme')).toMatch(/^fault: KME .*connection refused/);
    expect([seen.exit, alarms('mx1')]).toEqual([1, ['KME']]);
    bed.kmes.kme('kme1').faults.clear();
    await tick();
    await expectGreen();
    expect([alarms('mx1'), alarms('mx2')]).toEqual([['KME', 'KME_CLEAR'], []]);
  });

  test('the other router cannot be reached', async () => {
    const before = NAMES.map((name) => alarms(name).length);
    await bed.router('mx2').faults.set({ kind: 'unreachable' });
    await tick(2);
    const seen = await look('mx1');
    expect(seen.problems).toMatch(/^attention: record of mx2: /m);
    expect(seen.doctor('peer')).toMatch(/^fault: .*mx2/);
    expect(alarms('mx1').length).toBe(before[0]);
    await tickUntilStalled();
    expect((await look('mx1')).problems).toContain('the key in use is older than 3 intervals of 600 s: the rotation is stalled');
    await bed.router('mx2').faults.clear();
    await expectRecovery(before);
  });

  test('somebody holds the configuration', async () => {
    const before = NAMES.map((name) => alarms(name).length);
    await bed.router('mx1').faults.set({ kind: 'lock-held' });
    await tickUntilStalled();
    const seen = await look('mx1');
    expect(seen.problems).toMatch(/^attention: last run failed: .*locked/m);
    expect(seen.doctor('rights')).toMatch(/^warning: .*locked/);
    expect(seen.exit).toBe(1);
    await bed.router('mx1').faults.clear();
    await expectRecovery(before);
  });

  test('the certificate near its end, and the clock of the other router off', async () => {
    const { pki } = bed;
    const short = await pki.issue(pki.clientCa, { file: 'mx1-short', kind: 'client', commonName: 'mx1', untilDay: 6 });
    const usual = pki.saes.get('mx1');
    if (usual === undefined) throw new Error('no certificate');
    const put = (pair: typeof usual): void => {
      copyFileSync(pair.certificateFile, join(bed.router('mx1').root, HOME, 'certs/mx1.crt'));
      copyFileSync(pair.keyFile, join(bed.router('mx1').root, HOME, 'certs/mx1.key'));
    };
    const before = NAMES.map((name) => alarms(name).length);
    put(short);
    // More than is allowed, and less than what makes a key start alone: that would be another alarm.
    await bed.router('mx2').faults.set({ kind: 'clock-offset', seconds: 9 });
    await tick();
    // Once more at the same time: a tick later the master would wait, in real time, for its deadline.
    await Promise.all(NAMES.map((name) => script(name, 'event')));
    const [mx1, mx2] = [await look('mx1'), await look('mx2')];
    expect(mx1.problems).toMatch(/^attention: the client certificate ends in 5 days/m);
    expect(mx1.doctor('certificate')).toMatch(/^warning: the client certificate ends in 5 days/);
    expect(mx2.problems).toMatch(/^attention: the clock of mx2 is \d+\.\d s or more ahead; 5 s are allowed$/m);
    expect(mx2.doctor('clock')).toMatch(/^fault: the router's clock is \d+\.\d s ahead of this machine; 5 s are allowed$/);
    expect([mx1.exit, mx2.exit]).toEqual([1, 1]);
    put(usual);
    await bed.router('mx2').faults.clear();
    await tick(3);
    await expectGreen();
    const told = NAMES.map((name, index) => alarms(name).slice(before[index]));
    expect(told).toEqual([['CERTIFICATE', 'CERTIFICATE_CLEAR'], ['CLOCK', 'CLOCK_CLEAR']]);
  });

  test('a run that hangs holds the lock', async () => {
    const release = takeRunLock({ file: join(bed.router('mx1').root, HOME, 'run.lock'), pid: process.pid, now: clock.now() - INTERVAL, longestRun: 10 * INTERVAL });
    const run = await script('mx1', 'event', ['json', 'yes']);
    expect([run.status, run.standardOutput]).toEqual([3, expect.stringContaining('"code":"run-locked"')]);
    const seen = await look('mx1');
    expect([seen.exit, seen.problems]).toEqual([1, expect.stringContaining('the run lock is overdue')]);
    expect(seen.doctor('lock')).toMatch(/^fault: held by pid \d+ for \d+ s: no run may take longer than 540 s$/);
    release();
    await tick();
    await expectGreen();
  });
});
