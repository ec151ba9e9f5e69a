// The manifest of scripts/kubernetes: read by structure as far as this file's plain YAML needs it, and its command run
// as the shell of a pod would run it, with a stand-in for the program.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const TEXT = readFileSync(fileURLToPath(new URL('./kubernetes/qkd-macsec.yaml', import.meta.url)), 'utf8');
/** Without comments, by document. */
const [CLAIM = '', JOB = ''] = TEXT.replace(/^\s*#.*\n/gm, '').split(/^---\n/m);

/** The value of the only line with this key. */
function only(document: string, key: string): string {
  const found = [...document.matchAll(new RegExp(`^\\s*(?:- )?${key}: +(.*)$`, 'gm'))].map(([, value = '']) => value);
  expect(found, key).toHaveLength(1);
  return found[0] ?? '';
}

test('no tab, no odd indentation, no key twice in one block', () => {
  expect(TEXT).not.toContain('\t');
  const open: { indent: number; keys: Set<string> }[] = [];
  for (const line of `${CLAIM}\n---\n${JOB}`.split('\n').filter((text) => text.trim() !== '')) {
    if (line === '---') open.length = 0;
    const [, spaces = '', dash = '', key] = /^( *)(- )?([\w]+):(?: |$)/.exec(line) ?? [];
    if (key === undefined) continue;
    expect(spaces.length % 2, line).toBe(0);
    const indent = spaces.length + dash.length;
    while ((open.at(-1)?.indent ?? -1) > indent || (dash !== '' && open.at(-1)?.indent === indent)) open.pop();
    if (open.at(-1)?.indent !== indent) open.push({ indent, keys: new Set() });
    expect(open.at(-1)?.keys.has(key), line).toBe(false);
    open.at(-1)?.keys.add(key);
  }
});

test('an Indexed Job every interval, as many pods as parts, never two runs at once', () => {
  expect([only(JOB, 'apiVersion'), only(JOB, 'kind'), only(JOB, 'completionMode'), only(JOB, 'concurrencyPolicy')]).toEqual(['batch/v1', 'CronJob', 'Indexed', 'Forbid']);
  const shards = /- name: SHARDS\n\s+value: "(\d+)"/.exec(JOB)?.[1];
  expect([only(JOB, 'completions'), only(JOB, 'parallelism')]).toEqual([shards, shards]);
  expect(only(JOB, 'schedule')).toBe('"*/10 * * * *"');
  expect(Number(only(JOB, 'activeDeadlineSeconds'))).toBeLessThanOrEqual(600);
  expect(only(JOB, 'restartPolicy')).toBe('Never');
});

test('every volume that is mounted is there, and every one that is there is mounted', () => {
  const volumes = JOB.slice(JOB.indexOf('\n          volumes:'));
  const names = (text: string, pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();
  const mounted = names(JOB.replace(volumes, ''), /- name: ([\w-]+)\n\s+mountPath/g);
  expect(names(volumes, /- name: ([\w-]+)/g)).toEqual(mounted);
  expect(only(volumes, 'claimName')).toBe(/name: (.*)/.exec(CLAIM)?.[1]);
});

test('no pod runs as root or may become it, or writes to its image', () => {
  expect(only(JOB, 'runAsNonRoot')).toBe('true');
  const containers = JOB.match(/^\s+- name: [\w-]+\n\s+image:/gm) ?? [];
  expect(containers).toHaveLength(2);
  for (const rule of ['allowPrivilegeEscalation: false', 'readOnlyRootFilesystem: true', 'drop: \\["ALL"\\]']) expect(JOB.match(new RegExp(rule, 'g')), rule).toHaveLength(2);
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-kubernetes-'));
  writeFileSync(join(folder, 'node'), '#!/bin/sh\nshift\nfor word in "$@"; do printf "%s\\n" "$word"; done\n');
  chmodSync(join(folder, 'node'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([['0', '1/4'], ['3', '4/4']])('pod %s works on part %s', (index, part) => {
  const [, folded = ''] = /args:\n\s+- >-\n((?:\s{18}\S.*\n)+)/.exec(JOB) ?? [];
  const script = folded.trim().replace(/\n\s+/g, ' ');
  const { stdout } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8', env: { PATH: folder, JOB_COMPLETION_INDEX: index, SHARDS: '4' } });
  expect(stdout.split('\n').filter(Boolean)).toEqual(['run', '--offbox', '--inventory', '/etc/qkd-macsec/inventory/inventory.json', '--shard', part, '--json']);
});
