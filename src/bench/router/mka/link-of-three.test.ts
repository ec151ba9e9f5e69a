import { describe, expect, it } from 'vitest';
import { element, type XmlElement } from '../../../xml.ts';
import { RouterClock } from '../router-clock.ts';
import { LinkEvents } from './events.ts';
import type { Link } from './link.ts';
import { mkaSession, principal } from './session.ts';
import { Wire, type WireRouter } from './wire.ts';

const T0 = Date.UTC(2026, 10, 22, 12);
const NAME = 'et-0/0/1';

/** Keys by digit, each with its start time in seconds after T0. */
type Chain = Readonly<Record<string, number>>;

function configuration(chain: Chain): XmlElement {
  const keys = Object.entries(chain).map(([digit, start], slot) => {
    const at = new Date(T0 + start * 1000).toISOString();
    const key = digit.repeat(64);
    return element('key', element('name', String(slot)), element('secret', key), element('key-name', key), element('start-time', `${at.slice(0, 10)}.${at.slice(11, 19)} +0000`));
  });
  const association = element(
    'connectivity-association',
    element('name', 'CA'), element('cipher-suite', 'gcm-aes-xpn-256'), element('security-mode', 'static-cak'), element('pre-shared-key-chain', 'QKD'),
  );
  const binding = element('interfaces', element('name', NAME), element('connectivity-association', 'CA'));
  return element('configuration', element('security', element('authentication-key-chains', element('key-chain', element('name', 'QKD'), keys)), element('macsec', association, binding)));
}

interface Router extends WireRouter {
  readonly clock: RouterClock;
  commit(chain: Chain): void;
}

function lab(chain: Chain, ...names: string[]) {
  let now = T0;
  const wire = new Wire({ now: () => now });
  const routers = names.map((name): Router => {
    const clock = new RouterClock(() => now, 0);
    const listeners: (() => void)[] = [];
    let committed = configuration(chain);
    return {
      name,
      clock,
      now: () => clock.now(),
      mgd: { committed: () => committed, onCommit: (listener) => void listeners.push(listener) },
      attach: () => undefined,
      onClockChange: (change) => clock.watch(change),
      commit: (next) => {
        committed = configuration(next);
        for (const listener of listeners) listener();
      },
    };
  });
  const link = wire.join(...routers.map((router) => ({ router, interfaceName: NAME })));
  wire.close();
  return { link, routers, pass: (seconds: number) => void (now += seconds * 1000), states: () => statesOf(link) };
}

function statesOf(link: Link): string {
  link.evaluate();
  return (link.history.at(-1)?.ends ?? []).map((state) => state.replace('Secured - ', '')).join(' ');
}

describe('a link of three ends', () => {
  it('rolls over at the start time without a break, each end seeing the other two', () => {
    const { link, pass, states } = lab({ 1: -60, 2: 60 }, 'mx1', 'mx2', 'mx3');
    pass(5);
    expect(states()).toBe('Primary Primary Primary');
    pass(100);
    expect(states()).toBe('Primary Primary Primary');
    expect(link.live()?.ckn).toBe('2'.repeat(64));
    expect(link.wasEverDown(T0 + 3000)).toBe(false);
    for (const name of ['mx1', 'mx2', 'mx3']) {
      const session = mkaSession(link, name, NAME)!;
      expect(principal(session)?.peers).toHaveLength(2);
    }
    expect(['mx1', 'mx2', 'mx3'].filter((name) => mkaSession(link, name, NAME)?.keyServer)).toHaveLength(1);
  });

  it('counts as down when one end lacks the key that the others have gone to, and recovers when it gets it', () => {
    const { link, routers, pass, states } = lab({ 1: -60 }, 'mx1', 'mx2', 'mx3');
    pass(5);
    for (const router of routers.slice(0, 2)) router.commit({ 1: -60, 2: 30 });
    pass(60);
    expect(states()).toBe('Primary Primary Unsecured');
    expect(link.history.at(-1)?.state).toBe('down');
    routers[2]?.commit({ 1: -60, 2: 30 });
    pass(3);
    expect(states()).toBe('Primary Primary Primary');
  });

  it('goes on among the others when the fibre of one is cut, whoever was key server', () => {
    for (const lost of ['mx1', 'mx2', 'mx3']) {
      const { link, pass, states } = lab({ 1: -60 }, 'mx1', 'mx2', 'mx3');
      pass(5);
      link.cut(lost);
      expect(states().split(' ').filter((state) => state === 'Unsecured')).toHaveLength(1);
      expect(principal(mkaSession(link, lost, NAME)!)?.peers).toEqual([]);
      link.restore(lost);
      pass(3);
      expect(states()).toBe('Primary Primary Primary');
    }
  });

  it('refuses an interface that is joined already', () => {
    const { routers } = lab({ 1: -60 }, 'mx1', 'mx2');
    const wire = new Wire({ now: () => T0 });
    const side = { router: routers[0] as Router, interfaceName: NAME };
    expect(() => wire.join(side, { router: routers[1] as Router, interfaceName: NAME }, side)).toThrow(RangeError);
  });
});

describe('clocks that are put wrong while a link runs', () => {
  it('a start time is followed by the clock of that moment; what has passed stays passed', () => {
    const { link, routers, pass, states } = lab({ 1: -60, 2: 60 }, 'mx1', 'mx2');
    pass(10);
    expect(states()).toBe('Primary Primary');
    routers[0]?.clock.setOffset(55_000);
    expect(states()).toBe('Preceding Primary');
    pass(10);
    routers[0]?.clock.setOffset(undefined);
    expect(link.live()?.ckn).toBe('1'.repeat(64));
    expect(states()).toBe('Primary Primary');
    pass(45);
    expect(states()).toBe('Primary Primary');
    expect(link.live()?.ckn).toBe('2'.repeat(64));
    expect(link.history.filter(({ at }) => at > T0 + 3000).map(({ at }) => (at - T0) / 1000)).toEqual([10, 20, 60, 62]);
  });
});

describe('syslog of an end', () => {
  it('a primary taken into use, then activated; a CKN that only the other end has', () => {
    const { link, routers, pass } = lab({ 1: -60 }, 'mx1', 'mx2');
    const events = new LinkEvents(link, link.ends[0]!);
    const said: string[] = [];
    link.onStep((live) => said.push(...events.follow(live?.identity)));
    pass(5);
    link.evaluate();
    routers[1]?.commit({ 1: -60, a: 10 });
    pass(10);
    link.evaluate();
    routers[0]?.commit({ 1: -60, a: 10 });
    pass(5);
    link.evaluate();
    const [one, two] = ['1'.repeat(64), 'A'.repeat(64)];
    const sci = /sci-out:[0-9A-F]{16} sci-in:[0-9A-F]{16}/;
    expect(said.map((text) => text.replace(sci, 'SCI'))).toEqual([
      `DOT1XD_MACSEC_SC_PRIMARY_CAK_IN_USE: ifd: ${NAME} primary ckn: ${one} is in-use`,
      `DOT1XD_MACSEC_SC_CAK_ACTIVATED: ifd: ${NAME} SCI ckn: ${one}`,
      `DOT1XD_MACSEC_SC_UNKNOWN_CAK_ERR: intf: ${NAME} received CKN ${two} is unknown`,
      `DOT1XD_MACSEC_SC_PRIMARY_CAK_IN_USE: ifd: ${NAME} primary ckn: ${two} is in-use`,
      `DOT1XD_MACSEC_SC_CAK_ACTIVATED: ifd: ${NAME} SCI ckn: ${two}`,
    ]);
  });
});
