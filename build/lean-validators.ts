// Makes ajv's standalone code small enough to audit on a router: half of what ajv writes. Only the way
// violations are noted, the calls between the validators and the number tests get shorter; what is accepted
// stays the same, which lean-validators.test.ts proves against ajv itself.

/** What violations.ts reads of a violation's params; the rest of them repeats the schema. */
const PARAMS_THAT_ARE_READ = /^\{(?:additionalProperty|missingProperty|propertyName):/;

/** `segment`: RFC 6901 section 3. */
const SHARED = `const note = (violations, instancePath, keyword, params = {}) => violations.push({ instancePath, keyword, params });
const segment = (name) => name.replace(/~/g, "~0").replace(/\\//g, "~1");
`;

const NOTED =
  /const (err\d+) = \{instancePath(?::(.+?))?,schemaPath:"[^"]*",keyword:("[^"]*"),params:(\{.*?\})(?:,propertyName:[^}]*)?\};\s*if\(vErrors === null\)\{\s*vErrors = \[\1\];\s*\}\s*else \{\s*vErrors\.push\(\1\);\s*\}\s*errors\+\+;/g;

/** Each must be found: otherwise ajv writes something else now. */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  // References to the whole document, for keywords that our schemas do not use.
  [/,parentData:[^,{}]+,parentDataProperty(?::[^,{}]+)?,rootData\}/g, '}'],
  [/, ?parentData, ?parentDataProperty, ?rootData ?= ?data ?\}/g, '}'],
  // JSON has neither NaN nor infinities.
  [/\(typeof (\w+) == "number"\) && \(!\(\1 % 1\) && !isNaN\(\1\)\)/g, 'Number.isInteger($1)'],
  [/\b(\w+)\.replace\(\/~\/g, "~0"\)\.replace\(\/\\\/\/g, "~1"\)/g, 'segment($1)'],
  [/vErrors === null \? (\w+\.errors) : vErrors\.concat\(\1\)/g, '(vErrors ?? []).concat($1)'],
  [/ \|\| isNaN\(\w+\)/g, ''],
];

/** The same validators, shorter. Throws Error when ajv's code does not look as expected. */
export function leanValidators(code: string): string {
  const noted = code.replace(NOTED, (_, _name: string, path: string | undefined, keyword: string, params: string) => {
    const read = PARAMS_THAT_ARE_READ.test(params) ? `, ${params}` : '';
    return `errors = note(vErrors ??= [], ${path ?? 'instancePath'}, ${keyword}${read});`;
  });
  const lean = REPLACEMENTS.reduce((text, [pattern, replacement]) => {
    if (text.search(pattern) < 0) throw new Error(`validators: ajv's code has no ${pattern.source}`);
    return text.replace(pattern, replacement);
  }, noted);
  const [left] = /.*(?:schemaPath|parentData|rootData|isNaN).*/.exec(lean) ?? [];
  if (left !== undefined) throw new Error(`validators: ajv's code is not as expected: ${left}`);
  return SHARED + namesOnly(lean);
}

/** Schemas that stand in the code only for the names of their properties shrink to these. */
function namesOnly(code: string): string {
  return code.replace(/^const (schema\d+) = (\{.*\});$/gm, (line, name: string, schema: string) => {
    const uses = code.match(new RegExp(`\\b${name}\\b.{12}`, 'g')) ?? [];
    if (uses.some((use) => !use.startsWith(`${name} = `) && !use.startsWith(`${name}.properties,`))) return line;
    const { properties = {} } = JSON.parse(schema) as { properties?: object };
    return `const ${name} = {properties: ${JSON.stringify(Object.fromEntries(Object.keys(properties).map((key) => [key, true])))}};`;
  });
}
