// The error for bytes that are not NETCONF as RFC 6241 and RFC 6242 have it, nor one of the known Junos
// deviations. Every file that reads what a router wrote throws this one.

import { QkdError } from '../errors.ts';

/** netconf-protocol; `reason` quotes nothing that may be secret. */
export function protocolError(reason: string): QkdError {
  const hint = 'try the same by hand (ssh -s netconf, or the mgd command), and report it with the Junos release of the router';
  return new QkdError('netconf-protocol', reason, { hint });
}
