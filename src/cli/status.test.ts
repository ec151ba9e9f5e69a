import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeRunLock } from './run-lock.ts';
import { type FindingJson, MINUTE, StatusBed, type StatusJson } from './test-status-bed.ts';

// What status, doctor and alarms say of a bench in virtual time: while all is well, and with one fault after the other.
const bed = { now: undefined as unknown as StatusBed };

beforeEach(async () => {
  bed.now = new StatusBed();
  await bed.now.start();
  await bed.now.ticks(4);
}, 60_000);
afterEach(() => bed.now.close());

function problems(status: StatusJson): string {
  return status.links.flatMap(({ device, problems: list }) => list.map(({ severity, text }) => `${device} ${severity}: ${text}`)).join('\n');
}

/** Findings that are not ok, of one check. */
function bad(findings: readonly FindingJson[], check: string): string[] {
  return findings.filter((finding) => finding.check === check && finding.verdict !== 'ok').map(({ verdict, evidence }) => `${verdict}: ${evidence}`);
}

async function expectGreen(): Promise<void> {
  for (const name of ['mx1', 'mx2']) {
    const status = await bed.now.statusOf(name);
    expect(status.ok, problems(status)).toBe(true);
    expect(status.exit).toBe(0);
  }
}

describe('a link in good health', () => {
  test('is ok at both ends and from the management host, and raises no alarm', async () => {
    await expectGreen();
    const [one] = (await bed.now.statusOf('mx1')).links;
    expect(one).toMatchObject({ link: 'mx1-mx2', device: 'mx1', state: 'ok', mka: { state: 'Secured - Primary', live_peers: 1 }, kme: { reachable: true }, held_by: ['mx2'], next_key: { confirmed: true }, alarms: [] });
    expect(one?.last_run?.outcome).toMatch(/confirmed|unchanged|installed/);
    const fleet = await bed.now.statusOf();
    expect(fleet.links.map(({ device, state, held_by: by }) => [device, state, by])).toEqual([['mx1', 'ok', ['mx2']], ['mx2', 'ok', ['mx1']]]);
    expect(fleet.exit).toBe(0);
    expect([...bed.now.alarms('mx1'), ...bed.now.alarms('mx2')]).toEqual([]);
  }, 60_000);

  test('is told on one screen, with colours on a terminal only', async () => {
    const { text } = await bed.now.ask('mx1', 'status');
    expect(text).toMatch(/^mx1-mx2 on mx1, master, key-chain: ok\n {2}key {10}[0-9a-f-]{36}, in use for \d+ (min|s)\n/);
    expect(text).toMatch(/\n {2}next {9}[0-9a-f-]{36} in \d+ min, confirmed, mx2 has it\n {2}MKA {10}Secured - Primary, 1 live peer\n {2}KME {10}127\.0\.0\.1:\d+ answers in \d+ ms, \d+ keys in stock\n/);
    expect(text).toMatch(/\n1 link, 1 end: 1 ok\n$/);
    const painted = await bed.now.ask('mx1', { terminal: true }, 'status');
    expect(painted.text).toContain('\u001b[32mok\u001b[0m');
    expect((await bed.now.ask('mx1', { terminal: true, environment: { NO_COLOR: '1' } }, 'status')).text).not.toContain('\u001b');
  }, 60_000);

  test('a status asks no more of the router than a run with nothing to do, takes no lock and draws no key', async () => {
    const drawn = bed.now.lab.kmes.deliveredCount();
    const release = takeRunLock({ file: join(bed.now.router('mx1').home, 'run.lock'), pid: process.pid, now: bed.now.clock, longestRun: MINUTE });
    const { exit, run_lock: lock } = await bed.now.statusOf('mx1');
    release();
    expect([exit, lock]).toMatchObject([0, { pid: process.pid, overdue: false }]);
    expect(bed.now.lab.kmes.deliveredCount()).toBe(drawn);
  }, 60_000);

  test('doctor finds no fault in it, draws no key, and says what it could not check', async () => {
    const drawn = bed.now.lab.kmes.deliveredCount();
    const { exit, findings } = await bed.now.doctor('mx1', '--kme');
    expect(findings.filter(({ verdict }) => verdict === 'fault')).toEqual([]);
    expect(exit).toBe(0);
    expect(bad(findings, 'retention').join()).toMatch(/^not checked: a slave may fetch a key up to \d+ s after/);
    expect(findings.filter(({ check }) => check === 'kme-certificate').map(({ evidence }) => evidence).join()).toMatch(/ours: CN=mx1.*theirs: CN=kme1/);
    expect(findings.find(({ check }) => check === 'key-budget')?.evidence).toMatch(/^one key every 600 s/);
    expect(bed.now.lab.kmes.deliveredCount()).toBe(drawn);
  }, 60_000);

  test('doctor --kme --draw takes one key through both KMEs', async () => {
    const { exit, findings } = await bed.now.doctor(undefined, '--kme', '--draw');
    expect(exit).toBe(0);
    expect(findings.filter(({ check }) => check === 'draw' || check === 'error-contract').map(({ verdict, evidence }) => `${verdict}: ${evidence.replace(/[0-9a-f-]{36}/, 'K')}`)).toEqual([
      expect.stringMatching(/^ok: key K is the same at both ends: enc_keys \d+ ms, dec_keys \d+ ms; it was thrown away$/),
      'ok: a second fetch of the key is refused',
      'ok: a key_ID that was never drawn is refused',
    ]);
  }, 60_000);
});

describe('a fault is named by status and doctor, raises its alarm once, and clears by itself', () => {
  test('KME down', async () => {
    await bed.now.lab.kmes.kme('kme1').faults.add({ fault: 'down' });
    await bed.now.ticks(8);
    const status = await bed.now.statusOf('mx1');
    expect(status.exit).toBe(1);
    expect(problems(status)).toMatch(/mx1 attention: KME 127\.0\.0\.1:\d+: .*connection refused/);
    expect(problems(status)).toContain('the key in use is older than 3 intervals of 600 s');
    expect([...(status.links[0]?.alarms ?? [])].sort()).toEqual(['QKD_MACSEC_KME', 'QKD_MACSEC_STALLED']);
    expect(bad((await bed.now.doctor('mx1')).findings, 'kme').join()).toMatch(/^fault: KME .*connection refused/);
    expect(bed.now.alarms('mx1').sort()).toEqual(['QKD_MACSEC_KME', 'QKD_MACSEC_STALLED']);
    bed.now.lab.kmes.kme('kme1').faults.clear();
    await bed.now.ticks(5);
    await expectGreen();
    expect(bed.now.alarms('mx1').sort()).toEqual(['QKD_MACSEC_KME', 'QKD_MACSEC_KME_CLEAR', 'QKD_MACSEC_STALLED', 'QKD_MACSEC_STALLED_CLEAR']);
  }, 120_000);

  test('the other router cannot be reached', async () => {
    await bed.now.router('mx2').router.faults.set({ kind: 'unreachable' });
    await bed.now.ticks(2);
    const status = await bed.now.statusOf('mx1');
    expect(problems(status)).toMatch(/mx1 attention: record of mx2: .*SSH|mx1 attention: record of mx2: SCP/);
    expect(bad((await bed.now.doctor('mx1')).findings, 'peer').join()).toMatch(/^fault: .*SCP from mx2/);
    const fleet = await bed.now.statusOf();
    expect(fleet.links[0]).toMatchObject({ device: 'mx2', state: 'fault' });
    expect(fleet.exit).toBe(1);
    await bed.now.router('mx2').router.faults.clear();
    await bed.now.ticks(3);
    await expectGreen();
  }, 120_000);

  test('certificate near its end', async () => {
    const { home } = bed.now.router('mx1');
    const { pki } = bed.now.lab;
    const put = (files: { certificateFile: string; keyFile: string }): void => {
      copyFileSync(files.certificateFile, join(home, 'certs/mx1.crt'));
      copyFileSync(files.keyFile, join(home, 'certs/mx1.key'));
    };
    const before = pki.saes.get('mx1');
    if (before === undefined) throw new Error('no certificate');
    put(await pki.issue(pki.clientCa, { file: 'mx1-short', kind: 'client', commonName: 'mx1', untilDay: 6 }));
    await bed.now.ticks(3);
    expect(problems(await bed.now.statusOf('mx1'))).toMatch(/mx1 attention: the client certificate ends in 5 days/);
    expect(bad((await bed.now.doctor('mx1')).findings, 'certificate').join()).toMatch(/^warning: the client certificate ends in 5 days/);
    expect(bed.now.alarms('mx1')).toEqual(['QKD_MACSEC_CERTIFICATE']);
    put(before);
    await bed.now.tick();
    await expectGreen();
    expect(bed.now.alarms('mx1')).toEqual(['QKD_MACSEC_CERTIFICATE', 'QKD_MACSEC_CERTIFICATE_CLEAR']);
  }, 120_000);

  test('clock off', async () => {
    await bed.now.router('mx2').router.faults.set({ kind: 'clock-offset', seconds: 40 });
    await bed.now.ticks(2);
    expect(problems(await bed.now.statusOf('mx2'))).toMatch(/mx2 attention: the clock of mx2 is 40\.\d s or more ahead; 5 s are allowed/);
    expect(problems(await bed.now.statusOf())).toMatch(/mx1 attention: the clock of mx2 is 40\.\d s ahead; 5 s are allowed/);
    expect(bad((await bed.now.doctor('mx2')).findings, 'clock').join()).toMatch(/^fault: the router's clock is 40\.\d s ahead of this machine; 5 s are allowed/);
    expect(bed.now.alarms('mx2').filter((tag) => tag.includes('CLOCK'))).toEqual(['QKD_MACSEC_CLOCK']);
    await bed.now.router('mx2').router.faults.clear();
    await bed.now.ticks(4);
    await expectGreen();
    expect(bed.now.alarms('mx2').filter((tag) => tag.includes('CLOCK'))).toEqual(['QKD_MACSEC_CLOCK', 'QKD_MACSEC_CLOCK_CLEAR']);
  }, 120_000);

  test('a run that never ends holds the lock', async () => {
    const release = takeRunLock({ file: join(bed.now.router('mx1').home, 'run.lock'), pid: process.pid, now: bed.now.clock, longestRun: 100 * MINUTE });
    bed.now.clock += 10 * MINUTE;
    const { text, status } = await bed.now.ask('mx1', 'status');
    expect(text).toContain(`attention: a run is under way: pid ${process.pid}, for 10 min; it should be over`);
    expect(status).toBe(1);
    expect(bad((await bed.now.doctor('mx1')).findings, 'lock').join()).toMatch(/^fault: held by pid \d+ for 600 s/);
    release();
    await expectGreen();
  }, 60_000);

  test('what a run that hangs for hours cannot tell, the runs that it locks out do', async () => {
    const release = takeRunLock({ file: join(bed.now.router('mx1').home, 'run.lock'), pid: process.pid, now: bed.now.clock, longestRun: 100 * MINUTE });
    const before = bed.now.chain('mx1');
    const drawn = bed.now.lab.kmes.deliveredCount();
    const first = await bed.now.run('mx1');
    expect([first.status, first.rpcs]).toEqual([3, []]);
    for (const ran of await bed.now.ticks(9)) expect(ran.get('mx1')?.status).toBe(3);
    // It began with a key that mx2 has withdrawn, unconfirmed: mx1 alone went over to it.
    const raised = ['QKD_MACSEC_OLD_KEY', 'QKD_MACSEC_ONE_SIDED', 'QKD_MACSEC_STALLED'];
    expect(bed.now.alarms('mx1').sort()).toEqual(raised);
    expect(bed.now.chain('mx1')).toEqual(before);
    expect(bed.now.lab.kmes.deliveredCount()).toBe(drawn);
    expect(readFileSync(join(bed.now.router('mx1').home, 'logs/qkd-macsec.log'), 'utf8')).toMatch(/ ERROR {3}run another run holds the lock: pid \d+, since /);
    release();
    await bed.now.ticks(5);
    await expectGreen();
    expect(bed.now.alarms('mx1').sort()).toEqual(raised.flatMap((tag) => [tag, `${tag}_CLEAR`]));
  }, 120_000);

  test('a colleague holds the configuration', async () => {
    await bed.now.router('mx1').router.faults.set({ kind: 'lock-held' });
    bed.now.setSystem('mx1', { netconf: { lock_wait: 1 } });
    expect(bad((await bed.now.doctor('mx1')).findings, 'rights').join()).toMatch(/^warning: .*locked/);
  }, 60_000);
});
