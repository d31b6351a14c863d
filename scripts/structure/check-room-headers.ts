import type { Finding, SourceFile } from './source-file.ts';

/**
 * Each room of the server opens with index.ts, whose first comment says in 3 to 8 lines what the
 * room owns and what it promises.
 */
export function checkRoomHeaders(files: readonly SourceFile[]): Finding[] {
  const rooms = new Set(
    files.flatMap(({ path }) => /^server\/src\/([^/]+)\//.exec(path)?.[1] ?? []),
  );
  return [...rooms].sort().flatMap((room) => {
    const index = files.find(({ path }) => path === `server/src/${room}/index.ts`);
    if (!index) return [`server/src/${room} has no index.ts`];
    const lines = headerLines(index.text);
    return lines >= 3 && lines <= 8
      ? []
      : [`${index.path}:1 the header has ${lines} lines of text, not 3 to 8`];
  });
}

/** Lines of words in the comment that a file begins with. */
function headerLines(text: string): number {
  const block = /^\/\*\*?([\s\S]*?)\*\//.exec(text)?.[1];
  const lines = block === undefined ? leadingLineComments(text) : block.split('\n');
  return lines.filter((line) => /[A-Za-z]/.test(line)).length;
}

function leadingLineComments(text: string): string[] {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return lines.slice(0, end === -1 ? lines.length : end);
}
