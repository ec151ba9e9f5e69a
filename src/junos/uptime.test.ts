// The router's clock in its reply: instant, zone, NTP; and replies that do not say.

import { expect, test } from 'vitest';
import { parseXml } from '../netconf/parse-xml.ts';
import { routerClock } from './uptime.ts';

const reply = (inside: string) => parseXml(`<rpc-reply xmlns:junos="urn:j"><system-uptime-information>${inside}</system-uptime-information></rpc-reply>`);
const NOW = Date.UTC(2026, 10, 22, 12, 5, 9);

test('instant, offset and NTP', async () => {
  const xml = await reply(`<current-time><date-time junos:seconds="${NOW / 1000}">2026-11-22 17:35:09 IST</date-time></current-time><time-source> NTP CLOCK </time-source>`);
  expect(routerClock(xml)).toEqual({ now: NOW, offset: 5.5 * 3600, ntp: 'synchronised' });
});

test('a local clock, west of Greenwich, a second late in the text', async () => {
  const xml = await reply(`<current-time><date-time junos:seconds="${NOW / 1000}">2026-11-22 04:05:10 PST</date-time></current-time><time-source>LOCAL CLOCK</time-source>`);
  expect(routerClock(xml)).toEqual({ now: NOW, offset: -8 * 3600, ntp: 'unsynchronised' });
});

test('no local time and no source', async () => {
  expect(routerClock(await reply(`<current-time><date-time junos:seconds="${NOW / 1000}"/></current-time>`))).toEqual({ now: NOW, offset: undefined, ntp: 'unknown' });
});

test.each(['', '<current-time><date-time>2026-11-22 12:05:09 UTC</date-time></current-time>'])('a reply without an instant says nothing: %s', async (inside) => {
  expect(routerClock(await reply(inside))).toBeUndefined();
});
