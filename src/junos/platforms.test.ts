import { describe, expect, test } from 'vitest';
import { type XmlElement, element, serialise } from '../xml.ts';
import { PLATFORMS, intervalsOutside, fitToPlatform, platformIn, refusedStatements } from './platforms.ts';

describe('the platform that a router says it is', () => {
  const rows: [string, string, string | undefined][] = [
    ['mx304', 'junos', 'mx'],
    ['vmx', 'junos', 'mx'],
    ['ptx10001-36mr', 'junos-evo', 'ptx'],
    ['JNP10008 [PTX10008]', 'junos-evo', 'ptx'],
    ['acx7348', 'junos-evo', 'acx'],
    ['qfx5120-48y-8c', 'junos', 'qfx'],
    ['vqfx-10000', 'junos', 'qfx'],
    ['ex4400-24t', 'junos', 'ex'],
    ['vsrx3', 'junos', 'srx'],
    ['crpd', 'junos', undefined],
    ['nexus9000', 'nx-os', undefined],
  ];
  test.each(rows)('%s', (model, system, family) => {
    const reply = element('rpc-reply', element('system-information', element('hardware-model', model), element('os-name', system)));
    expect(platformIn(reply)).toEqual({ model, family, evolved: system === 'junos-evo' });
  });

  test('software information names it, too, and a version may say Evolved', () => {
    const reply = element('software-information', element('product-model', 'qfx5130-32cd'), element('junos-version', '24.4R1.9-EVO'));
    expect(platformIn(reply)).toEqual({ model: 'qfx5130-32cd', family: 'qfx', evolved: true });
  });

  test('a router that shows no model is of no known family', () => expect(platformIn(element('rpc-reply'))).toEqual({ model: undefined, family: undefined, evolved: false }));
});

function configuration(...statements: XmlElement[]): XmlElement {
  const association = element('connectivity-association', element('name', 'CA'), statements);
  const binding = element('interfaces', element('name', 'et-0/0/1'), element('connectivity-association', 'CA'));
  return element('configuration', element('security', element('macsec', association, binding)));
}

describe('a configuration for a platform', () => {
  const suite = (name: string): XmlElement => element('cipher-suite', name);
  const replay = element('replay-protect', element('replay-window-size', '0'));
  const suspension = element('mka', element('transmit-interval', '2000'), element('suspend-for'));

  test('loses what ACX refuses', () => {
    expect(serialise(fitToPlatform(configuration(suite('gcm-aes-xpn-256'), replay), 'acx'))).toBe(serialise(configuration(suite('gcm-aes-xpn-256'))));
  });

  test('loses what QFX refuses inside mka, and keeps the rest of mka', () => {
    expect(serialise(fitToPlatform(configuration(suspension), 'qfx'))).toBe(serialise(configuration(element('mka', element('transmit-interval', '2000')))));
  });

  test('is the same on MX, and on a family that is not known', () => {
    const full = configuration(suite('gcm-aes-256'), replay, suspension);
    expect(fitToPlatform(full, 'mx')).toEqual(full);
    expect(fitToPlatform(full, undefined)).toBe(full);
  });

  test('has no cipher-suite statement on EX, where only one suite is there', () => {
    expect(serialise(fitToPlatform(configuration(suite('gcm-aes-128')), 'ex'))).toBe(serialise(configuration()));
    expect(() => fitToPlatform(configuration(suite('gcm-aes-xpn-256')), 'ex')).toThrow('connectivity association CA: platform ex has no cipher suite gcm-aes-xpn-256; it has gcm-aes-128');
  });

  test('names what of it a family refuses', () => {
    const [security] = configuration(replay, suspension).children;
    const association = security?.children[0]?.children[0] as XmlElement;
    expect(refusedStatements(association, PLATFORMS.acx)).toEqual(['replay-protect']);
    expect(refusedStatements(association, PLATFORMS.srx)).toEqual(['mka/suspend-for']);
    expect(refusedStatements(association, PLATFORMS.mx)).toEqual([]);
  });

  test.each([
    ['transmit-interval', '8000', 'mx', ['mka transmit-interval 8000 is outside 2000 to 6000 ms']],
    ['transmit-interval', '8000', 'srx', []],
    ['transmit-interval', '1020', 'ptx', ['mka transmit-interval 1020 is outside 2000 to 6000 ms']],
    ['sak-rekey-interval', '30', 'acx', ['mka sak-rekey-interval 30 is outside 60 to 86400 s']],
    ['sak-rekey-interval', '300', 'qfx', []],
  ] as const)('%s %s on %s: %j', (name, value, family, expected) => {
    expect(intervalsOutside(element('connectivity-association', element('mka', element(name, value))), PLATFORMS[family])).toEqual(expected);
    expect(intervalsOutside(undefined, PLATFORMS[family])).toEqual([]);
  });
});
