import { installAppliance } from '../bench-appliance.ts';
import { untilDocument, uploadDocument } from '../documents.ts';
import { rounded, type Bench } from '../figure.ts';
import { madeUpText, randomFrom } from '../made-up-text.ts';

const ARTICLES = 48;
const BYTES = 5_000;

/** 48 articles of 5 kB, from the first upload until the last is searchable. */
export const ingestSet: Bench = {
  name: 'ingest-set',
  title: '48 articles of 5 kB until searchable',
  run: async ({ report }) => {
    const appliance = await installAppliance(report);
    try {
      const random = randomFrom(48);
      const articles = Array.from({ length: ARTICLES }, () =>
        Buffer.from(madeUpText(BYTES, random)),
      );
      const started = performance.now();
      const ids: string[] = [];
      for (const [index, bytes] of articles.entries())
        ids.push(await uploadDocument(appliance, `article-${index}.txt`, bytes));
      for (const id of ids) await untilDocument(appliance, id, ['ready']);
      const value = rounded((performance.now() - started) / 1000, 1);
      return {
        figures: [
          { id: 'ingest-set', value, unit: 's', target: 70, better: 'lower', reference: 227 },
        ],
        deviations: [],
      };
    } finally {
      appliance.remove();
    }
  },
};
