// The one file's parts: what a run does not need is not compiled, what it needs works as the modules do, and an error
// still names the line of the file where it happened.

import { afterEach, describe, expect, it } from 'vitest';
import { makeArtifact } from './artifact.ts';
import { type Chunk, inOneFile } from './parts.ts';
import { runArtifact } from './run-artifact.ts';
import { type SampleProject, sampleProject } from './sample-project.ts';

const HARDENED = ['--jitless', '--disallow-code-generation-from-strings'];

const made: SampleProject[] = [];
afterEach(() => made.splice(0).forEach((project) => project.remove()));

async function artifact(sources: Record<string, string>): Promise<Buffer> {
  const project = sampleProject(sources);
  made.push(project);
  return (await makeArtifact(project.inputs)).code;
}

const SHARED = 'export class Shared { /** Says what\n   * it is. */ is() {} } export const comment = "/* */"; export const pattern = /x*/.source;';
const USER = (name: string): string => `import { Shared, comment, pattern } from './shared.ts';
  export function ${name}(one: unknown): string { return [one instanceof Shared, comment, pattern].join(' '); }
  export default function () { return 'default of ${name}'; }`;

describe('the parts of the one file', () => {
  it('share what they have in common, and keep what looks like the end of a comment', async () => {
    const code = await artifact({
      'src/main.ts': `import { Shared } from './shared.ts';
        import('./a.ts').then(async ({ a, default: other }) => console.log(a(new Shared()), other(), (await import('./b.ts')).b({})));`,
      'src/shared.ts': SHARED.replace('', ''),
      'src/a.ts': USER('a'),
      'src/b.ts': USER('b'),
    });
    expect((await runArtifact(code, { nodeFlags: HARDENED, args: [] })).stdout).toBe('true /* */ x* default of a false /* */ x*\n');
    expect(code.toString()).toMatch(/\/\/ Says what\n *\/\/ it is\./);
  });

  it('are compiled when they are needed, and not before', async () => {
    const broken = (await artifact({ 'src/main.ts': `if (process.argv[2] !== undefined) import('./late.ts'); else console.log('quick');`, 'src/late.ts': `console.log('late, in time');` }))
      .toString().replace(`console.log("late, in time")`, 'this is no JavaScript');
    expect(broken).toContain('this is no JavaScript');
    expect((await runArtifact(Buffer.from(broken), { nodeFlags: [], args: [] })).stdout).toBe('quick\n');
    await expect(runArtifact(Buffer.from(broken), { nodeFlags: [], args: ['more'] })).rejects.toThrow('SyntaxError');
  });

  it('name their lines in the file', async () => {
    const code = await artifact({ 'src/main.ts': `import('./late.ts').then(({ late }) => late()).catch((error: Error) => console.log(error.stack));`, 'src/late.ts': `export function late(): void { throw new Error('here'); }` });
    const [, line] = /at (?:Module\.|Object\.)?late \(\S*qkd-macsec\.js:(\d+):\d+\)/.exec((await runArtifact(code, { nodeFlags: [], args: [] })).stdout) ?? [];
    expect(code.toString().split('\n')[Number(line) - 1]).toContain('throw new Error("here")');
  });

  it('are CommonJS modules too, which may refer to each other', async () => {
    const code = await artifact({
      'src/main.ts': `import('./even.cjs').then(({ default: even }) => console.log(even.even(7), even.even(8)));`,
      'src/even.cjs': `exports.even = (n) => n === 0 || odd(n - 1); const { odd } = require('./odd.cjs');`,
      'src/odd.cjs': `const even = require('./even.cjs'); exports.odd = (n) => n !== 0 && even.even(n - 1);`,
    });
    expect((await runArtifact(code, { nodeFlags: HARDENED, args: [] })).stdout).toBe('false true\n');
  });
});

describe('code that cannot be a part', () => {
  const chunk = (name: string, code: string): Chunk => ({ path: `./${name}.js`, name, code });
  const start = chunk('start', 'import("./late.js");\n');
  it.each([
    ['an export that gets its value later', 'var value;\nfunction set() {\n  value = 1;\n}\nexport {\n  value,\n  set\n};\n', 'value is exported before it has its value'],
    ['the mark that stands for the end of a comment', 'var mark = "*@/";\nexport {\n  mark\n};\n', 'contains *@/'],
    ['an import of another form', 'import a, { b } from "./c.js";\n', 'not understood: import a, { b }'],
    ['an export of another form', 'export * from "./c.js";\n', 'not understood: export *'],
  ])('%s', (_, code, message) => {
    expect(() => inOneFile(start, [chunk('late', code)], 3)).toThrow(message);
  });

  it('two of one name', () => {
    expect(() => inOneFile(start, [chunk('late', '\n'), { ...chunk('late', '\n'), path: './other.js' }], 3)).toThrow('two have one name');
  });
});
