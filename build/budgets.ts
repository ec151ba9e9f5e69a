// The numbers that the artifact must stay under, in one place. The build checks the size; scripts/measure
// checks start-up and memory on the machine at hand. Start-up is a ratio to the same Node's `node -e 0`,
// so that it holds on any machine.

/** Bytes of the unminified artifact. */
export const SIZE_BUDGET = 1_400_000;

/** Median time of `--help` divided by that of `node -e 0`. Measured: 1.2 to 1.3, with the load of the machine. */
export const START_UP_RATIO_BUDGET = 1.4;

/**
 * Median processor time of an on-box run with nothing to do, less that of a bare program that makes the same round trips,
 * divided by that of `node -e 0`: the run takes at most so many times `node -e 0`, plus its round trips. The bare program
 * is a process too: that it starts Node counts among the round trips. Measured: 1.4 to 1.9, with the load of the machine.
 */
export const IDLE_RATIO_BUDGET = 2;

/** Peak resident memory of an on-box rotation divided by that of `node -e 0`. Measured on Node 20: 1.55 to 1.57. */
export const ROTATION_MEMORY_RATIO_BUDGET = 1.6;

/** Peak resident memory of `--help`, in bytes: a router gives scripts 128 MB. */
export const MEMORY_BUDGET = 64 * 1024 * 1024;

/** One line when `code` is over the budget, else nothing. */
export function sizeProblems(code: Uint8Array): string[] {
  if (code.length <= SIZE_BUDGET) return [];
  return [`size: ${code.length} bytes, over the budget of ${SIZE_BUDGET} (build/budgets.ts)`];
}
