// The generated validators are current, stand alone, and run where code generation is forbidden.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileSchemas, staleFiles } from './compile-schemas.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

describe('compiled schemas', () => {
  it('are current', async () => {
    expect(await staleFiles(), 'run: npm run schemas').toEqual([]);
  });

  it('are the same every time', async () => {
    expect(await compileSchemas()).toEqual(await compileSchemas());
  });

  it('hold neither ajv nor what it loads', async () => {
    for (const [path, text] of await compileSchemas()) {
      expect(text.replace(/^\/\/.*/, ''), path).not.toMatch(/\bajv\b|fast-uri|\brequire\b|\bimport\b|new Function|\beval\b/);
    }
  });

  it('run alone under --disallow-code-generation-from-strings', () => {
    const folder = mkdtempSync(join(tmpdir(), 'qkd-schemas-'));
    try {
      copyFileSync(join(ROOT, 'src/inventory/generated/validators.js'), join(folder, 'validators.mjs'));
      copyFileSync(join(ROOT, 'fixtures/inventory/full-example.json'), join(folder, 'inventory.json'));
      const program = `import { readFileSync } from 'node:fs'; import { validateInventory as v } from './validators.mjs';
        const json = JSON.parse(readFileSync('inventory.json', 'utf8'));
        const accepted = v(json); json.links[0].nam = 1; console.log(accepted, v(json), v.errors.length);`;
      writeFileSync(join(folder, 'run.mjs'), program);
      const output = execFileSync(process.execPath, ['--disallow-code-generation-from-strings', 'run.mjs'], { cwd: folder, encoding: 'utf8' });
      expect(output).toBe('true false 1\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  // Vendors define their members (ETSI GS QKD 014 clause 6.2); they go to the KME as they are.
  const FOR_THE_KME = '#/$defs/kme_extensions/items';

  it.each(['inventory', 'original-dictionary'])('%s.schema.json closes every object and lets it carry comments', (name) => {
    const open: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      const schema = value as Record<string, unknown>;
      const closed = schema['additionalProperties'] === false || typeof schema['additionalProperties'] === 'object';
      const commented = (schema['properties'] as Record<string, unknown> | undefined)?.['//'] === true;
      if (schema['type'] === 'object' && !(closed && commented) && path !== FOR_THE_KME) open.push(path);
      for (const [key, inner] of Object.entries(schema)) visit(inner, `${path}/${key}`);
    };
    visit(JSON.parse(readFileSync(join(ROOT, `src/inventory/${name}.schema.json`), 'utf8')), '#');
    expect(open).toEqual([]);
  });
});
