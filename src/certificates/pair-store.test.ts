// The swap of a pair step by step; every crash between two of these steps is cli/certs-crash.test.ts.

import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { PairFiles } from './pair-files.ts';
import { stagePair } from './pair-store.ts';

const root = mkdtempSync(join(tmpdir(), 'qkd-store-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = '';
let count = 0;
let files: PairFiles;

beforeEach(() => {
  folder = join(root, String(++count));
  mkdirSync(folder);
  files = { certificateFile: join(folder, 'mx1.crt'), keyFile: join(folder, 'mx1.key') };
});

const pair = (name: string) => ({ certificate: `certificate ${name}\n`, key: `key ${name}\n` });
const read = (path: string): string => readFileSync(path, 'utf8').trim();
const inService = (): string[] => [read(files.certificateFile), read(files.keyFile)];
const generations = (): number => readdirSync(join(folder, 'mx1.pairs')).filter((name) => /^\d/.test(name)).length;

async function put(name: string): Promise<void> {
  await (await stagePair(files, pair(name), Date.UTC(2026, 10, 22))).swapIn();
}

function layPlain(): void {
  writeFileSync(files.certificateFile, 'certificate old\n');
  writeFileSync(files.keyFile, 'key old\n', { mode: 0o600 });
}

describe('a pair', () => {
  it('is staged beside the one in service, which is as it was until the swap', async () => {
    layPlain();
    const staged = await stagePair(files, pair('new'), 0);
    expect([inService(), lstatSync(files.certificateFile).isSymbolicLink()]).toEqual([['certificate old', 'key old'], false]);
    expect([read(staged.files.certificateFile), statSync(staged.files.keyFile).mode & 0o777]).toEqual(['certificate new', 0o600]);
    await staged.discard();
    expect([inService(), generations()]).toEqual([['certificate old', 'key old'], 0]);
  });

  it('replaces plain files; the former stays as .prev, and only that', async () => {
    layPlain();
    for (const name of ['one', 'two', 'three']) await put(name);
    expect(inService()).toEqual(['certificate three', 'key three']);
    expect([read(`${files.certificateFile}.prev`), read(`${files.keyFile}.prev`)]).toEqual(['certificate two', 'key two']);
    expect([readlinkSync(files.certificateFile), readlinkSync(files.keyFile)]).toEqual(['mx1.pairs/current/certificate.pem', 'mx1.pairs/current/key.pem']);
    expect([generations(), statSync(files.certificateFile).mode & 0o777, statSync(files.keyFile).mode & 0o777]).toEqual([2, 0o644, 0o600]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('comes where there was none; one file alone has no .prev', async () => {
    await put('first');
    expect([inService(), existsSync(`${files.certificateFile}.prev`)]).toEqual([['certificate first', 'key first'], false]);
    rmSync(files.keyFile);
    await put('second');
    expect(inService()).toEqual(['certificate second', 'key second']);
  });

  it('may have its key in another folder, also one that is reached by a link', async () => {
    mkdirSync(join(folder, 'far', 'private'), { recursive: true });
    symlinkSync(join(folder, 'far', 'private'), join(folder, 'keys'));
    files = { certificateFile: join(folder, 'mx1.crt'), keyFile: join(folder, 'keys', 'mx1.key') };
    layPlain();
    await put('new');
    expect([inService(), read(`${files.keyFile}.prev`)]).toEqual([['certificate new', 'key new'], 'key old']);
  });

  it("takes the place of an operator's own links, and leaves what they led to", async () => {
    writeFileSync(join(folder, 'theirs.pem'), 'certificate old\n');
    symlinkSync('theirs.pem', files.certificateFile);
    writeFileSync(files.keyFile, 'key old\n', { mode: 0o600 });
    await put('new');
    expect([inService(), read(join(folder, 'theirs.pem'))]).toEqual([['certificate new', 'key new'], 'certificate old']);
  });

  it('in service is never discarded', async () => {
    const staged = await stagePair(files, pair('new'), 0);
    await staged.swapIn();
    await staged.discard();
    expect(inService()).toEqual(['certificate new', 'key new']);
  });

  it('is refused when certificate and key are one file', async () => {
    await expect(stagePair({ certificateFile: files.certificateFile, keyFile: files.certificateFile }, pair('x'), 0)).rejects.toThrow(/is named as certificate and as key/);
  });

  it.skipIf(process.getuid?.() === 0)('that cannot be written leaves all as it was', async () => {
    layPlain();
    chmodSync(folder, 0o500);
    await expect(stagePair(files, pair('new'), 0)).rejects.toMatchObject({ code: 'file' });
    chmodSync(folder, 0o700);
    expect(inService()).toEqual(['certificate old', 'key old']);
  });

  it('whose store is a file is refused, and all is as it was', async () => {
    layPlain();
    writeFileSync(join(folder, 'mx1.pairs'), '');
    await expect(stagePair(files, pair('new'), 0)).rejects.toMatchObject({ code: 'file' });
    expect(inService()).toEqual(['certificate old', 'key old']);
  });

  it('cleans up after runs that were killed', async () => {
    layPlain();
    await stagePair(files, pair('lost'), 0);
    symlinkSync('nowhere', join(folder, '.mx1.crt.0123456789abcdef.tmp'));
    await put('new');
    expect([generations(), existsSync(join(folder, '.mx1.crt.0123456789abcdef.tmp'))]).toEqual([2, false]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
