import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sshKeyPair } from '../pki/ssh-key-pair.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { qkdUser } from './initial-configuration.ts';
import { startRouter, type BenchRouter } from './start-router.ts';
import { isLeftOut, runProgram } from './clients/outside-program.ts';

const PYTHON = '/usr/bin/python3';

describe.each([
  ['one routing engine', 1, 'mx304'],
  ['two routing engines', 2, 'mx480'],
] as const)('a router with %s', (_, routingEngines, model) => {
  let dir: string;
  let router: BenchRouter;
  let keyFile: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'qkd-python-'));
    const key = sshKeyPair();
    keyFile = join(dir, 'id_ed25519');
    await writeFile(keyFile, key.private, { mode: 0o600 });
    router = await startRouter({ name: 'mx1', dir: join(dir, 'mx1'), users: [qkdUser({ publicKeys: [key.public] })], routingEngines, platform: { model } });
  });

  afterAll(async () => {
    await router.close();
    await rm(dir, { recursive: true, force: true });
  });

  async function drive(script: string): Promise<Record<string, unknown>> {
    const path = join(import.meta.dirname, 'clients', script);
    const { status, stdout, stderr } = await runProgram(PYTHON, ['-W', 'ignore', path, router.host, String(router.sshPort), 'qkd', keyFile]);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  describe.skipIf(isLeftOut(PYTHON, '-c', 'import jnpr.junos'))('PyEZ (python3-junos-eznc)', () => {
    it('connects, gathers facts, locks, loads, diffs, commits, rolls back, unlocks and reads MKA', { timeout: 60_000 }, async () => {
      const seen = await drive('pyez_session.py');
      expect(seen['facts']).toMatchObject({
        hostname: 'mx1', model: model.toUpperCase(), version: '24.4R1.9', serialnumber: 'BENCH-MX1', personality: 'MX', vc_capable: false,
        '2RE': routingEngines === 2, HOME: '/var/home/qkd', fqdn: 'mx1', current_re: ['master', 're0'], master: 'RE0',
      });
      expect(seen).toMatchObject({ check: true, commit: true, diff_after: null, rolled_back: true, unlocked: true });
      expect(seen['diff']).toMatch(/^\+ +location \{/m);
      expect(seen['diff_rollback']).toMatch(/^- +location \{/m);
      expect(seen['mka']).toEqual({ tag: 'mka-session-information', interface: 'et-0/0/1', state: 'Unsecured' });
      expect(seen['cli']).toContain('Interface name: et-0/0/1');
      expect(seen['ckn']).toBe('ab'.repeat(32));
      expect(seen['cak']).toMatch(/^\$9\$/);
      expect(seen['log']).toBe('by pyez');
      expect(seen['private_diff']).toContain('floor 3');
      expect(seen['errors']).toEqual({ load: 'ConfigLoadError', unlock: 'UnlockError', rpc: 'RpcError', lock: expect.stringContaining('configuration database locked by:') });
    });
  });

  describe.skipIf(isLeftOut(PYTHON, '-c', 'import ncclient'))('ncclient (python3-ncclient)', () => {
    it('does the same at NETCONF level', { timeout: 60_000 }, async () => {
      const seen = await drive('ncclient_session.py');
      expect(seen).toMatchObject({ candidate: true, check: true, commit: true, building: true, mka: true });
      expect(seen['compare']).toMatch(/^\+ +location \{/m);
      expect(seen['version']).toContain(`Model: ${model}`);
      expect(seen['error']).toContain('syntax error');
    });
  });
});
