// What lies on a router after every single file that is put there: a run that comes in between finds nothing that it
// takes and that is wrong, and as soon as there is a pair to be taken, its CA is known.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Authority, makePki, type Pki } from '../bench/pki/pki.ts';
import { knownAuthorities, rememberOffered } from '../certificates/authority-files.ts';
import { isOffered, offeredFiles } from '../certificates/offered-pair.ts';
import { inspect, type PairFiles, readPair } from '../certificates/pair-files.ts';
import { noLog } from '../log.ts';
import type { RouterFiles } from '../workflow/ports.ts';
import type { CertificateWork } from './certificate-work.ts';
import { putOnRouter } from './router-copy.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-router-copy-'));
const here = join(folder, 'here');
const DEMANDS = { now: Date.now(), minValidDays: 10, saeId: 'mx1' };
let pki: Pki;
let pair: Authority;

beforeAll(async () => {
  pki = await makePki(join(folder, 'pki'), { kmes: [], saes: ['mx1'] });
  const next = await pki.authority('next', 'next CA');
  pair = await pki.issue(next, { file: 'renewed', kind: 'client', commonName: 'mx1' });
  mkdirSync(here);
  writeFileSync(join(here, 'client-root-ca.crt'), [next, pki.clientCa].map(({ certificateFile }) => readFileSync(certificateFile, 'utf8')).join(''));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A router's folder, and what happens in it after each file that is put. */
function router(name: string, afterPut: () => Promise<void>): { there: string; files: RouterFiles; put: string[] } {
  const there = join(folder, name);
  mkdirSync(there);
  const put: string[] = [];
  const files: RouterFiles = {
    get: async (path) => {
      try {
        return readFileSync(path);
      } catch {
        return undefined;
      }
    },
    put: async (path, content, mode) => {
      if (!Buffer.isBuffer(content)) throw new Error('only a key is secret, and it is bytes here');
      writeFileSync(path, content, { mode });
      put.push(path.slice(there.length + 1));
      await afterPut();
    },
  };
  return { there, files, put };
}

const inService = (there: string): PairFiles => ({ certificateFile: join(there, 'mx1.crt'), keyFile: join(there, 'mx1.key') });
const work = (there: string): CertificateWork =>
  ({ world: { inventory: { paths: { certificates: here }, system: { certificates: { routerFolder: there } } }, log: noLog }, device: { name: 'mx1' } }) as unknown as CertificateWork;

it('beside a pair in service: the CA, then the key, then the certificate; whenever a pair waits, its CA is known there', async () => {
  const looks: string[] = [];
  const { there, files, put } = router('renewing', async () => {
    await rememberOffered(there, Date.now());
    const waits = await isOffered(inService(there));
    const { verdict } = await inspect(waits ? offeredFiles(inService(there)) : inService(there), await knownAuthorities(there), DEMANDS);
    looks.push(`${waits ? 'waiting' : 'in service'}: ${verdict.state}`);
  });
  writeFileSync(join(there, 'client-root-ca.crt'), readFileSync(pki.clientCa.certificateFile));
  const former = pki.saes.get('mx1') as PairFiles;
  writeFileSync(inService(there).certificateFile, readFileSync(former.certificateFile));
  writeFileSync(inService(there).keyFile, readFileSync(former.keyFile), { mode: 0o600 });

  const file = await putOnRouter(work(there), files, { pair: await readPair(pair), isEmpty: false });
  expect(put).toEqual(['client-root-ca.crt.new', 'mx1.key.new', 'mx1.crt.new']);
  expect(looks).toEqual(['in service: valid', 'in service: valid', 'waiting: valid']);
  expect([file, statSync(`${inService(there).keyFile}.new`).mode & 0o777]).toEqual([`${inService(there).certificateFile}.new`, 0o600]);
});

it('on a router without any: under their own names, in the same order', async () => {
  const looks: string[] = [];
  const { there, files, put } = router('first', async () => {
    const { verdict } = await inspect(inService(there), await knownAuthorities(there), DEMANDS);
    looks.push(verdict.state);
  });
  await putOnRouter(work(there), files, { pair: await readPair(pair), isEmpty: true });
  expect(put).toEqual(['client-root-ca.crt', 'mx1.key', 'mx1.crt']);
  expect(looks).toEqual(['missing', 'missing', 'valid']);
});
