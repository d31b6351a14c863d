import { SaxesParser } from 'saxes';

/**
 * An element without its prefix; an attribute that has one stands as `{namespace}name`. `text` is what stands
 * in it itself.
 */
export type XmlElement = {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly parent: XmlElement | null;
  readonly text: string;
};

type Growing = Omit<XmlElement, 'children' | 'text'> & { children: Growing[]; text: string };

export const MOST_CHARACTERS = 256 * 1024;
const MOST_DEPTH = 40;
const MOST_ELEMENTS = 5_000;

/**
 * Reads XML of somebody else (XML 1.0 with namespaces) into a tree, and takes little of it: no document
 * type and so no entities of its own, no processing instructions, no CDATA, and no comments where
 * `comments` is not true: two readers that skip one differently would read different texts.
 *
 * @throws Error with words for whoever sets a connection up
 */
export function readXml(text: string, { comments = false } = {}): XmlElement {
  if (text.length > MOST_CHARACTERS) throw new Error('the XML is too long');
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: Growing[] = [];
  let root: Growing | undefined;
  let elements = 0;
  parser.on('error', (cause) => refuse('it is no well-formed XML', cause));
  parser.on('doctype', () => refuse('it has a document type (DTD), which is never taken'));
  parser.on('processinginstruction', () => refuse('it has a processing instruction'));
  parser.on('cdata', () => refuse('it has a CDATA section'));
  if (!comments) parser.on('comment', () => refuse('it has a comment'));
  parser.on('xmldecl', ({ encoding, version }) => {
    if (version !== '1.0' || (encoding ?? 'utf-8').toLowerCase() !== 'utf-8')
      refuse('it is not XML 1.0 in UTF-8');
  });
  parser.on('opentag', (tag) => {
    if (++elements > MOST_ELEMENTS || open.length >= MOST_DEPTH) refuse('it nests too much');
    const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const { local, uri, value } of Object.values(tag.attributes))
      attributes[uri === '' ? local : `{${uri}}${local}`] = value;
    const parent = open.at(-1) ?? null;
    const { local: name, uri: namespace } = tag;
    const element: Growing = { name, namespace, attributes, children: [], parent, text: '' };
    parent?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.on('text', (part) => {
    const into = open.at(-1);
    if (into) into.text += part;
  });
  parser.write(text.replace(/^\uFEFF/, '')).close();
  return root ?? refuse('it is empty');
}

function refuse(why: string, cause?: unknown): never {
  throw new Error(why, { cause });
}

/** The element and all below it. */
export function everyElement(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(everyElement)];
}

type Named = { namespace: string; name: string };

export function childrenOf(element: XmlElement, { namespace, name }: Named): XmlElement[] {
  return element.children.filter((one) => one.name === name && one.namespace === namespace);
}

/** Throws where there are more; undefined where there is none. */
export function onlyChild(element: XmlElement, named: Named): XmlElement | undefined {
  const found = childrenOf(element, named);
  if (found.length > 1) throw new Error(`it has more than one ${named.name}`);
  return found[0];
}

/** The text of an element that holds nothing else. */
export function plainText(element: XmlElement): string {
  if (element.children.length > 0) throw new Error(`its ${element.name} is no plain text`);
  return element.text.trim();
}
