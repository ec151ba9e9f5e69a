// Replacing a file: the new bytes or the old ones, whatever fails in between, and nothing left over.

import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFolderWritable, fileError, makeFolder, replaceFile, writeFileAtomically } from './atomic-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-atomic-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('writeFileAtomically', () => {
  it('writes a new file for its owner alone, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      await writeFileAtomically(join(folder, 'a'), 'one');
    } finally {
      process.umask(before);
    }
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('one');
    expect(modeOf(join(folder, 'a'))).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('replaces an open file by a closed one, and grants the mode it is asked for', async () => {
    const path = join(folder, 'a');
    writeFileSync(path, 'old', { mode: 0o644 });
    await writeFileAtomically(path, Buffer.from('new'));
    expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['new', 0o600]);
    await writeFileAtomically(path, 'newer', 0o644);
    expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['newer', 0o644]);
  });

  it('replaces a symbolic link and leaves its target alone', async () => {
    writeFileSync(join(folder, 'target'), 'untouched');
    symlinkSync('target', join(folder, 'a'));
    await writeFileAtomically(join(folder, 'a'), 'new');
    expect(lstatSync(join(folder, 'a')).isFile()).toBe(true);
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('untouched');
  });

  it('survives writers at the same time: one of them wins, whole', async () => {
    const texts = Array.from({ length: 8 }, (_, n) => String(n).repeat(50_000));
    await Promise.all(texts.map((text) => writeFileAtomically(join(folder, 'a'), text)));
    expect(texts).toContain(readFileSync(join(folder, 'a'), 'utf8'));
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('does not follow a symbolic link planted at the temporary path, nor remove it', async () => {
    writeFileSync(join(folder, 'victim'), 'untouched');
    symlinkSync('victim', join(folder, 'temporary'));
    await expect(replaceFile(join(folder, 'a'), join(folder, 'temporary'), 'secret', 0o600)).rejects.toMatchObject({
      code: 'file',
      message: `cannot write ${join(folder, 'a')}: file already exists`,
    });
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('untouched');
    expect(lstatSync(join(folder, 'temporary')).isSymbolicLink()).toBe(true);
  });

  it.each([
    ['a folder that does not exist', 'none/a', 'no such file or directory', 'check that the folder exists'],
    ['a folder that is a file', 'file/a', 'not a directory', 'check that the folder exists'],
    ['a path that is a folder', 'folder', 'illegal operation on a directory', 'name another path, or move away what is there'],
  ])('refuses %s and leaves nothing behind', async (_case, path, reason, hint) => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'folder'));
    const target = join(folder, path);
    await expect(writeFileAtomically(target, 'x')).rejects.toMatchObject({ code: 'file', message: `cannot write ${target}: ${reason}`, hint });
    expect(readdirSync(folder).sort()).toEqual(['file', 'folder']);
  });

  it('keeps the old file and removes the temporary one when the bytes do not fit', () => {
    // A file size limit stands in for a full disk: the write fails half-way in the same manner.
    const program = join(folder, 'program.cjs');
    buildSync({ entryPoints: [fileURLToPath(new URL('atomic-file.ts', import.meta.url))], bundle: true, platform: 'node', format: 'cjs', outfile: program });
    const path = join(folder, 'records', 'a');
    mkdirSync(join(folder, 'records'));
    writeFileSync(path, 'old');
    const script = `require(process.argv[1]).writeFileAtomically(process.argv[2], Buffer.alloc(1e6)).catch((e) => console.log(e.code, e.message))`;
    const output = execFileSync('sh', ['-c', `trap '' XFSZ; ulimit -f 8; exec "$0" -e '${script}' "$1" "$2"`, process.execPath, program, path], { encoding: 'utf8' });
    expect(output).toBe(`file cannot write ${path}: file too large\n`);
    expect(readdirSync(join(folder, 'records'))).toEqual(['a']);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });
});

describe('checkFolderWritable', () => {
  it('leaves nothing behind', async () => {
    await checkFolderWritable(folder, 100_000);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a folder that is not there', async () => {
    const none = join(folder, 'none');
    await expect(checkFolderWritable(none, 1)).rejects.toMatchObject({ code: 'file', message: `cannot write in ${none}: no such file or directory` });
  });

  it.skipIf(process.getuid?.() === 0)('refuses a folder without write permission', async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked, { mode: 0o500 });
    await expect(checkFolderWritable(locked, 1)).rejects.toMatchObject({ code: 'file', message: `cannot write in ${locked}: permission denied` });
  });
});

describe('fileError', () => {
  it.skipIf(!existsSync('/dev/full'))('says that the disk is full, and what happens next', () => {
    let full: unknown;
    try {
      writeFileSync('/dev/full', 'x');
    } catch (error) {
      full = error;
    }
    expect(fileError('write', '/r/a', full)).toMatchObject({
      code: 'file',
      message: 'cannot write /r/a: no space left on device',
      hint: 'free space on that file system: the next run goes on by itself',
      cause: full,
    });
  });
});

describe('makeFolder', () => {
  it('makes what is missing above, too, and leaves what is there', () => {
    makeFolder(join(folder, 'a/b/c'), 0o700);
    expect(modeOf(join(folder, 'a/b'))).toBe(0o700);
    makeFolder(join(folder, 'a/b'), 0o755);
    expect(modeOf(join(folder, 'a/b'))).toBe(0o700);
  });

  it('where a file stands in the way', () => {
    writeFileSync(join(folder, 'a'), '');
    expect(() => makeFolder(join(folder, 'a'), 0o700)).toThrow(`cannot make folder ${join(folder, 'a')}: file already exists`);
    expect(() => makeFolder(join(folder, 'a/b'), 0o700)).toThrow(`cannot make folder ${join(folder, 'a/b')}: not a directory`);
  });

  it.skipIf(!existsSync('/proc/self'))('returns where the system takes no new names', () => {
    expect(() => makeFolder('/proc/no-such-folder', 0o700)).toThrow('cannot make folder /proc/no-such-folder: no such file or directory');
  });
});
