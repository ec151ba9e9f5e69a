import { describe, expect, it } from 'vitest';
import { element, type XmlElement } from '../../xml.ts';
import { Wire, type WireRouter } from '../router/mka/wire.ts';
import { KeyWatch, latest } from './key-watch.ts';

const START = Date.UTC(2026, 0, 1);
let clock = START;

class End implements WireRouter {
  readonly name: string;
  readonly #listeners: (() => void)[] = [];
  #committed: XmlElement = element('configuration');
  constructor(name: string) {
    this.name = name;
  }
  readonly now = (): number => clock;
  readonly mgd = { committed: () => this.#committed, onCommit: (listener: () => void) => void this.#listeners.push(listener) };
  attach(): void {}
  /** A key in place (`psk`), or a chain of keys by their start in seconds from now. */
  commit(keys: { readonly psk: string } | { readonly chain: Readonly<Record<string, number>> }): void {
    const [own, chains] = 'psk' in keys ? [element('pre-shared-key', element('ckn', keys.psk.repeat(64)), element('cak', 'a'.repeat(64))), undefined] : [element('pre-shared-key-chain', 'C'), chainOf(keys.chain)];
    const association = element('connectivity-association', element('name', 'CA'), element('cipher-suite', 'gcm-aes-xpn-256'), element('security-mode', 'static-cak'), own);
    const macsec = element('macsec', association, element('interfaces', element('name', 'et-0/0/1'), element('connectivity-association', 'CA')));
    this.#committed = element('configuration', element('security', ...(chains === undefined ? [] : [chains]), macsec));
    for (const listener of this.#listeners) listener();
  }
}

function chainOf(keys: Readonly<Record<string, number>>): XmlElement {
  const entries = Object.entries(keys).map(([digit, start], slot) => {
    const time = new Date(clock + start * 1000).toISOString();
    return element('key', element('name', String(slot)), element('key-name', digit.repeat(64)), element('secret', digit.repeat(64)), element('start-time', `${time.slice(0, 10)}.${time.slice(11, 19)} +0000`));
  });
  return element('authentication-key-chains', element('key-chain', element('name', 'C'), ...entries));
}

function cable(): { mx1: End; mx2: End; watch: KeyWatch } {
  clock = START;
  const [mx1, mx2] = [new End('mx1'), new End('mx2')];
  const link = new Wire({ now: () => clock, hello: 2000 }).join({ router: mx1, interfaceName: 'et-0/0/1' }, { router: mx2, interfaceName: 'et-0/0/1' });
  return { mx1, mx2, watch: new KeyWatch(link) };
}

describe('a watch', () => {
  it('of a key that is replaced in place: both commits, the mismatch between them, and when it is in use', () => {
    const { mx1, mx2, watch } = cable();
    mx1.commit({ psk: '1' });
    mx2.commit({ psk: '1' });
    clock += 10_000;
    mx1.commit({ psk: '2' });
    clock += 700;
    mx2.commit({ psk: '2' });
    clock += 10_000;
    const { inUse = 0, ...commits } = watch.timesOf('2'.repeat(64));
    expect(commits).toEqual({ master: START + 10_000, slave: START + 10_700 });
    expect(inUse).toBeGreaterThanOrEqual(START + 10_700);
    expect(inUse).toBeLessThanOrEqual(START + 12_700);
    expect(watch.mismatch(START + 5_000, clock)).toBe(700);
    expect(watch.mismatch(START + 10_500, clock)).toBe(200);
    expect(watch.inForce().map((key) => key?.ckn[0])).toEqual(['2', '2']);
    expect(watch.chains()).toEqual([undefined, undefined]);
    expect(watch.liveSince()).toBeLessThanOrEqual(START + 2_000);
  });

  it('of a chain: both ends go over at the start time, with no mismatch', () => {
    const { mx1, mx2, watch } = cable();
    mx1.commit({ chain: { 1: -60, 2: 30 } });
    mx2.commit({ chain: { 1: -60, 2: 30 } });
    clock += 60_000;
    expect(watch.wentOver('2'.repeat(64))).toEqual([START + 30_000, START + 30_000]);
    expect(watch.timesOf('2'.repeat(64))).toMatchObject({ master: START, slave: START });
    expect(watch.mismatch(START, clock)).toBe(0);
    expect(watch.chains().map((chain) => chain?.map((key) => (key.startsAt - START) / 1000))).toEqual([[-60, 30], [-60, 30]]);
    expect(watch.caks().map((cak) => cak.toString('hex')[0])).toEqual(['1', '2']);
  });

  it('of a key that one end alone has: it never comes into use', () => {
    const { mx1, mx2, watch } = cable();
    mx1.commit({ chain: { 1: -60, 2: 30 } });
    mx2.commit({ chain: { 1: -60 } });
    clock += 40_000;
    expect(watch.wentOver('2'.repeat(64))).toEqual([START + 30_000, undefined]);
    expect(watch.timesOf('2'.repeat(64))).toEqual({ master: START, slave: undefined, inUse: undefined });
    expect(watch.mismatch(START, clock)).toBe(10_000);
  });
});

it('the last of several times is known when all are', () => {
  expect([latest([3, 5]), latest([3, undefined]), latest([])]).toEqual([5, undefined, undefined]);
});
