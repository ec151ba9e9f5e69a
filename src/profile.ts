// Where a run's time goes: spans with a name, taken around the steps of a run on the way (as the original system's
// prof.start and prof.stop around threads, certificates, initial configuration and devices). Without a recorder a span
// costs one call. What becomes of the spans (a file, a table, a live line) is cli.

/** What a span is about; both may be unknown or several. */
export interface SpanPlace {
  readonly device?: string | undefined;
  readonly link?: string | undefined;
}

export interface Span extends SpanPlace {
  /** connect, hello, rpc, commit, kme, wait; or a part of the run: link, certificates, initial configuration, rotation. */
  readonly name: string;
  /** Milliseconds since 1970 UTC. */
  readonly start: number;
  readonly ms: number;
}

export interface Profile {
  /** Runs `work`; its time is a span, also when it fails. */
  measure<T>(name: string, place: SpanPlace, work: () => Promise<T>): Promise<T>;
}

/** Measures nothing. */
export const noProfile: Profile = { measure: (_name, _place, work) => work() };

/** Told of each span when it begins and when it has ended. */
export interface SpanListener {
  began?(name: string, place: SpanPlace): void;
  ended?(span: Span): void;
}

/** `now`: milliseconds since 1970 UTC. Without listeners it is noProfile. */
export function profileFor(listeners: readonly SpanListener[], now: () => number): Profile {
  if (listeners.length === 0) return noProfile;
  return {
    measure: async (name, place, work) => {
      const [start, from] = [now(), performance.now()];
      for (const listener of listeners) listener.began?.(name, place);
      try {
        return await work();
      } finally {
        const span = { name, ...place, start, ms: performance.now() - from };
        for (const listener of listeners) listener.ended?.(span);
      }
    },
  };
}
