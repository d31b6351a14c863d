import { ParseError } from '../../parse-error.ts';
import type { ParseLimits } from '../../parse-limits.ts';
import { readXml, type XmlHandler } from '../../read-xml.ts';
import { openZip } from '../../zip-archive.ts';
import { readRelations, resolvePart } from './read-relations.ts';

/** An Office Open XML package (ECMA-376): parts by path, and the relations between them. */
export interface OfficePackage {
  /** Path of the main part: the document, workbook or presentation. */
  main: string;
  title: string | null;
  /** Paths of the parts that a part points at, by relation id; links to the outside left out. */
  relations: (part: string) => Map<string, { path: string; type: string }>;
  /** Reads a part as events; does nothing when there is no such part. */
  read: (part: string, handler: XmlHandler) => void;
}

/**
 * Opens a package and checks that its main part has the content type that the file's name claims.
 *
 * @throws ParseError wrong_type, also for a document with macros; broken; zip_bomb; encrypted
 */
export function openPackage(
  bytes: Uint8Array,
  mainType: string,
  limits: ParseLimits,
): OfficePackage {
  const zip = openZip(bytes, limits);
  const read = (part: string, handler: XmlHandler): void => {
    const data = zip.read(part);
    if (data) readXml(data, handler, limits.depth);
  };
  const relations: OfficePackage['relations'] = (part) => readRelations(part, read);
  const main = [...relations('').values()].find(({ type }) => type === 'officeDocument')?.path;
  if (!main || !zip.names.includes(main)) throw new ParseError('broken');
  checkContentType(read, main, mainType);
  return { main, title: readTitle(read), relations, read };
}

function checkContentType(read: OfficePackage['read'], main: string, wanted: string): void {
  let actual = '';
  read('[Content_Types].xml', {
    open: (name, attributes) => {
      if (name !== 'Override') return;
      if (resolvePart('', attributes['PartName'] ?? '') === main)
        actual = attributes['ContentType'] ?? '';
    },
  });
  if (actual.includes('macroEnabled')) {
    throw new ParseError(
      'wrong_type',
      'The document holds macros. Save it without them and upload that.',
    );
  }
  if (actual !== '' && !actual.includes(wanted)) throw new ParseError('wrong_type');
}

function readTitle(read: OfficePackage['read']): string | null {
  let title: string | null = null;
  let inside = false;
  read('docProps/core.xml', {
    open: (name) => (inside = name === 'title'),
    close: () => (inside = false),
    text: (text) => {
      if (inside) title = (title ?? '') + text;
    },
  });
  return title;
}
