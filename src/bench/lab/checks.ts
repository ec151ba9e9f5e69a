// The bench's own verdicts: named checks, each passed or failed with what was seen, and the closing line.

export interface Checks {
  /** Notes one verdict; `seen` explains a failure. */
  check(what: string, passed: boolean, seen?: string): void;
  readonly failures: readonly string[];
  /** `N passed, M failed` */
  closingLine(): string;
}

export function makeChecks(): Checks {
  let passed = 0;
  const failures: string[] = [];
  return {
    failures,
    check: (what, ok, seen = '') => {
      if (ok) passed += 1;
      else failures.push(seen === '' ? what : `${what}: ${seen}`);
    },
    closingLine: () => `${passed} passed, ${failures.length} failed`,
  };
}
