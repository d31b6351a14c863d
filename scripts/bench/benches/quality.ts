import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { installAppliance, type BenchAppliance } from '../bench-appliance.ts';
import { getDocument, untilDocument, uploadDocument } from '../documents.ts';
import { percentile, rounded, type Bench } from '../figure.ts';

type Question = { id: string; question: string; answers: string[]; doc: string };
type Hit = { documentName: string; text: string };

/** Questions whose passage is among the first five, per language of the articles. */
const TARGETS: Readonly<Record<string, number>> = { en: 99, de: 95, no: 75 };
const OTHER_TARGET = 95;
/** A general-purpose chat product's default retrieval over the same kind of articles. */
const REFERENCES: Readonly<Record<string, number>> = { en: 98.3, de: 72, no: 41 };

/** Uploads a folder's articles and asks its questions through the real search. */
export const quality: Bench = {
  name: 'quality',
  title:
    'questions whose passage is among the first five (--data DIR with docs/*.md, questions.jsonl)',
  run: async ({ data, report }) => {
    if (data === undefined)
      throw new Error('quality needs --data DIR with docs/*.md and questions.jsonl');
    const questions = readQuestions(data);
    const appliance = await installAppliance(report);
    try {
      const ids = await uploadAll(appliance, join(data, 'docs'), report);
      const language = await commonLanguage(appliance, ids);
      const times: number[] = [];
      let found = 0;
      for (const question of questions) {
        const sent = performance.now();
        const hits = await search(appliance, question.question);
        times.push(performance.now() - sent);
        if (hits.some((hit) => isAnswer(hit, question))) found += 1;
      }
      const name = basename(data);
      return {
        figures: [
          {
            id: `quality.${name}.${language}`,
            value: rounded((found / questions.length) * 100, 1),
            unit: '%',
            target: TARGETS[language] ?? OTHER_TARGET,
            better: 'higher',
            reference: REFERENCES[language] ?? null,
          },
          {
            id: `quality.${name}.p95`,
            value: rounded(percentile(times, 0.95), 1),
            unit: 'ms with the query embedded',
            target: 70,
            better: 'lower',
            reference: 70,
          },
        ],
        deviations: [],
      };
    } finally {
      appliance.remove();
    }
  },
};

function readQuestions(data: string): Question[] {
  const lines = readFileSync(join(data, 'questions.jsonl'), 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Question);
}

async function uploadAll(
  appliance: BenchAppliance,
  folder: string,
  report: (text: string) => void,
): Promise<string[]> {
  const ids: string[] = [];
  for (const name of readdirSync(folder).sort())
    ids.push(await uploadDocument(appliance, name, readFileSync(join(folder, name))));
  report(`${ids.length} articles uploaded`);
  for (const id of ids) await untilDocument(appliance, id, ['ready']);
  return ids;
}

/** The language that the server found in most of the articles. */
async function commonLanguage(appliance: BenchAppliance, ids: readonly string[]): Promise<string> {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const { language } = await getDocument(appliance, id);
    counts.set(language ?? 'simple', (counts.get(language ?? 'simple') ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'simple';
}

async function search({ api, adminToken, tenantId }: BenchAppliance, q: string): Promise<Hit[]> {
  const path = `/api/tenants/${tenantId}/search?limit=5&q=${encodeURIComponent(q)}`;
  return (await api<{ hits: Hit[] }>('GET', path, { token: adminToken })).hits;
}

function isAnswer(hit: Hit, { doc, answers }: Question): boolean {
  const text = folded(hit.text);
  return (
    hit.documentName.startsWith(`${doc}.`) &&
    answers.some((answer) => text.includes(folded(answer)))
  );
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}
