// The clock port, and its sleep in real time. main.ts makes the only real clock; tests and the simulator bring their own.

export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Resolves after `milliseconds`; rejects with the signal's reason when it aborts first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Of a timer, in milliseconds (25 days): with more it would end at once. */
const LONGEST = 2 ** 31 - 1;

/** `Clock.sleep` by this process's timers, at most LONGEST. Node's own makes an AbortError with its stack where the signal has a reason already. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const aborted = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', aborted);
      resolve();
    }, Math.min(Math.max(0, milliseconds), LONGEST));
    signal?.addEventListener('abort', aborted, { once: true });
  });
}
