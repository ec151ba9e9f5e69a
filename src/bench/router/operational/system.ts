// The router about itself: version, information, uptime, routing engines, chassis (rpc-version, rpc-system,
// rpc-chassis of the 24.4 models; multi-RE shapes as in PyEZ's captures).

import { at, element, elementWith, type XmlContent, type XmlElement } from '../../../xml.ts';
import { dateText } from '../../configuration/time-zone.ts';
import { junosNamespace, timeLength, writeReply } from './reply.ts';
import { hostName, type RouterState } from './router-state.ts';

/** get-software-information: wrapped per routing engine when there are two or all were asked for. */
export function softwareInformation(state: RouterState, request: XmlElement, allEngines = false): string {
  const wrapped = allEngines || state.routingEngines === 2;
  const one = software(state);
  const items = engines(state).map((slot) => element('multi-routing-engine-item', element('re-name', `re${slot}`), one));
  return writeReply(request, { xml: wrapped ? element('multi-routing-engine-results', items) : one, text: () => versionText(state, wrapped) });
}

function software(state: RouterState): XmlElement {
  const { model, version, evolved } = state.platform;
  return elementWith(
    'software-information',
    { xmlns: junosNamespace(state.release, '') },
    element('host-name', hostName(state)),
    element('product-model', model),
    element('product-name', model),
    evolved && element('os-name', 'junos-evo'),
    element('junos-version', version),
    element('package-information', element('name', evolved ? 'junos-evo' : 'os-kernel'), element('comment', `JUNOS OS Kernel 64-bit [${version}]`)),
  );
}

function versionText(state: RouterState, wrapped: boolean): string {
  const one = `Hostname: ${hostName(state)}\nModel: ${state.platform.model}\nJunos: ${state.platform.version}\n`;
  return wrapped ? engines(state).map((slot) => `re${slot}:\n${'-'.repeat(74)}\n${one}`).join('\n') : one;
}

function engines(state: RouterState): number[] {
  return state.routingEngines === 2 ? [0, 1] : [0];
}

/** get-system-information. */
export function systemInformation(state: RouterState, request: XmlElement): string {
  const { model, version, serialNumber, evolved } = state.platform;
  const xml = elementWith(
    'system-information',
    { xmlns: junosNamespace(state.release, '') },
    element('hardware-model', model),
    element('os-name', evolved ? 'junos-evo' : 'junos'),
    element('os-version', version),
    element('serial-number', serialNumber),
    element('host-name', hostName(state)),
  );
  return writeReply(request, { xml });
}

/** get-system-uptime-information: the router's own clock, in its own zone, and where its time comes from. */
export function systemUptime(state: RouterState, request: XmlElement): string {
  const now = state.now();
  const since = (name: string, from: number): XmlElement => {
    const seconds = Math.max(0, Math.floor((now - from) / 1000));
    return element(name, moment(state, from), elementWith('time-length', { 'junos:seconds': String(seconds) }, timeLength(seconds)));
  };
  const xml = elementWith(
    'system-uptime-information',
    { xmlns: junosNamespace(state.release, '') },
    element('current-time', moment(state, now)),
    element('time-source', timeSource(state)),
    since('system-booted-time', state.bootedAt),
    since('protocols-started-time', state.bootedAt),
  );
  return writeReply(request, { xml, text: () => uptimeText(state, now) });
}

function timeSource(state: RouterState): string {
  return at(state.committed(), 'system/ntp') !== undefined && state.ntpSynchronised() ? 'NTP CLOCK' : 'LOCAL CLOCK';
}

function uptimeText(state: RouterState, now: number): string {
  const up = timeLength(Math.max(0, Math.floor((now - state.bootedAt) / 1000)));
  const booted = `${dateText(state.bootedAt, state.timeZone())} (${up} ago)`;
  return `Current time: ${dateText(now, state.timeZone())}\nTime Source:  ${timeSource(state)}\nSystem booted: ${booted}\nProtocols started: ${booted}\n`;
}

function moment(state: RouterState, milliseconds: number): XmlElement {
  return elementWith('date-time', { 'junos:seconds': String(Math.floor(milliseconds / 1000)) }, dateText(milliseconds, state.timeZone()));
}

/** get-route-engine-information: the same from either engine. */
export function routeEngines(state: RouterState, request: XmlElement): string {
  const up = Math.max(0, Math.floor((state.now() - state.bootedAt) / 1000));
  const items = engines(state).map((slot): XmlContent =>
    element(
      'route-engine',
      state.routingEngines === 2 && element('slot', String(slot)),
      state.routingEngines === 2 && element('mastership-state', slot === state.masterSlot() ? 'master' : 'backup'),
      element('status', 'OK'),
      element('model', state.platform.evolved ? 'RE-PTX' : 'RE-S-X10-128'),
      element('start-time', dateText(state.bootedAt, state.timeZone())),
      elementWith('up-time', { 'junos:seconds': String(up) }, timeLength(up)),
      element('last-reboot-reason', 'Router rebooted after a normal shutdown.'),
    ),
  );
  return writeReply(request, { xml: elementWith('route-engine-information', { xmlns: junosNamespace(state.release, 'chassis') }, items) });
}

/** get-chassis-inventory: the chassis alone. */
export function chassisInventory(state: RouterState, request: XmlElement): string {
  const chassis = elementWith(
    'chassis',
    { 'junos:style': 'inventory' },
    element('name', 'Chassis'),
    element('serial-number', state.platform.serialNumber),
    element('description', state.platform.model.toUpperCase()),
  );
  return writeReply(request, { xml: elementWith('chassis-inventory', { xmlns: junosNamespace(state.release, 'chassis') }, chassis) });
}
