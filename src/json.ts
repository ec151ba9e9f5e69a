// JSON text as a suspicious reader takes it (RFC 8259): position of every error by line and column,
// duplicate members refused (RFC 8259 section 4 leaves them open, and two readers would then see two
// records), depth limited, objects without prototype so that "__proto__" is a name like any other.
// Error texts quote at most one character of the input: the text may hold secrets.

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** Has no prototype: only its own members exist. */
export interface JsonObject {
  [member: string]: JsonValue;
}

/**
 * The value that `text` holds; a leading byte order mark is skipped.
 * Throws SyntaxError "line 3, column 9: ..." for anything that RFC 8259 does not allow, for a member
 * that appears twice in one object and for nesting deeper than `maxDepth`.
 */
export function parseJson(text: string, maxDepth = 64): JsonValue {
  const reader = new JsonReader(text, maxDepth);
  return reader.document();
}

/** Narrows to an object; a list is none. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const SPACE = /[ \t\n\r]*/y;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const WORDS: Record<string, boolean | null> = { true: true, false: false, null: null };

class JsonReader {
  readonly #text: string;
  readonly #maxDepth: number;
  #at: number;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#at = text.startsWith('\ufeff') ? 1 : 0;
  }

  document(): JsonValue {
    const value = this.#value(0);
    if (this.#next() !== '') throw this.#unexpected('the end');
    return value;
  }

  #value(depth: number): JsonValue {
    if (depth > this.#maxDepth) throw this.#error(`nested deeper than ${this.#maxDepth} levels`, this.#at);
    const first = this.#next();
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#list(depth);
    if (first === '"') return this.#string('a string');
    const word = this.#match(WORD);
    if (word !== undefined) return WORDS[word] as boolean | null;
    return this.#number();
  }

  #object(depth: number): JsonObject {
    const object: JsonObject = Object.create(null) as JsonObject;
    this.#at += 1;
    if (this.#skip('}')) return object;
    do {
      this.#next();
      const start = this.#at;
      const member = this.#string('a member name in double quotes');
      if (member in object) throw this.#error(`member ${JSON.stringify(member.slice(0, 40))} appears twice`, start);
      if (!this.#skip(':')) throw this.#unexpected('":"');
      object[member] = this.#value(depth + 1);
    } while (this.#skip(','));
    if (!this.#skip('}')) throw this.#unexpected('"," or "}"');
    return object;
  }

  #list(depth: number): JsonValue[] {
    const list: JsonValue[] = [];
    this.#at += 1;
    if (this.#skip(']')) return list;
    do {
      list.push(this.#value(depth + 1));
    } while (this.#skip(','));
    if (!this.#skip(']')) throw this.#unexpected('"," or "]"');
    return list;
  }

  #string(wanted: string): string {
    if (this.#next() !== '"') throw this.#unexpected(wanted);
    const start = this.#at;
    const token = this.#match(STRING);
    if (token === undefined) throw this.#error('string without end, or with an unescaped control character or a bad escape', start);
    return JSON.parse(token) as string;
  }

  #number(): number {
    const start = this.#at;
    const token = this.#match(NUMBER);
    if (token === undefined) throw this.#unexpected('a value');
    const number = Number(token);
    if (!Number.isFinite(number)) throw this.#error('number out of range', start);
    return number;
  }

  /** Skips white space and looks at the next character; '' at the end. */
  #next(): string {
    this.#match(SPACE);
    return this.#text.charAt(this.#at);
  }

  #skip(character: string): boolean {
    if (this.#next() !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #unexpected(wanted: string): SyntaxError {
    const code = this.#text.codePointAt(this.#at);
    const seen = code === undefined ? 'the end of the text' : printable(code);
    return this.#error(`expected ${wanted}, found ${seen}`, this.#at);
  }

  #error(reason: string, at: number): SyntaxError {
    const before = this.#text.slice(0, at).split('\n');
    const column = (before.at(-1) ?? '').replace('\ufeff', '').length + 1;
    return new SyntaxError(`line ${before.length}, column ${column}: ${reason}`);
  }
}

function printable(code: number): string {
  if (code > 0x20 && code < 0x7f) return JSON.stringify(String.fromCodePoint(code));
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
