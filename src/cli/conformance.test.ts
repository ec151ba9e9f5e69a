// The end-to-end rows of the conformance table, E01 to E12: the whole program on the bench, in virtual time. E06 and E11
// are beside what they test, command-line.test.ts and key-chain.test.ts. The clients and KMEs alone are src/bench/kme/end-to-end.test.ts.

import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { plainRequest } from '../bench/kme/plain-request.ts';
import { PROFILE_NAMES } from '../bench/kme/profiles.ts';
import { INTERVAL, instant, KeyChainBed, MINUTE, type Ran, worries } from './test-key-chain-bed.ts';

const LINK = 'mx1-mx2';
const ENDS = ['mx1', 'mx2'] as const;

let bed: KeyChainBed;
beforeEach(() => void (bed = new KeyChainBed()));
afterEach(() => bed.close());

const draws = (): number => bed.lab.kmes.kme('kme1').requests.filter((line) => line.includes('/enc_keys')).length;
const fetches = (): number => bed.lab.kmes.kme('kme2').requests.filter((line) => line.includes('/dec_keys')).length;
const chainOf = (name: string): string[] => bed.chain(name).map((key) => `${key.ckn} ${key.secret} ${instant(key)}`);
const statuses = (ran: Iterable<Ran>): number[] => [...ran].map(({ status }) => status);
const record = (name: string): string => join(bed.router(name).home, 'records', `${name}_last_key.json`);

/** Two intervals after the end of a fault, three with timers apart: both ends have the same new keys, and all is in order. */
async function expectRecovery(since: number): Promise<void> {
  const before = bed.live(LINK);
  const [, , third] = await bed.ticks(3);
  expect(statuses(third!.values()), worries(third!.values())).toEqual([0, 0]);
  await bed.ticks(2);
  bed.expectHitless(LINK, since);
  expect(bed.live(LINK)).not.toBe(before);
  expect(chainOf('mx2').slice(-2)).toEqual(chainOf('mx1').slice(-2));
  for (const name of ENDS) expect(await bed.shown(name)).not.toContain('should-secure');
}

test('E01 one KME after the other that the bench can play: both ends on the same CKN and CAK, hitless, no key in any log', async () => {
  await bed.start();
  await bed.ticks(2);
  const up = bed.clock;
  const lines: string[] = [];
  for (const name of PROFILE_NAMES) {
    for (const kme of bed.lab.kmes.kmes) kme.faults.set({ fault: 'profile', name, times: 'always' });
    const before = new Set(bed.ckns('mx1'));
    for (const ran of await bed.ticks(2)) {
      expect(statuses(ran.values()), `${name}\n${worries(ran.values())}`).toEqual([0, 0]);
      lines.push(...[...ran.values()].flatMap(({ errors }) => errors));
    }
    expect(bed.ckns('mx1').filter((ckn) => !before.has(ckn)), name).toHaveLength(2);
    expect(chainOf('mx2'), name).toEqual(chainOf('mx1'));
  }
  bed.expectHitless(LINK, up);
  const said = lines.join('\n');
  expect(bed.lab.kmes.issuedKeys().length).toBeGreaterThanOrEqual(2 * PROFILE_NAMES.length);
  for (const key of bed.lab.kmes.issuedKeys()) for (const form of ['hex', 'base64'] as const) expect(said).not.toContain(key.toString(form));
}, 60_000);

describe('E02 the master has a key and dies', () => {
  test.each([
    ['before its commit', / plan install /, 1],
    ['before it publishes', /key installed/, 0],
  ])('%s: the next run starts clean, the slave is as it was', async (_, moment, lost) => {
    await bed.start();
    await bed.ticks(4);
    const [up, issued, slave] = [bed.clock, bed.lab.kmes.issuedKeys().length, chainOf('mx2')];
    const before = new Set(bed.ckns('mx1'));
    expect((await bed.run('mx1', [], { dieAt: moment })).status).toBe(-1);
    expect(draws()).toBeGreaterThan(issued);
    expect(bed.ckns('mx1').filter((ckn) => !before.has(ckn))).toHaveLength(1 - lost);
    bed.clock += 4 * MINUTE;
    await bed.run('mx2');
    expect(chainOf('mx2')).toEqual(slave);
    bed.clock = up + INTERVAL;
    await expectRecovery(up);
  }, 60_000);
});

test('E03 the slave cannot reach its KME for longer than keys are kept: both stay on the old key, an alarm, and they recover', async () => {
  await bed.start();
  await bed.ticks(5);
  const up = bed.clock;
  await bed.lab.kmes.kme('kme2').faults.add({ fault: 'down' });
  const ran = await bed.ticks(8);
  const [old, last] = [bed.live(LINK), ran.at(-1)?.get('mx2')];
  expect(last?.link.error?.code, worries([last!])).toBe('kme-unreachable');
  expect(bed.ckns('mx2').at(-1)).toBe(old);
  expect(ran.flatMap((one) => one.get('mx2')?.errors ?? []).join('\n')).toMatch(/ WARNING alarm QKD_MACSEC_KME: /);
  await bed.lab.kmes.kme('kme2').faults.clear();
  await expectRecovery(up);
}, 60_000);

describe('E04 one end has committed, the other has not', () => {
  const refuse = (name: string) => () => bed.router(name).router.faults.set({ kind: 'refuse-commit', times: 2 });
  const rollBack = (name: string) => async () => {
    const before = new Set(bed.ckns(name));
    for (const one of ENDS) await bed.run(one);
    const [newest] = bed.chain(name).filter(({ ckn }) => !before.has(ckn));
    await bed.configure(name, `delete security authentication-key-chains key-chain CA_basic key ${newest?.slot}`);
  };
  test.each<[string, () => unknown]>([
    ["the master's commit is refused", refuse('mx1')],
    ["the slave's commit is refused", refuse('mx2')],
    ["the master's commit is taken back after the slave's", rollBack('mx1')],
    ["the slave's commit is taken back after the master has confirmed it", rollBack('mx2')],
  ])('%s', async (_, happen) => {
    await bed.start();
    await bed.ticks(4);
    const up = bed.clock;
    await happen();
    await bed.tick();
    for (const name of ENDS) await bed.router(name).router.faults.clear();
    await expectRecovery(up);
  }, 60_000);

  test("method pre-shared-key, the slave's commit is refused: the preceding key holds the link, and the next run brings a key", async () => {
    await bed.start({ method: 'pre-shared-key' });
    await bed.ticks(2, { phase: 0 });
    const up = bed.clock;
    await refuse('mx2')();
    const [refused] = await bed.ticks(1, { phase: 0 });
    expect(statuses(refused!.values())).toEqual([0, 1]);
    await bed.router('mx2').router.faults.clear();
    const ran = await bed.ticks(3, { phase: 0 });
    expect(statuses(ran.at(-1)!.values()), worries(ran.at(-1)!.values())).toEqual([0, 0]);
    bed.expectHitless(LINK, up);
  }, 60_000);
});

describe("E05 the other end's key-ID record", () => {
  type Members = { version: number; written_at: string; links: Record<string, { role: string; master_sae: string; slave_saes: string[]; keys: { key_ID: string; start_time: string }[] }> };
  const edited = (edit: (members: Members) => void) => (text: string): string => {
    const members = JSON.parse(text) as Members;
    edit(members);
    return JSON.stringify(members);
  };
  const damages: readonly (readonly [string, (text: string) => string | undefined])[] = [
    ['cut short', (text) => text.slice(0, text.length / 2)],
    ['of another router', (text) => text.replace('"mx1"', '"mx9"')],
    ['of another version', edited((members) => void (members.version = 3))],
    ['with the roles exchanged', edited(({ links }) => void Object.assign(links[LINK]!, { role: 'slave' }))],
    ['with the SAEs exchanged', edited(({ links }) => void Object.assign(links[LINK]!, { master_sae: 'mx2', slave_saes: ['mx1'] }))],
    ['of a megabyte', (text) => text + ' '.repeat(1024 * 1024)],
    ['a link to another file', () => undefined],
  ];

  test(`${damages.map(([what]) => what).join('; ')}: named, nothing is fetched or committed for it, and the next rotation goes on`, async () => {
    await bed.start({ system: { rotation: { wait: 0 } } });
    await bed.ticks(4);
    const up = bed.clock;
    for (const [what, damage] of damages) {
      const began = bed.clock;
      await bed.run('mx1');
      const text = damage(readFileSync(record('mx1'), 'utf8'));
      rmSync(record('mx1'));
      if (text === undefined) symlinkSync(join(bed.router('mx1').home, 'inventory.json'), record('mx1'));
      else writeFileSync(record('mx1'), text);
      const [before, asked] = [chainOf('mx2'), fetches()];
      bed.clock += 4 * MINUTE;
      const ran = await bed.run('mx2');
      expect([chainOf('mx2'), fetches() - asked], `${what}\n${worries([ran])}`).toEqual([before, 0]);
      expect(worries([ran]), what).toMatch(/record of mx1|key-ID record/);
      bed.clock = began + INTERVAL;
      expect(statuses((await bed.tick()).values()), what).toEqual([0, 0]);
    }
    await expectRecovery(up);
  }, 60_000);

  test('with the roles exchanged, read by the master: no key is drawn that no end could confirm', async () => {
    await bed.start();
    await bed.ticks(3);
    const text = readFileSync(record('mx2'), 'utf8');
    writeFileSync(record('mx2'), edited(({ links }) => void Object.assign(links[LINK]!, { role: 'master' }))(text));
    const drawn = draws();
    const { link } = await bed.run('mx1');
    expect(link.error).toMatchObject({ code: 'record', message: 'record of mx2: link mx1-mx2: role master, expected slave' });
    expect(draws()).toBe(drawn);
    // All inventories changed at once: the other end's run, a moment later, publishes what fits.
    const mended = await bed.run('mx1', [], { onLine: (line) => line.includes('role master, expected slave') && writeFileSync(record('mx2'), text) });
    expect([mended.status, draws()], worries([mended])).toEqual([0, drawn + 1]);
  }, 60_000);

  test.each([6, 2, 1])('of %i intervals ago, played back: refused by name, no key goes or comes back by it, and the next rotation goes on', async (ago) => {
    await bed.start();
    await bed.ticks(3);
    const old = ENDS.map((name) => readFileSync(record(name), 'utf8'));
    await bed.ticks(ago);
    const [up, before, asked] = [bed.clock, ENDS.map(chainOf), fetches()];
    const refusal = (name: string): object => ({ code: 'record', message: expect.stringMatching(new RegExp(`^record of ${name}: an old one, written at \\S+, before key \\S+ was drawn$`)) as string });
    const present = readFileSync(record('mx2'), 'utf8');
    writeFileSync(record('mx2'), old[1]!);
    const master = await bed.run('mx1');
    // Of a slave a master knows that it has a key when it has confirmed it, an interval later.
    if (ago > 1) expect(master.link.error, worries([master])).toMatchObject(refusal('mx2'));
    expect(chainOf('mx1').filter((key) => !before[0]!.includes(key))).toHaveLength(ago > 1 ? 0 : 1);
    writeFileSync(record('mx2'), present);
    writeFileSync(record('mx1'), old[0]!);
    bed.clock += 4 * MINUTE;
    const slave = await bed.run('mx2');
    expect(slave.link.error, worries([slave])).toMatchObject(refusal('mx1'));
    expect([chainOf('mx2'), fetches() - asked]).toEqual([before[1], 0]);
    bed.clock = up + INTERVAL;
    await expectRecovery(up);
  }, 60_000);
});

describe('E07 clocks', () => {
  test.each([3600, -3600])('of a router %i s off: refused by name, no key installed, and on when it is mended', async (seconds) => {
    await bed.start();
    await bed.ticks(4);
    const up = bed.clock;
    await bed.router('mx2').router.faults.set({ kind: 'clock-offset', seconds });
    const before = new Set([...bed.ckns('mx1'), ...bed.ckns('mx2')]);
    const ran = await bed.run('mx2');
    expect(ran.link.error, worries([ran])).toMatchObject({ code: 'clock' });
    expect(bed.ckns('mx2').filter((ckn) => !before.has(ckn))).toEqual([]);
    await bed.router('mx2').router.faults.clear();
    // A router whose clock is an hour behind has no started key: its link is down with or without this program.
    bed.clock = up + INTERVAL;
    await expectRecovery(bed.clock);
  }, 60_000);

  test('in time zones a day apart: one start time', async () => {
    await bed.start();
    await bed.configure('mx1', 'set system time-zone Pacific/Kiritimati');
    await bed.configure('mx2', 'set system time-zone Pacific/Pago_Pago');
    await bed.ticks(3);
    const up = bed.clock;
    await expectRecovery(up);
  }, 60_000);
});

test('E08 of two links the KME of one is down: the other rotates, and each has its own result', async () => {
  await bed.start({ routers: 4 });
  const second = await bed.startSecondKmes('mx3', 'mx4');
  bed.setKme('mx3', { url: second.kme('kme1').url });
  bed.setKme('mx4', { url: second.kme('kme2').url });
  expect((await bed.run('', [], { offBox: true })).status).toBe(0);
  const before = new Map([...bed.lab.routers.keys()].map((name) => [name, bed.ckns(name).at(-1)]));
  await bed.lab.kmes.kme('kme1').faults.add({ fault: 'down' });
  bed.clock += INTERVAL;
  const { status, links } = await bed.run('', [], { offBox: true });
  expect([status, links.map(({ device, error }) => [device, error?.code])]).toEqual([1, [['mx1', 'kme-unreachable'], ['mx2', undefined], ['mx3', undefined], ['mx4', undefined]]]);
  const newest = (name: string): string | undefined => bed.ckns(name).at(-1);
  expect([newest('mx1'), newest('mx2')]).toEqual([before.get('mx1'), before.get('mx1')]);
  expect(newest('mx4')).toBe(newest('mx3'));
  expect(newest('mx3')).not.toBe(before.get('mx3'));
}, 60_000);

describe('E09 the original script at one end', () => {
  const files = (kme: string, sae: string) => ({ port: bed.lab.kmes.kme(kme).port, caFile: bed.lab.pki.kmeCa.certificateFile, pair: bed.lab.pki.saes.get(sae)! });
  const PREFIX = 'abcd1234abcd5678abcd1234abcd5678';

  /** What that script commits: its prefix and the UUID's digits, and the first 32 bytes of the decoded key. */
  async function asOriginal(name: string, { key_ID, key }: { key_ID: string; key: string }): Promise<void> {
    const [ckn, cak] = [`${PREFIX}${key_ID.replaceAll('-', '')}`, Buffer.from(key, 'base64').toString('hex').slice(0, 64)];
    await bed.configure(name, `set security macsec connectivity-association CA_basic pre-shared-key ckn ${ckn} cak ${cak}`);
    bed.clock += MINUTE;
  }

  test('as master: our end of method pre-shared-key takes each key that it publishes', async () => {
    await bed.start({ method: 'pre-shared-key' });
    await bed.ticks(1, { phase: 0 });
    const up = (bed.clock += MINUTE);
    for (let n = 0; n < 3; n += 1) {
      const { json } = await plainRequest({ ...files('kme1', 'mx1'), path: '/api/v1/keys/mx2/enc_keys?size=256' });
      await asOriginal('mx1', json.keys![0]!);
      writeFileSync(record('mx1'), JSON.stringify({ mx1: json.keys![0]!.key_ID }));
      const ran = await bed.run('mx2');
      expect([ran.status, ran.link.key_id], worries([ran])).toEqual([0, json.keys![0]!.key_ID]);
      bed.clock += INTERVAL;
      expect(bed.live(LINK)).toBe(`${PREFIX}${json.keys![0]!.key_ID.replaceAll('-', '')}`);
    }
    bed.expectHitless(LINK, up);
  }, 60_000);

  test('as slave: it finds the key_ID in our record, and the key at its KME', async () => {
    await bed.start({ method: 'pre-shared-key' });
    await bed.ticks(1, { phase: 0 });
    const up = (bed.clock += MINUTE);
    for (let n = 0; n < 3; n += 1) {
      const ran = await bed.run('mx1');
      expect(ran.status, worries([ran])).toBe(0);
      const id = (JSON.parse(readFileSync(record('mx1'), 'utf8')) as Record<string, string>)['mx1'];
      const { json } = await plainRequest({ ...files('kme2', 'mx2'), path: `/api/v1/keys/mx1/dec_keys?key_ID=${id}` });
      await asOriginal('mx2', json.keys![0]!);
      writeFileSync(record('mx2'), JSON.stringify({ mx2: id }));
      bed.clock += INTERVAL;
      expect(bed.live(LINK)).toBe(`${PREFIX}${id!.replaceAll('-', '')}`);
    }
    bed.expectHitless(LINK, up);
  }, 60_000);

  test('and a link that shall be key-chain: nothing is drawn or fetched for it, and the link stays up', async () => {
    await bed.start({ method: 'pre-shared-key' });
    await bed.ticks(2, { phase: 0 });
    const up = (bed.clock += MINUTE);
    for (const [own, other] of [['mx1', 'mx2'], ['mx2', 'mx1']] as const) {
      bed.setLinks(own, { method: 'key-chain' });
      const id = (JSON.parse(readFileSync(record(other), 'utf8')) as Record<string, string>)[other];
      writeFileSync(record(other), JSON.stringify({ [other]: id }));
      const before = [draws(), fetches()];
      for (let n = 0; n < 3; n += 1) {
        const { link } = await bed.run(own);
        expect(link.error).toMatchObject({ code: 'record', message: `record of ${other}: it is the original script's, which knows no key chains` });
        bed.clock += INTERVAL;
      }
      expect([draws(), fetches()]).toEqual(before);
      bed.setLinks(own, { method: 'pre-shared-key' });
    }
    bed.expectHitless(LINK, up);
  }, 60_000);
});

describe('E12 a router that restarts during a commit', () => {
  test.each(
    ENDS.flatMap((name) => (['before', 'after'] as const).map((when) => [name, when] as const)),
  )('%s, %s it took effect: the next runs converge', async (name, when) => {
    await bed.start();
    await bed.ticks(4);
    const up = bed.clock;
    const { faults } = bed.router(name).router;
    if (name === 'mx2') await bed.run('mx1');
    await faults.set({ kind: 'drop-session', when, rpc: 'commit-configuration', times: 1 });
    expect((await bed.run(name, [], { dieAt: when === 'after' ? /no answer to a commit/ : / netconf request rpc=commit-configuration/ })).status).toBe(-1);
    await faults.set({ kind: 'unreachable' });
    bed.clock = up + INTERVAL;
    await bed.ticks(1, { names: ENDS.filter((other) => other !== name) });
    await faults.clear();
    await expectRecovery(up);
  }, 60_000);
});

test.each([
  ['derived', 'gives CAKs that have nothing in common'],
  ['raw', 'is refused on the second'],
])('E10 one KME key for two links, cak %s: it %s', async (cak) => {
  await bed.start({ routers: 3, topology: 'chain' });
  bed.setAllLinks({ cak });
  for (const kme of bed.lab.kmes.kmes) kme.faults.set({ fault: 'same-bytes', times: 'always' });
  for (const [name, link] of [['mx1', 'mx1-mx2'], ['mx2', 'mx1-mx2'], ['mx2', 'mx2-mx3']] as const) {
    const { link: report } = await bed.run(name, ['--link', link]);
    if (cak === 'raw' && link === 'mx2-mx3') {
      expect(report.error).toMatchObject({ code: 'kme-answer', message: expect.stringMatching(/^KME \S+: the key of key_ID \S+ is in use already, as slot \d of key chain CA_mx1-mx2$/) as string });
    } else expect(report).toMatchObject({ outcome: 'installed', error: null });
  }
  const secrets = ['CA_mx1-mx2', 'CA_mx2-mx3'].map((chain) => bed.chain('mx2', chain).map(({ secret }) => secret));
  expect(secrets.map(({ length }) => length)).toEqual([1, cak === 'raw' ? 0 : 1]);
  expect(bed.chain('mx1')[0]?.secret).toBe(secrets[0]?.[0]);
  expect(secrets[1]).not.toEqual(secrets[0]);
}, 60_000);
