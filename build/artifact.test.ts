// The artifact of small programs: what gets in, what fails the build, and that packages run as the router
// runs them. The real program's bytes are reproducible.test.ts.

import ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sshKeyPair } from '../src/bench/pki/ssh-key-pair.ts';
import { type Artifact, makeArtifact } from './artifact.ts';
import { SIZE_BUDGET, sizeProblems } from './budgets.ts';
import { codeProblems } from './code-rules.ts';
import { licenceTexts } from './licences.ts';
import { bundledPackages, inputProblems, packageProblems } from './package-allow-list.ts';
import { runArtifact } from './run-artifact.ts';
import { type SampleProject, sampleProject } from './sample-project.ts';
import { selfTestProblems } from './self-test.ts';
import { evaluatedPackages } from './start-up-probe.ts';

const HARDENED = ['--jitless', '--disallow-code-generation-from-strings'];

const made: SampleProject[] = [];
afterEach(() => made.splice(0).forEach((project) => project.remove()));

function project(main: string, others: Record<string, string> = {}): SampleProject {
  const one = sampleProject({ 'src/main.ts': main, ...others });
  made.push(one);
  return one;
}

async function problems(main: string, others: Record<string, string> = {}): Promise<string[]> {
  const { inputs } = project(main, others);
  const artifact = await makeArtifact(inputs);
  const packages = bundledPackages(artifact.metafile, inputs.root);
  return [...packageProblems(packages), ...inputProblems(artifact.metafile), ...codeProblems(text(artifact))];
}

const text = ({ code }: Artifact): string => code.toString('utf8');

const LAZY_PACKAGES = `
  const names = process.argv.slice(2);
  const load: Record<string, () => Promise<object>> = {
    ssh2: () => import('ssh2'),
    'fast-xml-parser': () => import('fast-xml-parser'),
    'node-forge': () => import('node-forge/lib/asn1.js'),
  };
  Promise.all(names.map(async (name) => load[name]?.())).then((all) => console.log('loaded', all.length));
`;

describe('what the build refuses', () => {
  const rows: [string, string, string | RegExp][] = [
    ['a package that is not listed', `import ajv from 'ajv'; console.log(ajv);`, 'package: ajv/dist/ajv.js must not be in the artifact'],
    ['an unlisted package by name', `import { nanoid } from 'nanoid'; console.log(nanoid());`, /^package: nanoid [\d.]+ is not in build\/package-allow-list\.ts$/],
    ['a computed require', `const name = process.argv[2]; require(name as string);`, /^code: src\/main\.ts: require of a computed name \(line \d+\)$/],
    ['a built-in loaded by dynamic import', `import('node:https').then(console.log);`, /^code: src\/main\.ts: dynamic import/],
    ['eval', `console.log(eval('1'));`, /code from a string/],
    ['new Function', `console.log(new Function('return 1')());`, /code from a string/],
  ];
  test.each(rows)('%s', async (_name, main, expected) => {
    expect(await problems(main)).toContainEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  test('the bench and tests as inputs', async () => {
    const others = { 'src/bench/kme.ts': 'console.log(1);', 'src/a.test.ts': 'console.log(2);' };
    expect(await problems(`import './bench/kme.ts'; import './a.test.ts';`, others)).toEqual([
      'input: src/bench/kme.ts must not be in the artifact',
      'input: src/a.test.ts must not be in the artifact',
    ]);
  });

  test('another version of a listed package', () => {
    const one = { name: 'ssh2', version: '1.16.0', folder: 'node_modules/ssh2', files: [] };
    expect(packageProblems([one])).toEqual(['package: ssh2 is 1.16.0, 1.17.0 is allowed']);
  });

  test('one byte over the size budget, and not the budget itself', () => {
    expect(sizeProblems(new Uint8Array(SIZE_BUDGET))).toEqual([]);
    expect(sizeProblems(new Uint8Array(SIZE_BUDGET + 1))).toEqual([expect.stringContaining('over the budget')]);
  });

  test('a program that fails in an empty folder, with the error and not its source line', async () => {
    const { inputs } = project(`throw new TypeError('no inventory here');`);
    const { code } = await makeArtifact(inputs);
    const found = await selfTestProblems(code, inputs);
    expect(found).toContain('self test: node --disallow-code-generation-from-strings qkd-macsec.js --version: TypeError: no inventory here');
  });

  test('a program that does not say which build it is', async () => {
    const { inputs } = project(`console.log('qkd-macsec --inventory');`);
    const { code } = await makeArtifact(inputs);
    expect(await selfTestProblems(code, inputs)).toContainEqual(expect.stringMatching(/--version does not print 9\.8\.7$/));
  });

  test('a package that is evaluated at start', async () => {
    const { inputs } = project(`import * as ssh2 from 'ssh2'; console.log('qkd-macsec --inventory', QKD_MACSEC_VERSION, QKD_MACSEC_COMMIT, ssh2);`);
    const { code } = await makeArtifact(inputs);
    expect(await selfTestProblems(code, inputs)).toContain('start-up: --help evaluates ssh2: load it when it is first needed');
  });
});

describe('what the build makes', () => {
  test('version and git id are constants of the file', async () => {
    const { inputs } = project(`console.log(QKD_MACSEC_VERSION, QKD_MACSEC_COMMIT);`);
    const { code } = await makeArtifact(inputs);
    expect((await runArtifact(code, { nodeFlags: [], args: [] })).stdout).toBe('9.8.7 0123456789ab\n');
    expect(text({ code } as Artifact)).toMatch(/^#!\/usr\/bin\/env node\n\/\/ qkd-macsec 9\.8\.7 \(0123456789ab\)/);
  });

  test('all packages pass the checks and run without node_modules, without a JIT and without eval', async () => {
    const { inputs } = project(LAZY_PACKAGES);
    const artifact = await makeArtifact(inputs);
    const packages = bundledPackages(artifact.metafile, inputs.root);
    expect([...packageProblems(packages), ...inputProblems(artifact.metafile), ...codeProblems(text(artifact))]).toEqual([]);
    const { stdout } = await runArtifact(artifact.code, { nodeFlags: HARDENED, args: ['ssh2', 'fast-xml-parser', 'node-forge'] });
    expect(stdout).toBe('loaded 3\n');
    expect(text(artifact)).not.toContain('WebAssembly.instantiate');
  });

  test('a package is evaluated when it is asked for, and only then', async () => {
    const { inputs } = project(LAZY_PACKAGES);
    expect(await evaluatedPackages(inputs, [])).toEqual([]);
    expect(await evaluatedPackages(inputs, ['node-forge'])).toEqual(['node-forge']);
    expect(await evaluatedPackages(inputs, ['ssh2'])).toContain('asn1');
    expect(await evaluatedPackages(inputs, ['fast-xml-parser'])).toContain('fast-xml-parser');
  });

  test('the licence of every package inside travels along', async () => {
    const { inputs } = project(LAZY_PACKAGES);
    const { metafile, legalComments } = await makeArtifact(inputs);
    const packages = bundledPackages(metafile, inputs.root);
    const licences = licenceTexts(packages, legalComments, inputs.root);
    for (const { name, version } of packages) expect(licences).toContain(`\n${name} ${version} (`);
    expect(licences).toContain('Permission is hereby granted, free of charge');
  });

});

describe('ssh2 inside the artifact, without a JIT', () => {
  let server: InstanceType<typeof ssh2.Server>;
  let port = 0;

  beforeAll(async () => {
    const hostKeys = [sshKeyPair().private];
    server = new ssh2.Server({ hostKeys }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (context) => context.accept());
      client.on('session', (accept) => accept().on('exec', (take, _refuse, { command }) => {
        const stream = take();
        stream.write(`ran ${command}`);
        stream.exit(0);
        stream.end();
      }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    port = (server.address() as { port: number }).port;
  });
  afterAll(() => server.close());

  /** What SSH_CLIENT prints when it runs a command with that cipher. */
  async function sshClient(cipher: string): Promise<string> {
    const { code } = await makeArtifact(project(SSH_CLIENT).inputs);
    return (await runArtifact(code, { nodeFlags: HARDENED, args: [String(port), cipher] })).stdout;
  }

  test.each(['aes256-gcm@openssh.com', 'aes128-ctr'])('runs a command with %s', async (cipher) => {
    expect(await sshClient(cipher)).toBe('ran show version');
  });

  test('does not offer the cipher whose code was taken out', async () => {
    expect(await sshClient('chacha20-poly1305@openssh.com')).toMatch(/chacha20-poly1305 is not part of qkd-macsec|no matching/);
  });

  test('reads a private key with a passphrase: bcrypt-pbkdf over Node\'s SHA-512', async () => {
    const main = `import('ssh2').then(({ default: { utils } }) => {
      const key = utils.parseKey(Buffer.from(process.argv[2] as string, 'base64'), process.argv[3]);
      console.log(key instanceof Error ? key.message : key.type);
    });`;
    const { code } = await makeArtifact(project(main).inputs);
    const key = sshKeyPair('ed25519', { passphrase: 'right' }).private;
    const parse = async (passphrase: string): Promise<string> =>
      (await runArtifact(code, { nodeFlags: HARDENED, args: [Buffer.from(key).toString('base64'), passphrase] })).stdout;
    expect(await parse('right')).toBe('ssh-ed25519\n');
    expect(await parse('wrong')).toMatch(/passphrase/i);
  });

  test('has no server, no SFTP and no agent', async () => {
    const main = `import('ssh2').then(({ default: { Server, utils } }) => { console.log(Object.keys(utils).join()); new Server({ hostKeys: [] }); });`;
    const { code } = await makeArtifact(project(main).inputs);
    await expect(runArtifact(code, { nodeFlags: HARDENED, args: [] })).rejects.toThrow('the SSH server is not part of qkd-macsec');
  });
});

const SSH_CLIENT = `
  const [, , port, cipher] = process.argv;
  import('ssh2').then(({ default: { Client } }) => {
    const client = new Client();
    client.on('error', (error) => console.log(error.message));
    client.on('ready', () => client.exec('show version', (_error, stream) => {
      stream.on('data', (chunk: Buffer) => process.stdout.write(chunk));
      stream.on('close', () => client.end());
    }));
    client.connect({ host: '127.0.0.1', port: Number(port), username: 'u', password: 'p', hostVerifier: () => true, algorithms: { cipher: [cipher as 'aes256-ctr'] } });
  });
`;
