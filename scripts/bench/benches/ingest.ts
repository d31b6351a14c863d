import { buildPdf, type PdfText } from '../../../server/src/knowledge/parse/fixtures/build-pdf.ts';
import { installAppliance, type BenchAppliance } from '../bench-appliance.ts';
import { untilDocument, uploadDocument } from '../documents.ts';
import { rounded, type Bench, type Figure } from '../figure.ts';
import { madeUpSentence, randomFrom } from '../made-up-text.ts';

const PAGES = 500;

/** Upload, parsing, splitting and storing, without the embedding. */
export const ingest: Bench = {
  name: 'ingest',
  title: 'a 10 MB text PDF of 500 pages, apart from the embedding',
  run: async ({ report }) => {
    const printed = makePdf(printedPage);
    const dense = makePdf(densePage);
    const appliance = await installAppliance(report);
    try {
      return {
        figures: [
          // As word processors write: some 3,000 characters a page, each word placed by itself.
          await measure(appliance, 'ingest', printed),
          // Seven times as much text, a line at a time: nothing that a person would read.
          await measure(appliance, 'ingest.dense', dense),
        ],
        deviations: [
          `ingest: ${megabytes(printed)} MB of placed words; ingest.dense: ${megabytes(dense)} MB, nearly all of it text`,
        ],
      };
    } finally {
      appliance.remove();
    }
  },
};

async function measure(appliance: BenchAppliance, id: string, pdf: Buffer): Promise<Figure> {
  const started = performance.now();
  const document = await uploadDocument(appliance, `${id}.pdf`, pdf);
  await untilDocument(appliance, document, ['embedding', 'ready']);
  const value = rounded((performance.now() - started) / 1000);
  const path = `/api/tenants/${appliance.tenantId}/documents/${document}`;
  await appliance.api('DELETE', path, { token: appliance.adminToken });
  return { id, value, unit: 's', target: 5, better: 'lower', reference: null };
}

function megabytes(pdf: Buffer): number {
  return rounded(pdf.length / 1e6, 1);
}

type Page = (random: () => number) => PdfText[];

function makePdf(page: Page): Buffer {
  const random = randomFrom(PAGES);
  return Buffer.from(buildPdf({ pages: Array.from({ length: PAGES }, () => page(random)) }));
}

/** 39 lines of twelve or so words at 10 points, every word with a position of its own. */
function printedPage(random: () => number): PdfText[] {
  const size = 10;
  const texts: PdfText[] = [];
  for (let y = 790; y > 100; y -= 18) {
    let x = 60;
    for (const word of `${madeUpSentence(random)} ${madeUpSentence(random)}`.split(' ')) {
      const width = word.length * size * 0.5;
      if (x + width > 540) break;
      texts.push({ x, y, size, text: word });
      x += width + size * 0.3;
    }
  }
  return texts;
}

/** 56 lines of 357 characters at 3 points. */
function densePage(random: () => number): PdfText[] {
  return Array.from({ length: 56 }, (_none, line) => {
    let text = '';
    while (text.length < 357) text += `${madeUpSentence(random)} `;
    return { x: 20, y: 820 - line * 14, size: 3, text: text.slice(0, 357) };
  });
}
