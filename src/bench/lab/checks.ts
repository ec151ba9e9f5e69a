// The bench's own verdicts: named checks, each passed or failed with what was seen, and the closing line.

export interface Checks {
  /** Notes one verdict; `seen` explains a failure. */
  check(what: string, passed: boolean, seen?: string): void;
  /** So many have passed. */
  readonly passed: number;
  readonly failures: readonly string[];
  /** Takes in the verdicts of another part of the job; `about` stands in front of its failures. */
  add(other: Checks, about: string): void;
  /** `N passed, M failed` */
  closingLine(): string;
}

export function makeChecks(): Checks {
  let passed = 0;
  const failures: string[] = [];
  return {
    get passed() {
      return passed;
    },
    failures,
    check: (what, ok, seen = '') => {
      if (ok) passed += 1;
      else failures.push(seen === '' ? what : `${what}: ${seen}`);
    },
    add: (other, about) => {
      passed += other.passed;
      failures.push(...other.failures.map((failure) => `${about}: ${failure}`));
    },
    closingLine: () => `${passed} passed, ${failures.length} failed`,
  };
}
