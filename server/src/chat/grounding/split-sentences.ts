export type Span = { readonly start: number; readonly end: number };

const ABBREVIATION =
  /(?:^|[\s(])(?:\p{L}|e\.g|i\.e|approx|cf|etc|vs|no|nr|art|fig|sec|p|pp|dr|prof|mr|mrs|ms|st|jr|inc|ltd|co|bzw|ca|z\.\s?b|d\.\s?h|u\.\s?a|vgl|abs|str|tel|bl\.a|f\.eks|dvs|mv|osv|kl|jf|ev|gj|hr|fr)\.\s*$/iu;
const ORDINAL = /\b\d{1,2}\.\s+$/;
const ONLY_MARKS = /^[\s[\]\d,;.)”"'*_-]*$/;
const STARTS_LOWER = /^\s*\p{Ll}/u;
const LIST_MARK_ONLY = /^\s*(?:[-*•–]|\d{1,2}[.)])\s*$/;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * The sentences of a text as offsets that slice it, in order and without overlap; all but white
 * space is covered. A line is never joined with the next, so each item of a list stands alone.
 * Unicode's rules (UAX 29) do the rough work; abbreviations, ordinals ("31. mars") and citations
 * after the full stop are joined again.
 */
export function splitSentences(text: string): Span[] {
  const spans: Span[] = [];
  let lineStart = 0;
  for (const line of text.split('\n')) {
    for (const span of splitLine(line))
      spans.push({ start: lineStart + span.start, end: lineStart + span.end });
    lineStart += line.length + 1;
  }
  return spans;
}

function splitLine(line: string): Span[] {
  const joined: string[] = [];
  for (const { segment } of [...segmenter.segment(line)].flatMap(splitMarks)) {
    const before = joined.at(-1);
    if (before !== undefined && belongsTogether(before, segment))
      joined[joined.length - 1] = before + segment;
    else joined.push(segment);
  }
  let offset = 0;
  return joined.flatMap((segment) => {
    const start = offset + (segment.length - segment.trimStart().length);
    const end = offset + segment.trimEnd().length;
    offset += segment.length;
    return end > start ? [{ start, end }] : [];
  });
}

const LEADING_MARKS = /^(?:\[\d{1,2}(?:\s*,\s*\d{1,2})*\]\s*)+/;

/** A citation after the full stop opens Unicode's next sentence; here it is a piece of its own. */
function splitMarks({ segment, index }: Intl.SegmentData): { segment: string }[] {
  const marks = index > 0 ? LEADING_MARKS.exec(segment)?.[0] : undefined;
  if (marks === undefined) return [{ segment }];
  return [{ segment: marks }, { segment: segment.slice(marks.length) }];
}

function belongsTogether(before: string, after: string): boolean {
  if (ONLY_MARKS.test(after)) return true;
  if (LIST_MARK_ONLY.test(before) || ABBREVIATION.test(before)) return true;
  if (ORDINAL.test(before) && !/\d{3}\.\s+$/.test(before))
    return STARTS_LOWER.test(after) || isMonth(after);
  return STARTS_LOWER.test(after);
}

const MONTH = /^\s*(?:Jan|Feb|Mär|Mar|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec|Des)/;

function isMonth(text: string): boolean {
  return MONTH.test(text);
}
