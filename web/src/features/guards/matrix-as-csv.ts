export interface MatrixRoute {
  method: string;
  path: string;
  guard: string;
  permission: string | null;
  feature: string | null;
  stepUp: boolean;
  passes: string[];
}

/** One line a route, one column a caller (RFC 4180). */
export function matrixAsCsv(routes: readonly MatrixRoute[], callers: readonly string[]): string {
  const head = ['route', 'guard', 'permission', 'feature', 'fresh factor', ...callers];
  const lines = routes.map(({ method, path, guard, permission, feature, stepUp, passes }) => [
    `${method} ${path}`,
    guard,
    permission ?? '',
    feature ?? '',
    stepUp ? 'yes' : '',
    ...callers.map((name) => (passes.includes('anybody') || passes.includes(name) ? 'may' : '')),
  ]);
  return [head, ...lines].map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
