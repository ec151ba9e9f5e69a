import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { element, elementWith, serialise, type XmlElement } from '../../../xml.ts';
import { MalformedXml, parseRequest } from './parse-request.ts';

describe('parseRequest', () => {
  it('reads what clients send', () => {
    const text = `<?xml version="1.0" encoding="UTF-8"?>
      <!-- a comment --><nc:rpc xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" message-id='urn:uuid:1 &amp; 2'>
      <nc:edit-config nc:operation="delete"><a><![CDATA[<raw> & ]]>text &lt;&#65;&#x42;</a><b/></nc:edit-config></nc:rpc>
      `;
    const { root, written } = parseRequest(text);
    expect(written).toEqual([['xmlns:nc', 'urn:ietf:params:xml:ns:netconf:base:1.0'], ['message-id', 'urn:uuid:1 & 2']]);
    expect(root.name).toBe('rpc');
    expect(root.attributes).toEqual({ 'message-id': 'urn:uuid:1 & 2' });
    expect(root.children[0]).toEqual(
      elementWith('edit-config', { operation: 'delete' }, element('a', '<raw> & text <AB'), element('b')),
    );
  });

  it.each([
    ['nothing', ''],
    ['text only', 'show version'],
    ['an open element', '<a><b></b>'],
    ['crossed tags', '<a><b></a></b>'],
    ['two documents', '<a/><b/>'],
    ['text behind', '<a/>x'],
    ['a DOCTYPE', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['an unknown entity', '<a>&x;</a>'],
    ['a bare ampersand', '<a>a & b</a>'],
    ['a surrogate reference', '<a>&#xD800;</a>'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['a control character by reference', '<a>&#0;</a>'],
    ['a duplicate attribute', '<a b="1" b="2"/>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['a name with a digit first', '<1a/>'],
    ['a comment with two hyphens', '<a><!-- a -- b --></a>'],
    ['64 levels and one', `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`],
  ])('refuses %s', (_, text) => {
    expect(() => parseRequest(text)).toThrow(MalformedXml);
  });

  it('does not take a prototype for an attribute', () => {
    expect(Object.hasOwn(parseRequest('<a __proto__="x" constructor="y"/>').root.attributes, '__proto__')).toBe(true);
  });

  it('stays quick on long documents and on long runs of one character', () => {
    const started = performance.now();
    expect(parseRequest(`<a>${'<b>x</b>'.repeat(20_000)}</a>`).root.children).toHaveLength(20_000);
    expect(() => parseRequest(`<a${' '.repeat(200_000)}`)).toThrow(MalformedXml);
    expect(() => parseRequest(`<!--${'-'.repeat(200_000)}`)).toThrow(MalformedXml);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const text = fc.string({ unit: fc.constantFrom('a', '<', '>', '&', '"', "'", 'é', '😀', ']'), maxLength: 12 });
  const tree = fc.letrec<{ node: XmlElement }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.tuple(name, text).map(([tag, content]) => element(tag, content)),
      fc.tuple(name, fc.dictionary(name.filter((attribute) => attribute !== 'xmlns'), text, { maxKeys: 3 }), fc.array(tie('node'), { maxLength: 4 })).map(([tag, attributes, children]) => elementWith(tag, { ...attributes }, children)),
    ),
  })).node;

  it('reads back everything that serialise writes', () => {
    fc.assert(fc.property(tree, (node) => {
        expect(parseRequest(serialise(node)).root).toEqual(node);
      }), { numRuns: 200 });
  });

  it('answers any text with a document or with MalformedXml', () => {
    const markup = fc.string({ unit: fc.constantFrom('<', '>', '/', 'a', ' ', '=', '"', '&', ';', '!', '-', '[', ']', '?', '#', '1'), maxLength: 40 });
    fc.assert(
      fc.property(markup, (any) => {
        try {
          parseRequest(any);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedXml);
        }
      }),
      { numRuns: 500 },
    );
  });
});
