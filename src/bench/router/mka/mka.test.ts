import { describe, expect, it } from 'vitest';
import { element, type XmlElement } from '../../../xml.ts';
import { Wire, type WireRouter } from './wire.ts';
import { mkaSession, principal } from './session.ts';
import type { Link } from './link.ts';

const T0 = Date.UTC(2026, 10, 22, 12);
const K = (digit: string): [string, string] => [digit.repeat(64), digit.repeat(64)];
type Key = [ckn: string, cak: string];

interface Rules {
  readonly psk?: Key;
  readonly chain?: readonly (readonly [slot: number, key: Key, startsAt: number])[];
  readonly fallback?: Key;
  readonly suite?: string;
  readonly noPreceding?: boolean;
  readonly inactive?: 'psk' | 'interface' | 'association' | 'slot';
  readonly unbound?: boolean;
  readonly name?: string;
  readonly priority?: number;
  readonly rekey?: number;
}

function deactivated(node: XmlElement, when: boolean): XmlElement {
  return when ? { ...node, attributes: { inactive: 'inactive' } } : node;
}

function startTime(milliseconds: number): string {
  const at = new Date(milliseconds).toISOString();
  return `${at.slice(0, 10)}.${at.slice(11, 19)} +0000`;
}

function configuration(rules: Rules): XmlElement {
  const name = rules.name ?? 'CA';
  const pair = (statement: string, [ckn, cak]: Key): XmlElement => element(statement, element('ckn', ckn), element('cak', cak));
  const association = element(
    'connectivity-association',
    element('name', name),
    element('cipher-suite', rules.suite ?? 'gcm-aes-xpn-256'),
    element('security-mode', 'static-cak'),
    element('mka', element('key-server-priority', String(rules.priority ?? 16)), element('sak-rekey-interval', String(rules.rekey ?? 0))),
    rules.noPreceding && element('disable-preceding-key'),
    rules.psk && deactivated(pair('pre-shared-key', rules.psk), rules.inactive === 'psk'),
    rules.fallback && pair('fallback-key', rules.fallback),
    rules.chain && element('pre-shared-key-chain', 'CHAIN'),
  );
  const keys = (rules.chain ?? []).map(([slot, [ckn, cak], at], index) =>
    deactivated(
      element('key', element('name', String(slot)), element('secret', cak), element('key-name', ckn), element('start-time', startTime(at))),
      rules.inactive === 'slot' && index === (rules.chain?.length ?? 0) - 1,
    ),
  );
  const binding = element('interfaces', element('name', 'et-0/0/1'), element('connectivity-association', name));
  return element(
    'configuration',
    element(
      'security',
      element('authentication-key-chains', element('key-chain', element('name', 'CHAIN'), keys)),
      element('macsec', deactivated(association, rules.inactive === 'association'), !rules.unbound && deactivated(binding, rules.inactive === 'interface')),
    ),
  );
}

class Router implements WireRouter {
  readonly name: string;
  readonly now: () => number;
  #committed: XmlElement;
  readonly #listeners: (() => void)[] = [];
  readonly mgd = {
    committed: () => this.#committed,
    onCommit: (listener: () => void) => void this.#listeners.push(listener),
  };

  constructor(name: string, now: () => number, rules: Rules) {
    this.name = name;
    this.now = now;
    this.#committed = configuration(rules);
  }

  attach(): void {}

  commit(rules: Rules): void {
    this.#committed = configuration(rules);
    for (const listener of this.#listeners) listener();
  }
}

function lab(a: Rules, b: Rules, skew = 0) {
  let now = T0;
  const wire = new Wire({ now: () => now });
  const mx1 = new Router('mx1', () => now, a);
  const mx2 = new Router('mx2', () => now + skew, b);
  const link = wire.join(...[mx1, mx2].map((router) => ({ router, interfaceName: 'et-0/0/1' })));
  wire.close();
  return {
    link,
    mx1,
    mx2,
    pass: (seconds: number): void => void (now += seconds * 1000),
    states: () => ends(link),
    show: (name: 'mx1' | 'mx2') => mkaSession(link, name, 'et-0/0/1'),
  };
}

function ends(link: Link): string[] {
  link.evaluate();
  return [...(link.history.at(-1)?.ends ?? [])];
}

const PRIMARY = ['Secured - Primary', 'Secured - Primary'];
const DOWN = ['Unsecured', 'Unsecured'];

describe('MKA between two configurations', () => {
  it.each<[string, Rules, Rules, string[]]>([
    ['same key', { psk: K('1') }, { psk: K('1') }, PRIMARY],
    ['same CKN in other case', { psk: ['ab'.repeat(32), K('1')[1]] }, { psk: ['AB'.repeat(32), K('1')[1]] }, PRIMARY],
    ['short CKN filled with zeros', { psk: ['badc0ffe01', K('1')[1]] }, { psk: ['BADC0FFE01'.padEnd(64, '0'), K('1')[1]] }, PRIMARY],
    ['other CKN', { psk: K('1') }, { psk: K('2') }, DOWN],
    ['same CKN, other CAK', { psk: K('1') }, { psk: [K('1')[0], K('2')[1]] }, DOWN],
    ['other cipher suite', { psk: K('1') }, { psk: K('1'), suite: 'gcm-aes-256' }, DOWN],
    ['CAK too long for the suite', { psk: K('1'), suite: 'gcm-aes-128' }, { psk: K('1'), suite: 'gcm-aes-128' }, DOWN],
    ['inactive key', { psk: K('1') }, { psk: K('1'), inactive: 'psk' }, DOWN],
    ['inactive binding', { psk: K('1') }, { psk: K('1'), inactive: 'interface' }, DOWN],
    ['inactive association', { psk: K('1') }, { psk: K('1'), inactive: 'association' }, DOWN],
    ['no binding', { psk: K('1') }, { psk: K('1'), unbound: true }, DOWN],
    ['both fall back', { psk: K('1'), fallback: K('9') }, { psk: K('2'), fallback: K('9') }, ['Secured - Fallback', 'Secured - Fallback']],
    ['fallback unused while the primary fits', { psk: K('1'), fallback: K('9') }, { psk: K('1'), fallback: K('9') }, PRIMARY],
    ["one end's fallback is the other's primary", { psk: K('1'), fallback: K('9') }, { psk: K('9') }, ['Secured - Fallback', 'Secured - Primary']],
    ['chain and fixed key', { chain: [[0, K('1'), T0 - 1000]] }, { psk: K('1') }, PRIMARY],
    ['chain: latest start that has passed', { chain: [[0, K('1'), T0 - 9000], [1, K('2'), T0 - 5000]] }, { psk: K('2') }, PRIMARY],
    ['chain: slot order does not count', { chain: [[5, K('2'), T0 - 5000], [7, K('1'), T0 - 9000]] }, { psk: K('2') }, PRIMARY],
    ['chain: inactive key is not there', { chain: [[0, K('1'), T0 - 9000], [1, K('2'), T0 - 5000]], inactive: 'slot' }, { psk: K('1') }, PRIMARY],
    ['chain: nothing started', { chain: [[0, K('1'), T0 + 60_000]] }, { psk: K('1') }, DOWN],
  ])('%s', (_, a, b, expected) => {
    const bench = lab(a, b);
    bench.pass(3);
    expect(bench.states()).toEqual(expected);
  });

  it('is down until a hello time has passed, and says so with a zero key identifier', () => {
    const bench = lab({ psk: K('1') }, { psk: K('1') });
    bench.pass(1.9);
    expect(bench.states()).toEqual(DOWN);
    expect(bench.show('mx1')?.latest.identifier).toBe('000000000000000000000000/0');
    expect(principal(bench.show('mx1')!)?.status).toBe('in-progress');
    bench.pass(0.1);
    expect(bench.states()).toEqual(PRIMARY);
    expect(bench.show('mx1')?.latest.identifier).toMatch(/^(?!0{24})[0-9A-F]{24}\/1$/);
  });
});

describe('in-place replacement of pre-shared-key', () => {
  it('keeps the old key until both ends have the new one', () => {
    const bench = lab({ psk: K('1') }, { psk: K('1') });
    bench.pass(10);
    bench.mx1.commit({ psk: K('2') });
    expect(bench.states()).toEqual(['Secured - Preceding', 'Secured - Primary']);
    bench.pass(3600);
    expect(bench.states()).toEqual(['Secured - Preceding', 'Secured - Primary']);
    expect(bench.show('mx1')?.participants.map(({ role, status }) => [role, status])).toEqual([['primary', 'in-progress'], ['preceding', 'live']]);
    bench.mx2.commit({ psk: K('2') });
    expect(bench.states()).toEqual(['Secured - Preceding', 'Secured - Preceding']);
    bench.pass(2);
    expect(bench.states()).toEqual(PRIMARY);
    expect(bench.show('mx2')?.participants).toHaveLength(1);
    expect(bench.link.wasEverDown(T0 + 5000)).toBe(false);
    expect(bench.link.history.map(({ state, ckn }) => [state, ckn?.[0]])).toEqual([['down', undefined], ['up', '1'], ['up', '1'], ['up', '1'], ['up', '2']]);
  });

  it('survives a wrong key in between, and a second replacement before the first was live', () => {
    const bench = lab({ psk: K('1') }, { psk: K('1') });
    bench.pass(10);
    bench.mx1.commit({ psk: K('2') });
    bench.mx2.commit({ psk: K('3') });
    bench.pass(60);
    expect(bench.states()).toEqual(['Secured - Preceding', 'Secured - Preceding']);
    bench.mx1.commit({ psk: K('3') });
    bench.pass(2);
    expect(bench.states()).toEqual(PRIMARY);
    expect(bench.link.wasEverDown(T0 + 5000)).toBe(false);
  });

  it.each<[string, Rules]>([
    ['disable-preceding-key', { psk: K('2'), noPreceding: true }],
    ['the same CKN with a new CAK', { psk: [K('1')[0], K('2')[1]] }],
    ['another association', { psk: K('2'), name: 'CB' }],
    ['another cipher suite', { psk: K('1'), suite: 'gcm-aes-256' }],
    ['no key at all', {}],
    ['the binding removed', { psk: K('1'), unbound: true }],
  ])('%s takes the link down at once', (_, rules) => {
    const bench = lab({ psk: K('1') }, { psk: K('1') });
    bench.pass(10);
    bench.mx1.commit(rules);
    expect(bench.link.wasEverDown(T0 + 10_000)).toBe(true);
    bench.pass(60);
    expect(bench.states()).toEqual(DOWN);
  });

  it('a preceding key does not outlive the life time after the fibre was cut', () => {
    const bench = lab({ psk: K('1') }, { psk: K('1') });
    bench.pass(10);
    bench.mx1.commit({ psk: K('2') });
    bench.link.cut();
    bench.pass(3);
    bench.link.restore();
    bench.pass(2);
    expect(bench.states()).toEqual(['Secured - Preceding', 'Secured - Primary']);
    bench.link.cut();
    bench.pass(7);
    bench.link.restore();
    bench.pass(10);
    expect(bench.states()).toEqual(DOWN);
  });
});

describe('key chains', () => {
  const chain = (...keys: [number, Key, number][]): Rules => ({ chain: keys });

  it('rolls over at the start time without a break, whether it is read often or once', () => {
    const both = chain([0, K('1'), T0 - 1000], [1, K('2'), T0 + 60_000], [2, K('3'), T0 + 120_000]);
    const often = lab(both, both);
    const once = lab(both, both);
    for (let second = 0; second < 200; second += 1) {
      often.pass(1);
      often.states();
    }
    once.pass(200);
    expect(once.states()).toEqual(PRIMARY);
    expect(once.link.history).toEqual(often.link.history);
    expect(once.link.wasEverDown(T0 + 3000)).toBe(false);
    expect(once.link.history.map(({ at, ckn, ends: [a] }) => [(at - T0) / 1000, ckn?.[0], a])).toEqual([
      [0, undefined, 'Unsecured'],
      [2, '1', 'Secured - Primary'],
      [60, '1', 'Secured - Preceding'],
      [62, '2', 'Secured - Primary'],
      [120, '2', 'Secured - Preceding'],
      [122, '3', 'Secured - Primary'],
    ]);
  });

  it('stays on the preceding key when only one end has the new one, and when its clock is off', () => {
    const bench = lab(chain([0, K('1'), T0 - 1000], [1, K('2'), T0 + 60_000]), chain([0, K('1'), T0 - 1000]));
    bench.pass(3600);
    expect(bench.states()).toEqual(['Secured - Preceding', 'Secured - Primary']);
    const skewed = chain([0, K('1'), T0 - 10_000], [1, K('2'), T0 + 60_000]);
    const off = lab(skewed, skewed, -4000);
    off.pass(61);
    expect(off.states()).toEqual(['Secured - Preceding', 'Secured - Primary']);
    off.pass(5);
    expect(off.states()).toEqual(PRIMARY);
    expect(off.link.live()?.ckn).toBe(K('2')[0]);
    expect(off.link.wasEverDown(T0 + 3000)).toBe(false);
  });

  it('overwriting the slot of the key in use keeps it as preceding', () => {
    const bench = lab(chain([0, K('1'), T0 - 1000]), chain([0, K('1'), T0 - 1000]));
    bench.pass(10);
    bench.mx1.commit(chain([0, K('2'), T0 + 5000]));
    expect(bench.states()).toEqual(['Secured - Preceding', 'Secured - Primary']);
  });
});

describe('secure association keys', () => {
  it('the lower priority is key server; the association number goes on with every new CAK', () => {
    const bench = lab({ psk: K('1'), priority: 20 }, { psk: K('1'), priority: 10 });
    const numbers: number[] = [];
    for (const digit of ['1', '2', '3', '4', '5', '6']) {
      bench.mx1.commit({ psk: K(digit), priority: 20 });
      bench.mx2.commit({ psk: K(digit), priority: 10 });
      bench.pass(3);
      numbers.push(bench.show('mx1')?.latest.association ?? -1);
    }
    expect(numbers).toEqual([0, 1, 2, 3, 0, 1]);
    expect([bench.show('mx1')?.keyServer, bench.show('mx2')?.keyServer]).toEqual([false, true]);
    expect(bench.show('mx1')?.latest.identifier).toBe(bench.show('mx2')?.latest.identifier);
    expect(bench.show('mx1')?.previous.identifier).not.toBe(bench.show('mx1')?.latest.identifier);
  });

  it('sak-rekey-interval counts the key number up under the same member identifier', () => {
    const bench = lab({ psk: K('1'), rekey: 300 }, { psk: K('1'), rekey: 300 });
    bench.pass(2 + 650);
    const { latest, previous } = bench.show('mx1')!;
    expect([latest.number, latest.association, previous.number]).toEqual([3, 2, 2]);
    expect(latest.identifier.split('/')[0]).toBe(previous.identifier.split('/')[0]);
  });
});
