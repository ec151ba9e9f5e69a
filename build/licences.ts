// dist/LICENSES.txt: the licence of every package that is in the artifact, from the package's own files
// (BSD, MIT and ISC ask for their text to travel with the code), then the comments that authors marked as
// legal inside the sources.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALLOWED_PACKAGES, type BundledPackage } from './package-allow-list.ts';

const LICENCE_FILE = /^(?:licen[cs]e|copying|unlicense)(?:[-.].*)?$/i;
const RULE = '-'.repeat(78);

/** The whole text. Throws Error for a package with neither licence file nor a holder in the allow list. */
export function licenceTexts(packages: readonly BundledPackage[], legalComments: string, root: string): string {
  const sections = packages.map((one) => {
    const licence = ALLOWED_PACKAGES[one.name]?.licence ?? 'unknown';
    return `${RULE}\n${one.name} ${one.version} (${licence})\n${RULE}\n${licenceOf(one, root)}\n`;
  });
  const comments = legalComments.trim();
  return [
    'qkd-macsec is licensed under the Apache License 2.0. The artifact holds code of these packages:\n',
    ...sections,
    ...(comments === '' ? [] : [`${RULE}\nComments from the packages' sources\n${RULE}\n${comments}\n`]),
  ].join('\n');
}

function licenceOf(one: BundledPackage, root: string): string {
  const folder = join(root, one.folder);
  const files = readdirSync(folder).filter((name) => LICENCE_FILE.test(name)).sort();
  if (files.length > 0) return files.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
  const { holder, licence } = ALLOWED_PACKAGES[one.name] ?? {};
  if (holder === undefined) throw new Error(`licence: ${one.name} ${one.version} ships no licence file`);
  return `Copyright (c) ${holder}. The package ships no licence file; its package.json says ${licence ?? 'nothing'}.`;
}
