import type { Finding, SourceFile } from './source-file.ts';

/** The function that takes declared channels alone, and the test that shows what runs as SQL. */
const ALLOWED: ReadonlySet<string> = new Set([
  'server/src/platform/db/notify.ts',
  'server/src/isolation/attacks/payloads.ts',
  'server/src/isolation/repo/catalog.ts',
  'server/src/isolation/attacks/forge-notifications.ts',
  'server/src/isolation/attacks/watch-channels.ts',
]);

/**
 * Finds notifications past `notify`: the isolation test would not hear their channel. Those of
 * functions in the database it finds itself, when they call `pg_notify` with the name in quotes.
 */
export function checkNotify(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path, text }) => {
    if (/^server\/src\/(?!.*\.test\.ts$).*\.ts$/.test(path) && !ALLOWED.has(path))
      return /pg_notify|['"`]\s*notify\s+\w/i.test(text)
        ? [`${path}: tell other processes with notify(), which takes declared channels alone`]
        : [];
    if (!/^server\/migrations\/.*\.sql$/.test(path)) return [];
    const calls = text.match(/\bpg_notify\b/gi)?.length ?? 0;
    const named = text.match(/\bpg_notify\s*\(\s*'[^']+'/gi)?.length ?? 0;
    const raw = /^\s*(perform\s+)?notify\s+\w/im.test(text);
    return calls === named && !raw
      ? []
      : [`${path}: call pg_notify with the channel in quotes, so that the isolation test hears it`];
  });
}
