import { ParseError } from '../parse-error.ts';
import type { ReadInput, ReadOutcome } from './format-reader.ts';
import { addBlocks } from './pdf/add-blocks.ts';
import { joinParagraphs } from './pdf/join-paragraphs.ts';
import { openPdf, type PdfDocument } from './pdf/open-pdf.ts';
import { orderLines } from './pdf/order-lines.ts';
import type { Line } from './pdf/page-text.ts';
import { readRuns } from './pdf/read-runs.ts';
import { dropRunningLines } from './pdf/running-lines.ts';

const TAIL_BYTES = 4096;

/** PDF: text in reading order with its place on the page; never a picture, a form or a script. */
export async function readPdf({ bytes, blocks, limits }: ReadInput): Promise<ReadOutcome> {
  // pdf.js would repair a file that was cut off and read half of it without a word.
  if (!Buffer.from(bytes.subarray(-TAIL_BYTES)).includes('%%EOF')) {
    throw new ParseError('broken', 'The file ends too early. Upload it again, or save a new copy.');
  }
  const pdf = await openPdf(bytes);
  if (pdf.numPages > limits.pages) throw new ParseError('too_large');
  const lines = dropRunningLines(await readLines(pdf, limits.textLength), pdf.numPages);
  addBlocks(joinParagraphs(lines), blocks);
  if (blocks.blocks.length === 0) throw new ParseError('no_text');
  const { info } = await pdf.getMetadata();
  const title = 'Title' in info && typeof info.Title === 'string' ? info.Title : null;
  return { title: isFileName(title) ? null : title, pages: pdf.numPages };
}

async function readLines(pdf: PdfDocument, maxLength: number): Promise<Line[]> {
  const lines: Line[] = [];
  let length = 0;
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const runs = await readRuns(page);
    page.cleanup();
    for (const { text } of runs) length += text.length;
    if (length > maxLength) throw new ParseError('too_large');
    lines.push(...orderLines(runs, number));
  }
  return lines;
}

/** Programs write the name of the file they printed where a title should stand. */
const isFileName = (title: string | null): boolean =>
  title === null ||
  /^(untitled|microsoft word)|\.(docx?|pdf|indd|tex|dvi|odt|pptx?|xlsx?)$/i.test(title.trim());
