import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type OutsideOrigin = { file: string; url: string };

/**
 * What may stand in the bundle because nothing asks for it: names of XML vocabularies, and links in the
 * texts of errors that libraries write. Each is a beginning of the address.
 */
const NEVER_ASKED = [
  'http://www.w3.org/2000/svg',
  'http://www.w3.org/1999/xlink',
  'http://www.w3.org/XML/1998/namespace',
  'http://www.w3.org/1998/Math/MathML',
  // The base that paths are resolved against in the router and the API's client.
  'http://localhost',
  'https://casemate.invalid',
  // Texts of errors.
  'https://react.dev/errors/',
  'https://reactrouter.com/en/main/routers/picking-a-router',
  'https://mantine.dev/theming/colors/',
  'https://github.com/ungap/url-search-params',
  'https://simplewebauthn.dev/docs/packages/browser#typeerror-cannot-read-properties-of-undefined-reading-challenge',
] as const;

const ADDRESS = /\b(?:https?|wss?|ftp):\/\/[^\s"'`<>()\\{}|^]+/g;
/** `//host/…` where a browser would read an address: after a quote, a bracket or an equals sign. */
const WITHOUT_SCHEME = /["'`(=]\/\/((?:[a-z0-9-]+\.)+[a-z]{2,}[^\s"'`<>()\\]*)/gi;

/** Every address of another origin in the text of a page, a script or a style sheet. */
export function outsideOrigins(text: string): string[] {
  const whole = [...text.matchAll(ADDRESS)].map(([url]) => url);
  const relative = [...text.matchAll(WITHOUT_SCHEME)].map(([, rest]) => `//${rest ?? ''}`);
  const found = [...whole, ...relative].filter((url) => !isNeverAsked(url));
  return [...new Set(found)];
}

function isNeverAsked(url: string): boolean {
  return NEVER_ASKED.some((known) => {
    const rest = url.startsWith(known) ? url.slice(known.length) : null;
    // A sentence may end behind it; `http://localhost.example` is another host.
    return rest !== null && (known.endsWith('/') || /^\.?$|^[/,;]/.test(rest));
  });
}

/** The same of every file of a built dashboard. Throws when there is none: nothing read is no proof. */
export function findOutsideOrigins(dir: string): OutsideOrigin[] {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(?:html|js|mjs|css|svg|json|webmanifest)$/.test(file),
  );
  for (const kind of ['.html', '.js', '.css'])
    if (!files.some((file) => file.endsWith(kind)))
      throw new Error(`${dir} holds no ${kind} file: build the dashboard first`);
  return files.flatMap((file) =>
    outsideOrigins(readFileSync(path.join(dir, file), 'utf8')).map((url) => ({ file, url })),
  );
}
