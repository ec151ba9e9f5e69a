// Secure association keys of a session (IEEE 802.1X-2010 9.8): number, association number and key
// identifier. A new CAK brings a new member identifier, so its SAK numbers start at 1, while the
// association number goes on 0..3 (seen on an ACX7348). Timed rekeying is worked out from the clock.

export interface SakName {
  readonly number: number;
  /** 0..3. */
  readonly association: number;
  /** "<member identifier of the key server>/<number>". */
  readonly identifier: string;
}

export interface Sak {
  /** When `latest` was distributed, bench time. */
  readonly at: number;
  readonly member: string;
  /** Seconds; 0 for no timed rekeying. */
  readonly rekeyInterval: number;
  readonly latest: SakName;
  readonly previous: SakName | undefined;
}

/** What a session without SAK shows. */
export const NO_SAK: SakName = { number: 0, association: 0, identifier: '000000000000000000000000/0' };

/** Latest and previous SAK at a later time, timed rekeying included. */
export function currentSak(sak: Sak, at: number): { latest: SakName; previous: SakName | undefined } {
  const turns = sak.rekeyInterval > 0 ? Math.floor((at - sak.at) / (sak.rekeyInterval * 1000)) : 0;
  if (turns <= 0) return { latest: sak.latest, previous: sak.previous };
  return { latest: turned(sak, turns), previous: turned(sak, turns - 1) };
}

function turned(sak: Sak, turns: number): SakName {
  const number = sak.latest.number + turns;
  return { number, association: (sak.latest.association + turns) % 4, identifier: `${sak.member}/${number}` };
}
