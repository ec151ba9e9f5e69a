// The words of set lines and curly text: quoting, comments, brackets. A word that was quoted is never
// taken for punctuation.

export interface Word {
  readonly text: string;
  readonly quoted: boolean;
  /** Line on which it starts, from 1. */
  readonly line: number;
}

/** Largest text of one load: far above any real configuration, far below what would hurt the process. */
export const MOST_TEXT = 16 * 1024 * 1024;

export class UnterminatedText extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const SKIPPED = /(?:[ \t\r\n\f\v]+|#[^\n]*|\/\*[\s\S]*?\*\/)/y;
const PUNCTUATION = '{};[]';

/** All words of `text`; `{ } ; [ ]` are words of their own. Throws UnterminatedText. */
export function words(text: string): Word[] {
  const found: Word[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    SKIPPED.lastIndex = at;
    const skipped = SKIPPED.exec(text)?.[0];
    if (skipped !== undefined) {
      line += skipped.split('\n').length - 1;
      at += skipped.length;
      continue;
    }
    if (text.startsWith('/*', at)) throw new UnterminatedText('unterminated comment', line);
    const word = text[at] === '"' ? quotedWord(text, at, line) : plainWord(text, at, line);
    found.push(word.word);
    line += word.lines;
    at = word.end;
  }
  return found;
}

function quotedWord(text: string, start: number, line: number): { word: Word; end: number; lines: number } {
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') return { word: { text: value, quoted: true, line }, end: at + 1, lines: value.split('\n').length - 1 };
    if (character === '\\' && at + 1 < text.length) {
      at += 1;
      value += text.charAt(at) === 'n' ? '\n' : text.charAt(at);
    } else {
      value += character;
    }
  }
  throw new UnterminatedText('unterminated string', line);
}

function plainWord(text: string, start: number, line: number): { word: Word; end: number; lines: number } {
  let end = start;
  if (PUNCTUATION.includes(text.charAt(start))) end += 1;
  else while (end < text.length && !/[\s{};[\]"]/.test(text.charAt(end))) end += 1;
  return { word: { text: text.slice(start, end), quoted: false, line }, end, lines: 0 };
}

/** A value as Junos writes it: in quotes when it is not a plain word. */
export function quoted(text: string): string {
  return /^[\w<>.:\/@%+=,*~^?!-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
