// Copies of a pair: on the router off-box, on the other routing engine on-box, and those that wait to be taken.

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { noLog } from '../log.ts';
import { loadInventory } from '../inventory/load.ts';
import type { Run } from '../workflow/link-end.ts';
import { type CertificateOutcome, certificatesWhenDue } from './certificates-when-due.ts';
import { type CertsBed, GENERATE, type Json, type Ran, serial, startCertsBed } from './test-certs-bed.ts';

vi.setConfig({ testTimeout: 90_000 });

let bed: CertsBed;
beforeAll(async () => {
  bed = await startCertsBed();
});
beforeEach(() => bed.reset());
afterAll(() => bed.close());

const device = (inventory: Json, name: string): Json => (inventory['devices'] as Record<string, Json>)[name] ?? {};

describe('a pair that waits on the router', () => {
  const place = (): string => join(bed.folder, 'offbox-certs');
  const offBox = (change: (inventory: Json) => void, ...argv: string[]): Promise<Ran> =>
    bed.run(bed.lab.inventory, (inventory) => {
      Object.assign(inventory, { ca_server: GENERATE, paths: { home: join(bed.folder, 'offbox-home'), certificates: place() } });
      change(inventory);
    }, '--offbox', '--device', 'mx1', ...argv);
  beforeEach(() => {
    rmSync(place(), { recursive: true, force: true });
    bed.layAuthority(place());
  });

  it('is named by certs renew, with what is to happen, and shown by certs check until the router takes it', async () => {
    await bed.layPair('mx1', 5);
    const renewed = await offBox(() => undefined, 'certs', 'renew');
    expect(renewed.output).toMatch(/^mx1: waits on the router as \/var\/home\/qkd\/qkd-macsec\/certs\/mx1\.crt\.new and its key: the next run of this program on the router checks the pair and takes it into service; where none runs there, rename both without \.new, the key first$/m);
    const again = await offBox(() => undefined, 'certs', 'renew', '--json');
    expect(again.json.certificates[0]).toMatchObject({ action: 'kept', waiting: ['/var/home/qkd/qkd-macsec/certs/mx1.crt.new'], warnings: [], error: null });

    const waiting = await offBox(() => undefined, 'certs', 'check', '--json');
    expect(waiting.json.certificates.map((one) => [one['where'], one['waiting'], one['verdict']])).toEqual([['here', false, 'valid'], ['router', false, 'expiring'], ['router', true, 'valid']]);
    expect([waiting.status, waiting.errors]).toEqual([1, expect.stringMatching(/^error: certificates of mx1 on the router: \S+mx1\.crt has 4 days left, fewer than 10\nhint: run this program on the router: it takes the pair that waits beside \(\.new\)\n$/)]);
    expect((await offBox(() => undefined, 'certs', 'check')).output).toMatch(/^mx1 +router \.new +CN=mx1 .* valid$/m);
    const onBox = await bed.onBox('mx1', undefined, 'certs', 'check', '--json');
    expect(onBox.json.certificates.map((one) => [one['where'], one['waiting'], one['verdict']])).toEqual([['here', false, 'expiring'], ['here', true, 'valid']]);

    const taken = await bed.onBox('mx1', undefined, 'run', '--json');
    expect(taken.json.certificates).toEqual([{ device: 'mx1', verdict: 'valid', action: 'taken', error: null }]);
    const after = await offBox(() => undefined, 'certs', 'check', '--json');
    expect([after.status, after.json.certificates.map((one) => one['waiting'])]).toEqual([0, [false, false]]);
    expect((await offBox(() => undefined, 'certs', 'renew')).output).not.toMatch(/waits/);
  });

  it('is put there by a run over the connection that its links use too', async () => {
    await bed.layPair('mx1', 5);
    const profile = join(bed.folder, 'profile.jsonl');
    const ran = await offBox(() => undefined, 'run', '-vvvv', '--json', '--profile', profile);
    expect(ran.json.certificates).toEqual([{ device: 'mx1', verdict: 'valid', action: 'renewed', error: null }]);
    expect(ran.errors).toMatch(/netconf session open/);
    expect(ran.errors.match(/ssh connected /g)).toHaveLength(1);
    const spans = readFileSync(profile, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Json);
    expect(spans.every((span) => Object.keys(span).join() === 'name,device,link,start,ms')).toBe(true);
    const parts = spans.filter(({ name }) => !['connect', 'hello', 'rpc', 'commit', 'kme', 'wait'].includes(String(name)));
    expect(parts.map(({ name, device: of, link }) => [name, of, link])).toEqual([['certificates', 'mx1', null], ['initial configuration', 'mx1', 'mx1-mx2'], ['rotation', 'mx1', 'mx1-mx2'], ['link', null, 'mx1-mx2']]);
  });

  it('put there under another login than the program\'s own is warned of', async () => {
    await bed.layPair('mx1', 5);
    const folder = join(bed.site('mx1').router.root, 'var/home/script/qkd-macsec/certs');
    mkdirSync(folder, { recursive: true });
    for (const end of ['crt', 'key'] as const) copyFileSync(bed[end]('mx1'), join(folder, `mx1.${end}`));
    const ran = await offBox((inventory) => Object.assign((inventory['system'] ??= {}) as object, { certificates: { router_folder: '/var/home/script/qkd-macsec/certs' } }), 'certs', 'renew', '--force');
    expect([ran.status, ran.errors]).toEqual([0, 'warning: certificates of mx1: the files in /var/home/script/qkd-macsec/certs were put there as qkd, whose key file script cannot read\nhint: log in as script for certificates (secrets.username), or chown the .new files on the router\n']);
  });
});

describe('the other routing engine', () => {
  // mx2 stands for the engine that mx1 does not run on: a router of its own, with its own files.
  const twoEngines = (...argv: string[]): Promise<Ran> =>
    bed.run(join(bed.site('mx1').home, 'inventory.json'), (inventory) => {
      inventory['ca_server'] = GENERATE;
      const other = bed.site('mx2').router;
      Object.assign(device(inventory, 'mx1'), { routing_engines: ['127.0.0.1', 'localhost'], port: other.sshPort, host_key: other.hostKeyFingerprint });
    }, '--onbox', '--device', 'mx1', ...argv);
  const there = (file: string): string => join(bed.certs('mx2'), file);
  beforeEach(() => {
    for (const file of ['mx1.crt', 'mx1.key', 'mx1.crt.new', 'mx1.key.new']) rmSync(there(file), { force: true });
  });

  it('gets what is renewed on this one: the first pair under its own names, later ones beside, the key for its owner only', async () => {
    await bed.layPair('mx1', 5);
    bed.layAuthority(bed.certs('mx1'));
    const first = await twoEngines('run', '--json');
    expect([first.errors, first.status, first.json.certificates[0]?.['action']]).toEqual(['', 0, 'renewed']);
    expect([serial(there('mx1.crt')), statSync(there('mx1.key')).mode & 0o777]).toEqual([serial(bed.crt('mx1')), 0o600]);
    expect(existsSync(there('client-root-ca.key'))).toBe(false);
    const second = await twoEngines('certs', 'renew', '--force', '--json');
    expect([second.errors, second.status, second.json.certificates[0]?.['action']]).toEqual(['', 0, 'renewed']);
    expect([serial(there('mx1.crt.new')), statSync(there('mx1.key.new')).mode & 0o777]).toEqual([serial(bed.crt('mx1')), 0o600]);
  });

  it('out of reach: this one is renewed, and the run says so', async () => {
    await bed.layPair('mx1', 5);
    bed.layAuthority(bed.certs('mx1'));
    const old = serial(bed.crt('mx1'));
    const ran = await bed.run(join(bed.site('mx1').home, 'inventory.json'), (inventory) => {
      inventory['ca_server'] = GENERATE;
      Object.assign(device(inventory, 'mx1'), { routing_engines: ['127.0.0.1', 'localhost'], port: 1 });
    }, '--onbox', '--device', 'mx1', 'run', '--json');
    expect(ran.errors).toMatch(/^warning: certificates of mx1: copies on both routing engines: ssh .*; the present one stays in service \(until /);
    expect([ran.status, ran.json.links[0]?.['error'], serial(bed.crt('mx1')) === old]).toEqual([0, null, false]);
  });

  it.each<[string, { engines: number; backup: boolean; named: boolean }, CertificateOutcome['action'], string[]]>([
    ['the backup engine leaves renewals to the master', { engines: 2, backup: true, named: true }, 'not-due', []],
    ['one that the inventory does not name is warned of', { engines: 2, backup: false, named: false }, 'renewed', ['warning: certificates of mx1: this router has a second routing engine, which has the former certificate', 'hint: give both addresses in devices.mx1.routing_engines']],
    ['a router with one engine needs no copy', { engines: 1, backup: false, named: false }, 'renewed', []],
  ])('%s', async (_name, { engines, backup, named }, action, lines) => {
    await bed.layPair('mx1', 5);
    bed.layAuthority(bed.certs('mx1'));
    const file = join(bed.site('mx1').home, 'inventory.json');
    const document = JSON.parse(readFileSync(file, 'utf8')) as Json;
    document['ca_server'] = GENERATE;
    if (named) Object.assign(device(document, 'mx1'), { routing_engines: ['127.0.0.1', 'localhost'] });
    const inventory = loadInventory({ file, text: JSON.stringify(document) }, { mode: 'onbox', cwd: bed.folder, environment: {}, userName: 'qkd', userHome: bed.folder, warn: () => undefined });
    const said: string[] = [];
    const router = { isBackup: async () => backup, engines: async () => Array.from({ length: engines }, (_, slot) => ({ slot, mastership: slot === 0 ? ('master' as const) : ('backup' as const) })) };
    const run = { clock: { now: () => Date.now(), sleep: async () => undefined }, log: noLog, dryRun: false } as unknown as Run;
    const whenDue = certificatesWhenDue({ inventory, mode: 'onbox', run, until: Date.now() + 60_000, site: () => ({ files: undefined, router }), warn: (line) => void said.push(line) });
    const mx1 = inventory.devices.get('mx1');
    expect(mx1 && (await whenDue(mx1)).action).toBe(action);
    expect(said).toEqual(lines);
  });
});
