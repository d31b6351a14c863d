import { ParseError } from '../parse-error.ts';
import type { ReadInput, ReadOutcome } from './format-reader.ts';
import { openPackage, type OfficePackage } from './office/office-package.ts';
import { SlideBlocks } from './office/slide-blocks.ts';

/** PowerPoint: titles as headings, texts, tables and speaker notes in the order of the slides. */
export function readPptx({ bytes, blocks, limits }: ReadInput): ReadOutcome {
  const deck = openPackage(bytes, 'presentationml.', limits);
  const { ids, width, height } = readSlideList(deck);
  if (ids.length > limits.pages) throw new ParseError('too_large');
  const relations = deck.relations(deck.main);
  ids.forEach((id, index) => {
    const slide = relations.get(id)?.path;
    if (!slide) return;
    const reader = new SlideBlocks({ blocks, page: index + 1, width, height });
    deck.read(slide, reader);
    const notes = [...deck.relations(slide).values()].find(
      ({ type }) => type === 'notesSlide',
    )?.path;
    if (notes && !reader.isHidden) deck.read(notes, reader.forNotes());
  });
  return { title: deck.title, pages: ids.length };
}

function readSlideList(deck: OfficePackage): { ids: string[]; width: number; height: number } {
  const list = { ids: [] as string[], width: 0, height: 0 };
  deck.read(deck.main, {
    open: (name, attributes) => {
      if (name === 'sldId') list.ids.push(attributes['r:id'] ?? '');
      if (name !== 'sldSz') return;
      list.width = Number(attributes['cx']);
      list.height = Number(attributes['cy']);
    },
  });
  return list;
}
