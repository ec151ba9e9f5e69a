import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { element, elementWith, serialise, textAt, type XmlElement } from '../xml.ts';
import { MAX_XML_DEPTH, MAX_XML_LENGTH, parseXml } from './parse-xml.ts';

describe('what is kept as it was written', () => {
  it.each([
    ['digits with leading zeros', '<ckn>0123456789</ckn>', '0123456789'],
    ['hex that looks like a number in exponent form', '<ckn>1e10</ckn>', '1e10'],
    ['0x and a number', '<ckn>0x1F</ckn>', '0x1F'],
    ['true', '<a>true</a>', 'true'],
    ['predefined entities', '<a>&lt;&gt;&amp;&quot;&apos;</a>', '<>&"\''],
    ['numeric entities, decimal and hexadecimal', '<a>&#65;&#x42;&#x1F600;&#252;</a>', 'AB\u{1F600}ü'],
    ['an escaped ampersand before #', '<a>&amp;#66;&amp;lt;</a>', '&#66;&lt;'],
    ['CDATA, without entities', '<a>x <![CDATA[<b> & &lt;]]> y</a>', 'x <b> & &lt; y'],
    ['many entities in one value', `<a>${'&lt;'.repeat(100_000)}</a>`, '<'.repeat(100_000)],
    ['text around a comment', '<a>one<!-- <b> & two -->three</a>', 'onethree'],
    ['a reference to a control character is dropped like the character', '<a>x&#0;&#27;\u0000\u001by</a>', 'xy'],
  ])('%s', async (_, xml, text) => {
    expect((await parseXml(xml)).text).toBe(text);
  });
});

test('names are local, order is kept, xmlns stays, comments and instructions go', async () => {
  const xml =
    '\ufeff<?xml version="1.0" encoding="us-ascii"?>\n<!-- first --><nc:a xmlns:nc="urn:x" xmlns="urn:y" nc:b="1 &lt; 2"><?pi x?><c/><d>1</d><c>2</c> t <!-- x --></nc:a>\n<!-- last -->';
  expect(await parseXml(xml)).toEqual(
    elementWith('a', { xmlns: 'urn:y', b: '1 < 2' }, element('c'), element('d', '1'), element('c', '2'), 't'),
  );
});

test('indentation is nothing, whitespace in a value is kept, in CDATA too', async () => {
  const indented = '<a>\n  <b>\r\n\t<c>one  two</c>\n\n    <d/>\n  </b>\n  <e> > </e>\n  <f>mx1> \n</f>\n</a>\n';
  expect(await parseXml(indented)).toEqual(element('a', element('b', element('c', 'one  two'), element('d')), element('e', '>'), element('f', 'mx1>')));
  expect(await parseXml('<a>\n <b/>\n <c><![CDATA[x> <y]]></c>\n</a>')).toEqual(element('a', element('b'), element('c', 'x> <y')));
});

test('what is wrong is told by its line in the text as it came', async () => {
  await expect(parseXml('<a>\n  <b/>\n\n  <c>\n</a>')).rejects.toMatchObject({ message: expect.stringMatching(/^XML refused: line 5: /) as string });
});

test('names of Object.prototype are ordinary names', async () => {
  const read = await parseXml('<a><toString>1</toString><hasOwnProperty>2</hasOwnProperty><valueOf/></a>');
  expect(read.children.map((child) => child.name)).toEqual(['toString', 'hasOwnProperty', 'valueOf']);
  expect(textAt(read, 'toString')).toBe('1');
});

describe('refused XML', () => {
  const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);

  it.each([
    ['nothing', ''],
    ['white space', ' \n '],
    ['text', 'error: syntax error'],
    ['a comment only', '<!-- x -->'],
    ['two roots', '<a/><b/>'],
    ['text before the root', 'x<a/>'],
    ['text after the root', '<a>1</a>garbage'],
    ['text after an empty root', '<a/>garbage'],
    ['an unclosed element', '<a><b>1</a>'],
    ['a root that never ends', '<a><b>1</b>'],
    ['end tags in the wrong order', '<a><b></a></b>'],
    ['an end tag that leaves our own root', '<a/></document><document>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['a document type', '<!DOCTYPE a><a/>'],
    ['a document type with entities', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['a document type in small letters', '<!doctype a><a/>'],
    ['a document type inside', '<a><!DOCTYPE b></a>'],
    ['an entity that is not predefined', '<a>&nbsp;</a>'],
    ['a bare ampersand', '<a>R & D</a>'],
    ['a bare ampersand in an attribute', '<a b="R & D"/>'],
    ['a reference to a surrogate', '<a>&#xD800;</a>'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>'],
    ['a reference that is too long', '<a>&#x00000000041;</a>'],
    ['__proto__ as a name', '<a><__proto__>x</__proto__></a>'],
    ['constructor as a name', '<a><constructor/></a>'],
    ['a declaration of another kind', '<a><!ELEMENT x></a>'],
    ['an open comment', '<a><!-- x</a>'],
    ['an open CDATA section', '<a><![CDATA[x</a>'],
    ['two prefixes', '<a:b:c/>'],
    ['a name that is not ASCII', '<größe/>'],
    ['nesting beyond the limit', nested(MAX_XML_DEPTH + 1)],
    ['more than the limit', `<a>${'x'.repeat(MAX_XML_LENGTH)}</a>`],
  ])('%s', async (_, xml) => {
    await expect(parseXml(xml)).rejects.toMatchObject({ code: 'netconf-protocol' });
  });

  it('the deepest nesting that is allowed is allowed', async () => {
    await expect(parseXml(nested(MAX_XML_DEPTH))).resolves.toMatchObject({ name: 'a' });
  });

  it('the message does not quote what may be a key', async () => {
    await expect(parseXml('<a><$9$notArealSecret></a>')).rejects.toThrow(expect.not.stringContaining('notArealSecret'));
  });
});

describe('what we serialise comes back', () => {
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/).filter((n) => !/^(?:constructor|prototype|__proto__)$/i.test(n) && !/^xml/i.test(n));
  const legal = fc
    .string({ unit: 'binary', maxLength: 20 })
    .map((t) => t.replace(/[\u0000-\u001f\ufffe\uffff]/g, ' ').replaceAll(']]>', ']]').trim());
  const above = (children: fc.Arbitrary<XmlElement[]>): fc.Arbitrary<XmlElement> =>
    fc.record({ name, attributes: fc.dictionary(name, legal, { maxKeys: 2, noNullPrototype: true }), children, text: legal });
  const tree = above(fc.array(above(fc.array(above(fc.constant([])), { maxLength: 3 })), { maxLength: 3 }));

  test('any tree of elements, attributes and text', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (node) => {
        expect(await parseXml(serialise(node))).toEqual(node);
      }),
      { numRuns: 200 },
    );
  });

  test('arbitrary text is parsed or refused, never an error of another kind', async () => {
    const soup = fc.array(fc.constantFrom('<a>', '</a>', '<b/>', '<!--', '-->', '<![CDATA[', ']]>', '&lt;', '&', '<?x', '?>', ' c="d"', '<', '>', 'x', '__proto__'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(soup, async (parts) => {
        await parseXml(parts.join('')).catch((error: unknown) => expect(error).toMatchObject({ code: 'netconf-protocol' }));
      }),
      { numRuns: 500 },
    );
  });
});
