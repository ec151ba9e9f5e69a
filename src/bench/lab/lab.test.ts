import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { dialUnix } from '../router/clients/bench-client.ts';
import { committedKey } from './committed-key.ts';
import { type Lab, startLab } from './lab.ts';
import { endsOf, type Topology } from './topology.ts';

let lab: Lab | undefined;
let folder: string;

afterEach(async () => {
  await lab?.close();
  lab = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function start(topology: Topology, more: Partial<Parameters<typeof startLab>[0]> = {}): Promise<Lab> {
  folder = await mkdtemp(join(tmpdir(), 'qkd-lab-'));
  lab = await startLab({ folder, topology, routers: 3, artifact: '/nowhere', hello: 20, ...more });
  return lab;
}

/** The same chain on every end of every link, one key in force and one to come. */
async function configure({ links, routers }: Lab): Promise<void> {
  const now = new Date().toISOString();
  for (const [number, link] of links.entries()) {
    const key = String(number + 1).repeat(64);
    for (const { router, interfaceName } of endsOf(link)) {
      const lines = [
        `set security authentication-key-chains key-chain C${number} key 0 key-name ${key}`,
        `set security authentication-key-chains key-chain C${number} key 0 secret ${key}`,
        `set security authentication-key-chains key-chain C${number} key 0 start-time "${Number(now.slice(0, 4)) - 1}-01-01.00:00 +0000"`,
        `set security macsec connectivity-association ${link.association} cipher-suite gcm-aes-xpn-256`,
        `set security macsec connectivity-association ${link.association} security-mode static-cak`,
        `set security macsec connectivity-association ${link.association} pre-shared-key-chain C${number}`,
        `set security macsec interfaces ${interfaceName} connectivity-association ${link.association}`,
      ];
      const client = await dialUnix(routers.get(router)!.router.mgdSocket);
      expect(await client.rpc(`<load-configuration action="set" format="text"><configuration-set>${lines.join('\n')}</configuration-set></load-configuration>`)).not.toContain('<error-severity>error');
      expect(await client.rpc('<commit-configuration/>')).toContain('<commit-success/>');
      client.stream.destroy();
    }
  }
}

async function untilUp({ links, cable }: Lab): Promise<void> {
  await expect.poll(() => links.map(({ name }) => (cable(name).live(), cable(name).history.at(-1)?.state)), { timeout: 10_000, interval: 20 }).toEqual(links.map(() => 'up'));
}

describe('a lab', () => {
  it('chain: the router in the middle has two links, and its own inventory names both', async () => {
    const chain = await start('chain', { method: 'key-chain' });
    await configure(chain);
    await untilUp(chain);
    const middle = chain.routers.get('mx2')!;
    expect(['CA_mx1-mx2', 'CA_mx2-mx3'].map((name) => committedKey(middle.router.mgd.committed(), name)?.ckn[0])).toEqual(['1', '2']);
    const inventory = JSON.parse(await readFile(join(middle.home, 'inventory.json'), 'utf8')) as { devices: object; links: { name: string; method: string }[] };
    expect(inventory.links.map(({ name, method }) => [name, method])).toEqual([['mx1-mx2', 'key-chain'], ['mx2-mx3', 'key-chain']]);
    expect(Object.keys(inventory.devices)).toEqual(['mx1', 'mx2', 'mx3']);
    await chain.routers.get('mx1')!.router.faults.set({ kind: 'fibre-cut', interface: 'et-0/0/1' });
    expect([chain.cable('mx1-mx2').live() === undefined, chain.cable('mx2-mx3').live() === undefined]).toEqual([true, false]);
    await chain.routers.get('mx3')!.router.faults.set({ kind: 'down' });
    expect(chain.cable('mx2-mx3').live()).toBeUndefined();
  });

  it('star: one link with several slaves; a clock that is behind holds its end back', async () => {
    const star = await start('star', { clockOffsets: new Map([['mx3', -3]]) });
    await configure(star);
    await untilUp(star);
    const [mx1, mx3] = ['mx1', 'mx3'].map((name) => star.routers.get(name)!.router);
    expect(Math.round((mx3!.now() - mx1!.now()) / 1000)).toBe(-3);
    await mx3!.faults.set({ kind: 'clock-offset', seconds: 60 });
    expect(Math.round((mx3!.now() - mx1!.now()) / 1000)).toBe(60);
    await mx3!.faults.clear();
    expect(Math.round((mx3!.now() - mx1!.now()) / 1000)).toBe(-3);
  });

  it('refuses a clock of a router that is not there', async () => {
    await expect(start('pairs', { routers: 2, clockOffsets: new Map([['mx9', 1]]) })).rejects.toThrow('no router mx9');
  });
});
