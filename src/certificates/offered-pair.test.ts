// A pair laid beside the one in service while another is just being put there: nothing of the newer one is lost.

import { X509Certificate } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePki, type Pki } from '../bench/pki/pki.ts';
import { noLog } from '../log.ts';
import { offeredFiles, takeOffered } from './offered-pair.ts';
import type { PairFiles } from './pair-files.ts';
import type { RenewalPorts } from './renewal.ts';
import { testSettings } from './test-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-offered-'));
const files: PairFiles = { certificateFile: join(folder, 'mx1.crt'), keyFile: join(folder, 'mx1.key') };
const offered = offeredFiles(files);
let pki: Pki;

beforeAll(async () => {
  pki = await makePki(join(folder, 'pki'), { kmes: [], saes: [] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const issued = (file: string): Promise<PairFiles> => pki.issue(pki.clientCa, { file, kind: 'client', commonName: 'mx1' });
const subject = { device: 'mx1', saeId: 'mx1', files };
const inService = (): string => new X509Certificate(readFileSync(files.certificateFile)).serialNumber;
const serialOf = ({ certificateFile }: PairFiles): string => new X509Certificate(readFileSync(certificateFile)).serialNumber;

it('a key that comes while the pair before it is being taken waits for its certificate, and both are taken then', async () => {
  const [first, second] = [await issued('first'), await issued('second')];
  copyFileSync(first.keyFile, offered.keyFile);
  copyFileSync(first.certificateFile, offered.certificateFile);
  let comes: (() => void) | undefined = () => copyFileSync(second.keyFile, offered.keyFile);
  const ports: RenewalPorts = {
    now: () => Date.now(),
    log: noLog,
    settings: testSettings(),
    known: async () => {
      comes?.();
      comes = undefined;
      return [pki.clientCa.certificate];
    },
    authorities: undefined,
    askKmes: [],
  };
  expect([await takeOffered(subject, ports), inService()]).toEqual([true, serialOf(first)]);
  copyFileSync(second.certificateFile, offered.certificateFile);
  expect([await takeOffered(subject, ports), inService()]).toEqual([true, serialOf(second)]);
  expect([offered.certificateFile, offered.keyFile].filter((file) => existsSync(file))).toEqual([]);
});
