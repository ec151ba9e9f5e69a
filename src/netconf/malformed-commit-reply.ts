// The one malformed reply that Junos is known for: commit results of a chassis cluster or of two routing
// engines in which <routing-engine> is not closed (seen from 12.1X46 to 25.4R1), or closed by a second
// <routing-engine/>. Used only for commits, only after strict parsing failed; every other fault stays one.

const TAG = /<(\/?)(?:[\w.-]+:)?(routing-engine|commit-results|ok|rpc-reply)(?:\s[^<>]*?)?(\/?)>/g;

/** The reply with the missing end tags in place; undefined when it is not this known fault. */
export function repairCommitReply(text: string): string | undefined {
  let repaired = '';
  let copied = 0;
  let open = false;
  let changes = 0;
  for (const match of text.matchAll(TAG)) {
    const [tag, slash, name, emptyTag] = match;
    const isEngine = name === 'routing-engine';
    repaired += text.slice(copied, match.index);
    copied = match.index + tag.length;
    if (isEngine && slash === '/') {
      if (!open) return undefined;
      open = false;
      repaired += tag;
    } else if (open) {
      // Nothing of these four belongs inside a routing engine: its end tag is missing here.
      changes += 1;
      open = isEngine && emptyTag === '';
      repaired += isEngine && emptyTag === '/' ? '</routing-engine>' : `</routing-engine>${tag}`;
    } else {
      open = isEngine && emptyTag === '';
      repaired += tag;
    }
  }
  return changes === 0 || open ? undefined : repaired + text.slice(copied);
}
