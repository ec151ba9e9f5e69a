// `tsx build/bundle.ts`: makes dist/qkd-macsec.js, its SHA-256 and the licences, after every check passed.
// One line a problem, exit status 1, and dist/ left as it was. The checks are in the files imported here;
// start-up time and memory depend on the machine and are scripts/measure.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Artifact, type ArtifactInputs, makeArtifact } from './artifact.ts';
import { sizeProblems } from './budgets.ts';
import { codeProblems } from './code-rules.ts';
import { gitId } from './git-id.ts';
import { licenceTexts } from './licences.ts';
import { type BundledPackage, bundledPackages, inputProblems, packageProblems } from './package-allow-list.ts';
import { selfTestProblems } from './self-test.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

async function bundle(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const inputs = { root, entry: 'src/main.ts', version, commit: gitId(root) };
  const artifact = await makeArtifact(inputs);
  const packages = bundledPackages(artifact.metafile, root);
  const problems = await problemsOf(artifact, packages, inputs);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  write(artifact, packages);
}

async function problemsOf(artifact: Artifact, packages: readonly BundledPackage[], inputs: ArtifactInputs): Promise<string[]> {
  return [
    ...packageProblems(packages),
    ...inputProblems(artifact.metafile),
    ...sizeProblems(artifact.code),
    ...codeProblems(artifact.code.toString('utf8')),
    ...(await selfTestProblems(artifact.code, inputs)),
  ];
}

function write(artifact: Artifact, packages: readonly BundledPackage[]): void {
  const dist = join(root, 'dist');
  const licences = licenceTexts(packages, artifact.legalComments, root);
  const digest = createHash('sha256').update(artifact.code).digest('hex');
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, 'qkd-macsec.js'), artifact.code, { mode: 0o755 });
  writeFileSync(join(dist, 'qkd-macsec.js.sha256'), `${digest}  qkd-macsec.js\n`);
  writeFileSync(join(dist, 'LICENSES.txt'), licences);
  console.log(`dist/qkd-macsec.js: ${Math.round(artifact.code.length / 1000)} KB, ${packages.length} packages, sha256 ${digest}`);
}

bundle().catch((error: unknown) => {
  for (const line of String(error instanceof Error ? error.message : error).split('\n')) console.error(`build: ${line}`);
  process.exitCode = 1;
});
