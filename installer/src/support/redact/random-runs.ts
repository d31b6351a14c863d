const RUN = /[\w+/=.~-]{20,}/g;

/**
 * Takes out what looks drawn at random: 32 hexadecimal digits and more, and runs of twenty characters and
 * more that mix capitals, small letters and digits. Of a run with slashes (base64 has them, paths too) every
 * mixed segment goes once one of them is long.
 */
export function replaceRandomRuns(
  text: string,
  allowed: ReadonlySet<string>,
  onHit: () => void,
): string {
  return text.replace(RUN, (run) => {
    if (allowed.has(run)) return run;
    if (isBase64(run)) {
      onHit();
      return '[random]';
    }
    const segments = run.split(/([/.=])/);
    if (!segments.some((segment) => isRandom(segment) && !allowed.has(segment))) return run;
    onHit();
    return segments
      .map((segment) => (!allowed.has(segment) && isPart(segment) ? '[random]' : segment))
      .join('')
      .replace(/(?:\[random\][/.=]{0,3}){2,}/g, '[random]');
  });
}

const mixes = (text: string): boolean =>
  [/[A-Z]/, /[a-z]/, /\d/].every((kind) => kind.test(text)) ||
  (/[A-Z]/.test(text) && /[a-z]/.test(text) && text.includes('+'));

function isRandom(segment: string): boolean {
  if (/^[0-9a-f]{32,}$/i.test(segment) || /[0-9a-f]{40,}/i.test(segment)) return true;
  return segment.length >= 20 && mixes(segment);
}

/**
 * Base64 with slashes can fall into short segments. It changes between capitals, small letters and digits
 * at two places of three; words, paths and versions at one of five.
 */
function isBase64(run: string): boolean {
  if (run.length < 28 || !/^[\w+/=-]+$/.test(run) || !mixes(run)) return false;
  const kinds = [...run].map(kindOf);
  const changes = kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length;
  return changes / run.length >= 0.38;
}

function kindOf(character: string): string {
  if (/\d/.test(character)) return 'digit';
  if (/[a-z]/.test(character)) return 'small';
  return /[A-Z]/.test(character) ? 'capital' : 'other';
}

/** Beside a long one: what is left of base64 between two slashes. */
const isPart = (segment: string): boolean =>
  isRandom(segment) || (segment.length >= 3 && segment.length <= 80 && mixes(segment));
