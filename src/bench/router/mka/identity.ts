// The names an MKA participant goes by: SCI (IEEE 802.1AE, MAC address and port 1) and member identifier
// (IEEE 802.1X-2010 9.4.2, 96 bits). On a router the identifier is random; here it is derived from the
// participant, so that a run can be repeated.

import { createHash } from 'node:crypto';

/** "02:1A:…/1", fixed for a router's interface; locally administered so that it is nobody's address. */
export function secureChannelIdentifier(router: string, interfaceName: string): string {
  const octets = createHash('sha256').update(`sci\0${router}\0${interfaceName}`).digest().subarray(0, 5);
  return `02:${[...octets].map((octet) => octet.toString(16).padStart(2, '0')).join(':')}/1`.toUpperCase();
}

/** 24 upper-case hex digits, new for each participant (one CAK in one session). */
export function memberIdentifier(...participant: readonly (string | number)[]): string {
  return createHash('sha256').update(`mi\0${participant.join('\0')}`).digest('hex').slice(0, 24).toUpperCase();
}
