// The command line as a table: what is understood and what is refused, in which words.

import { describe, expect, test } from 'vitest';
import { isQkdError } from '../errors.ts';
import { readArguments } from './arguments.ts';

describe('understood', () => {
  test.each<[string, string, object]>([
    ['nothing means run', '', { command: 'run', mode: undefined, verbosity: 0, json: false, dryRun: false }],
    ['options may stand before the command', '--onbox -i inv.json rotate --json', { command: 'rotate', mode: 'onbox', inventory: 'inv.json', json: true }],
    ['-v counts', '-vvv', { verbosity: 3 }],
    ['-v stops at DEBUG', '-v -v -v -v -v -v', { verbosity: 4 }],
    ['-tr is the original spelling of --trace', '-tr', { trace: true, threads: undefined }],
    ['threads', '-t 16 --offbox', { threads: 16, mode: 'offbox' }],
    ['devices and links repeat', '--device mx1 --device mx2 --link a-b', { devices: ['mx1', 'mx2'], links: ['a-b'] }],
    ['dry run', 'init --dry-run', { command: 'init', dryRun: true }],
    ['help wins over everything', 'rotate -h', { show: 'help' }],
    ['version', '-V', { show: 'version' }],
  ])('%s', (_, line, expected) => expect(readArguments(line.split(' ').filter(Boolean))).toMatchObject(expected));
});

describe('refused', () => {
  test.each<[string, string, string]>([
    ['an unknown command', 'rotat', 'unknown command "rotat"; did you mean rotate?'],
    ['a second word', 'run now', 'unexpected argument "now" after run'],
    ['an unknown option', '--inventry x', 'unknown option --inventry; did you mean --inventory?'],
    ['an option without its value', '-i', '--inventory needs a value'],
    ['an option where a value is due', '--device --json', '--device needs a value'],
    ['an empty value', '--inventory=', '--inventory needs a value'],
    ['an empty value among others', '--link a-b --link=', '--link needs a value'],
    ['a word that is near no command', 'help', 'unknown command "help"; commands are run, init, rotate'],
    ['both modes', '--onbox --offbox', '--onbox and --offbox exclude each other'],
    ['no threads', '-t 0', '--threads "0" is not a number from 1 to 9999'],
    ['half a thread', '--threads 1.5', '--threads "1.5" is not a number from 1 to 9999'],
  ])('%s', (_, line, message) => {
    const seen = catchError(() => readArguments(line.split(' ')));
    expect(isQkdError(seen, 'invocation')).toBe(true);
    expect((seen as Error).message).toBe(message);
  });
});

function catchError(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
