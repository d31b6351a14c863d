import type { StoredDocument } from '../../lib/api/types.ts';

/** A document's name without its ending, as one would say it. */
const spoken = (name: string): string =>
  name.replace(/\.[a-z0-9]{1,5}$/i, '').replaceAll(/[_]+/g, ' ');

const shapes = [
  (name: string) => `What are the main points of “${name}”?`,
  (name: string) => `Which dates and deadlines does “${name}” name?`,
  (name: string) => `Who is responsible for what in “${name}”?`,
];

/** A question for each of the latest documents that can be asked about already. */
export function suggestQuestions(
  documents: readonly Pick<StoredDocument, 'name' | 'state'>[],
): string[] {
  return documents
    .filter((document) => document.state === 'ready')
    .slice(0, shapes.length)
    .map(({ name }, index) => shapes[index]?.(spoken(name)) ?? '');
}
