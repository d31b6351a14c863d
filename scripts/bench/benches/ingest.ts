import { buildPdf } from '../../../server/src/knowledge/parse/fixtures/build-pdf.ts';
import { installAppliance } from '../bench-appliance.ts';
import { untilDocument, uploadDocument } from '../documents.ts';
import { rounded, type Bench } from '../figure.ts';
import { madeUpSentence, randomFrom } from '../made-up-text.ts';

const PAGES = 500;
const LINES = 56;
/** 20 kB of text on each page. */
const PAGE_BYTES = 20_000;

/** A 10 MB text PDF of 500 pages: upload, parsing, splitting and storing, without the embedding. */
export const ingest: Bench = {
  name: 'ingest',
  title: 'a 10 MB text PDF of 500 pages, apart from the embedding',
  run: async ({ report }) => {
    const pdf = makePdf();
    report(`${rounded(pdf.length / 1e6, 1)} MB of PDF`);
    const appliance = await installAppliance(report);
    try {
      const started = performance.now();
      const id = await uploadDocument(appliance, 'five-hundred-pages.pdf', pdf);
      await untilDocument(appliance, id, ['embedding', 'ready']);
      const value = rounded((performance.now() - started) / 1000);
      return {
        figures: [{ id: 'ingest', value, unit: 's', target: 5, better: 'lower', reference: null }],
        deviations: [],
      };
    } finally {
      appliance.remove();
    }
  },
};

function makePdf(): Buffer {
  const random = randomFrom(500);
  const pages = Array.from({ length: PAGES }, () => {
    const width = PAGE_BYTES / LINES;
    return Array.from({ length: LINES }, (_none, line) => {
      let text = '';
      while (text.length < width) text += `${madeUpSentence(random)} `;
      return { x: 20, y: 820 - line * 14, size: 3, text: text.slice(0, width) };
    });
  });
  return Buffer.from(buildPdf({ pages }));
}
