// vitest reporter: after everything else, the names of what was skipped (a program is missing on this
// machine) and one plain line `N passed, M failed, K skipped`. A file that cannot be loaded and an error
// outside of any test count as one failure each.

import type { Reporter, TestModule, TestSuite, Vitest } from 'vitest/node';

export default class TestSummary implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) counts[test.result().state] += 1;
    }
    // A name pattern skips nearly everything on purpose.
    const names = this.#vitest?.config.testNamePattern === undefined ? modules.flatMap(skippedNames) : [];
    if (names.length > 0) console.log(`\nskipped:\n${names.map((name) => `  ${name}`).join('\n')}`);
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    console.log(`\n${counts.passed} passed, ${counts.failed + counts.pending} failed${skipped}`);
  }
}

/** Whole suites by their own name, single tests by theirs. */
function skippedNames(parent: TestModule | TestSuite): string[] {
  return [...parent.children].flatMap((child): string[] => {
    if (child.type === 'test') return child.result().state === 'skipped' ? [nameOf(child.module, child.fullName)] : [];
    const tests = [...child.children.allTests()];
    const all = tests.length > 0 && tests.every((test) => test.result().state === 'skipped');
    return all ? [`${nameOf(child.module, child.fullName)} (${tests.length} tests)`] : skippedNames(child);
  });
}

function nameOf(module: TestModule, name: string): string {
  return `${module.relativeModuleId}: ${name}`;
}
