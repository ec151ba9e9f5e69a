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
    ['help is there while the command is still incomplete', 'certs --help', { show: 'help', command: 'certs', action: undefined }],
    ['help explains an option that does not fit, too', 'run --draw --kme -h', { show: 'help' }],
    ['certs and what of it', 'certs renew --force --device mx1', { command: 'certs', action: 'renew', force: true, devices: ['mx1'] }],
    ['a folder to export to', 'certs export --output kme-operator', { command: 'certs', action: 'export', output: 'kme-operator' }],
    ['files for profile and metrics', 'run --profile p.jsonl --metrics m.prom', { profile: 'p.jsonl', metrics: 'm.prom' }],
    ['a shard', 'run --shard 3/16', { shard: { index: 3, count: 16 } }],
    ['one shard of one', 'status --shard 1/1', { command: 'status', shard: { index: 1, count: 1 } }],
    ['a CKN that was heard, as Junos fills it up', 'run --heard-ckn ABCD12', { heardCkn: `abcd12${'0'.repeat(58)}` }],
    ['the KME in detail', 'doctor --kme --draw', { command: 'doctor', kme: true, draw: true }],
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
    ['a word that is near no command', 'help', 'unknown command "help"; commands are run, init, rotate, certs, status, doctor'],
    ['both modes', '--onbox --offbox', '--onbox and --offbox exclude each other'],
    ['certs alone', 'certs', 'certs needs one of check, renew, ca, export'],
    ['certs with a word near one of its own', 'certs renw', 'unknown command "certs renw"; did you mean renew?'],
    ['certs with another word', 'certs delete', 'unknown command "certs delete"; certs knows check, renew, ca, export'],
    ['a word too many after certs', 'certs check mx1', 'unexpected argument "mx1" after certs check'],
    ['a link where there is none', 'certs ca --link mx1-mx2', '--link does not go with certs ca; it goes with run, init, rotate, certs check, certs renew, certs export, status, doctor'],
    ['an option of another command', 'run --force', '--force does not go with run; it goes with certs renew, certs ca'],
    ['a dry run of what changes nothing', 'status --dry-run', '--dry-run does not go with status; it goes with run, init, rotate, certs renew, certs ca'],
    ['a key drawn from nowhere', 'doctor --draw', '--draw goes with --kme'],
    ['a shard of none', '--shard 1/0', '--shard "1/0" is not I/N with I from 1 to N, and N at most 9999'],
    ['a shard beyond the last', '--shard 5/4', '--shard "5/4" is not I/N with I from 1 to N, and N at most 9999'],
    ['two shards', '--shard 1/4 --shard 2/4', '--shard may stand once'],
    ['a shard that counts from 0', '--shard 0/4', '--shard "0/4" is not I/N with I from 1 to N, and N at most 9999'],
    ['a CKN that is none', '--heard-ckn abc', '--heard-ckn "abc" is not 2 to 64 hex digits'],
    ['threads below zero', '-t -3', '-t needs a value'],
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
