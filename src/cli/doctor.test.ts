// The traps that doctor knows, each laid on a router of the bench as an operator would, or a file as an accident would.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { node } from './doctor-program.ts';
import { type FindingJson, StatusBed } from './test-status-bed.ts';

const FILE = 'event-options event-script file qkd-macsec.py';

describe('doctor', () => {
  const bed = new StatusBed();
  beforeAll(async () => {
    await bed.start();
    await bed.ticks(1);
  }, 60_000);
  afterAll(() => bed.close());

  function told(findings: readonly FindingJson[], check: string): string {
    return findings.filter((finding) => finding.check === check && finding.verdict !== 'ok').map(({ verdict, evidence }) => `${verdict}: ${evidence}`).join('\n');
  }

  const TRAPS: [string, string, string[], string[], RegExp][] = [
    ['no script language', 'script-language', ['delete system scripts language'], ['set system scripts language python3'], /^fault: system scripts language is not set$/],
    ['the script as nobody', 'script-user', [`delete ${FILE} python-script-user`], [`set ${FILE} python-script-user qkd`], /^fault: no python-script-user: Junos runs the script as nobody$/],
    ['no checksum', 'script-files', [`set ${FILE} checksum sha-256 ${'ab'.repeat(32)}`], [`delete ${FILE} checksum`], /^fault: \/var\/db\/scripts\/event\/qkd-macsec\.py has sha-256 \w+\.\.\., the configuration says abababababab\.\.\.$/],
    ['scripts that Junos takes from flash', 'script-files', ['set system scripts load-scripts-from-flash'], ['delete system scripts load-scripts-from-flash'], /^fault: \/config\/scripts\/event\/qkd-macsec\.py: .*No such file or directory/],
    ['another timer than the interval', 'event-policy', ['set event-options generate-event every10mins time-interval 900'], ['set event-options generate-event every10mins time-interval 600'], /^warning: time-interval is 900, system\.rotation\.interval is 600$/],
    ['a timer that is deactivated', 'event-policy', ['deactivate event-options generate-event every10mins'], ['activate event-options generate-event every10mins'], /^fault: the event policy is deactivated$/],
    ['a management instance', 'management-instance', ['set system management-instance'], ['delete system management-instance'], /^warning: configured; the KME is reached from this login$/],
    ['no preceding key', 'association', ['set security macsec connectivity-association CA_basic disable-preceding-key'], ['delete security macsec connectivity-association CA_basic disable-preceding-key'], /^warning: disable-preceding-key/],
    ['should-secure', 'association', ['set security macsec connectivity-association CA_basic mka should-secure'], ['delete security macsec connectivity-association CA_basic mka should-secure'], /^warning: should-secure: clear traffic passes/],
    ['another cipher suite', 'association', ['set security macsec connectivity-association CA_basic cipher-suite gcm-aes-256'], ['set security macsec connectivity-association CA_basic cipher-suite gcm-aes-xpn-256'], /^fault: CA_basic has cipher-suite gcm-aes-256, the inventory says gcm-aes-xpn-256$/],
    ['an interface that is not bound', 'association', ['delete security macsec interfaces et-0/0/1 connectivity-association'], ['set security macsec interfaces et-0/0/1 connectivity-association CA_basic'], /^fault: et-0\/0\/1 not bound to CA_basic$/],
    ['a clock of its own', 'clock', ['deactivate system ntp'], ['activate system ntp'], /^warning: the router shows that NTP does not set its clock$/],
  ];
  test.each(TRAPS)('finds %s, and no longer when it is mended', async (_, check, lay, mend, expected) => {
    await bed.configure('mx1', ...lay);
    const found = await bed.doctor('mx1');
    await bed.configure('mx1', ...mend);
    expect(told(found.findings, check)).toMatch(expected);
    expect(found.exit).toBe(/^\/\^fault/.test(String(expected)) ? 1 : 0);
    expect(told((await bed.doctor('mx1')).findings, check)).not.toMatch(expected);
  }, 60_000);

  const SETTINGS: [string, string, (device: Record<string, unknown>, inventory: { system: Record<string, object> }) => void, RegExp][] = [
    ['a cipher suite that the platform does not have', 'platform', (device) => void (device['platform'] = 'ex'), /^fault: mx304, profile ex: no cipher suite gcm-aes-xpn-256; it has gcm-aes-128$/],
    ['a host key that nobody knows', 'host-keys', (device) => void delete device['host_key'], /^fault: no host key is pinned and there is no known_hosts file$/m],
    ['keys that are not kept long enough', 'retention', (_, inventory) => void (inventory.system['kme'] = { ...inventory.system['kme'], retention: 300 }), /^warning: a slave may fetch a key up to \d+ s after .*; it is kept for 300 s$/],
    ['a KME name that does not resolve', 'dns', (device) => void (device['kme'] = { ...(device['kme'] as object), url: 'https://kme.invalid:8443' }), /^fault: kme\.invalid cannot be resolved: \w+$/],
    ['a client certificate that is not there', 'certificate', (device) => void (device['kme'] = { ...(device['kme'] as object), cert_file: 'certs/none.crt' }), /^fault: .*certs\/none\.crt does not exist/],
  ];
  test.each(SETTINGS)('finds %s', async (_, check, edit, expected) => {
    const file = bed.inventoryOf('mx1');
    const before = readFileSync(file, 'utf8');
    const inventory = JSON.parse(before) as { system: Record<string, object>; devices: Record<string, Record<string, unknown>> };
    for (const device of Object.values(inventory.devices)) edit(device, inventory);
    writeFileSync(file, JSON.stringify(inventory), { mode: 0o600 });
    const { findings } = await bed.doctor('mx1');
    writeFileSync(file, before, { mode: 0o600 });
    expect(told(findings, check)).toMatch(expected);
  }, 60_000);

  test('finds a licence that is missing: every commit is taken, and nothing is shown', async () => {
    expect((await bed.doctor('mx1')).findings.filter(({ check }) => check === 'macsec')).toMatchObject([{ verdict: 'ok', evidence: 'shown for et-0/0/1; licence there' }]);
    const fault = await bed.router('mx1').router.faults.set({ kind: 'no-macsec-licence' });
    const { exit, findings } = await bed.doctor('mx1');
    const status = await bed.statusOf('mx1');
    await bed.router('mx1').router.faults.clear(fault);
    expect([exit, told(findings, 'macsec')]).toEqual([1, 'fault: the MACsec licence is missing or expired: Junos takes every commit and secures nothing']);
    expect(status.links[0]).toMatchObject({ state: 'fault' });
    expect(JSON.stringify(status.links[0]?.problems)).toMatch(/"fault".*check the MACsec licence/);
  }, 60_000);

  test('a line that is cut is a fault of status, which does not send its reader to doctor: a key is not what is wrong', async () => {
    const fault = await bed.router('mx1').router.faults.set({ kind: 'fibre-cut', interface: 'et-0/0/1' });
    bed.clock += 60_000;
    const status = await bed.statusOf('mx1');
    await bed.router('mx1').router.faults.clear(fault);
    expect(status.links[0]?.problems).toContainEqual(expect.objectContaining({ severity: 'fault', text: 'no live MKA peer on et-0/0/1', hint: 'check the line, and compare the CAK names of both ends: show security mka sessions detail' }));
  }, 60_000);

  test('asks for the Node that the launcher asks for', () => {
    const launcher = readFileSync(new URL('../../junos-config/qkd-macsec.py', import.meta.url), 'utf8');
    const [, major, minor] = /^OLDEST_NODE = \((\d+), (\d+)\)$/m.exec(launcher) ?? [];
    expect(node(`${major}.${minor}.0`).verdict).toBe('ok');
    expect(node(`${Number(major) - 1}.9.0`)).toMatchObject({ verdict: 'fault', evidence: `Node v${Number(major) - 1}.9.0; ${major} or newer is needed` });
    expect(node()).toMatchObject({ verdict: 'ok', evidence: expect.stringContaining(`Node ${process.version} on `) });
  });

  test('compares the program with the checksum beside it', async () => {
    const artifact = join(bed.folder, 'qkd-macsec.js');
    writeFileSync(artifact, 'program');
    const said = async (): Promise<string> => JSON.stringify((JSON.parse((await bed.ask('mx1', { artifact }, 'doctor', '--json')).text) as { findings: FindingJson[] }).findings.filter(({ check }) => check === 'artifact'));
    expect(await said()).toContain('no qkd-macsec.js.sha256 beside it to compare with');
    writeFileSync(`${artifact}.sha256`, `${'0'.repeat(64)}  qkd-macsec.js\n`);
    expect(await said()).toMatch(/"fault".*qkd-macsec\.js\.sha256 says 0{64}/);
    writeFileSync(`${artifact}.sha256`, `${createHash('sha256').update('program').digest('hex')}  qkd-macsec.js\n`);
    expect(await said()).toMatch(/"ok".*qkd-macsec\.js, 0\.0\.0 test, sha-256 [0-9a-f]{64}/);
  }, 60_000);

  test('a router that does not answer is one fault, and the rest is checked all the same', async () => {
    await bed.router('mx2').router.faults.set({ kind: 'unreachable' });
    const { exit, findings } = await bed.doctor(undefined);
    await bed.router('mx2').router.faults.clear();
    expect(exit).toBe(1);
    expect(told(findings, 'router')).toMatch(/^fault: router mx2: .*connection refused/);
    expect(findings.filter(({ check, subject }) => check === 'certificate' && subject === 'mx2')).toMatchObject([{ verdict: 'ok' }]);
  }, 60_000);
});
