// The ports of a run with a stopwatch on them: rpc and commit of a NETCONF session, calls to a KME. Without a profile
// they are the ports themselves.

import { type Profile, noProfile } from '../profile.ts';
import type { KeySource, RouterSession } from '../workflow/ports.ts';

export function measuredSession(device: string, session: RouterSession, profile: Profile = noProfile): RouterSession {
  if (profile === noProfile) return session;
  const rpc = <T>(work: () => Promise<T>): Promise<T> => profile.measure('rpc', { device }, work);
  const commit = <T>(work: () => Promise<T>): Promise<T> => profile.measure('commit', { device }, work);
  return {
    rpc: (request) => rpc(() => session.rpc(request)),
    getConfiguration: (filter) => rpc(() => session.getConfiguration(filter)),
    change: (change) => commit(() => session.change(change)),
    confirmChange: (log, synchronize) => commit(() => session.confirmChange(log, synchronize)),
    close: () => session.close(),
  };
}

export function measuredKme(device: string, kme: KeySource, profile: Profile = noProfile): KeySource {
  if (profile === noProfile) return kme;
  const measure = <T>(work: () => Promise<T>): Promise<T> => profile.measure('kme', { device }, work);
  return {
    ...kme,
    encKeys: (request) => measure(() => kme.encKeys(request)),
    decKeys: (request) => measure(() => kme.decKeys(request)),
    status: (otherSaeId) => measure(() => kme.status(otherSaeId)),
  };
}
