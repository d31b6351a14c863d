import { execFileSync } from 'node:child_process';
import type { RouteRow } from './check-routes.ts';

type Operation = { 'x-guard'?: unknown };
type Description = { paths: Record<string, Record<string, Operation>> };

/**
 * The server's route table, as the server itself prints it: its OpenAPI document is made from the
 * table and names each route's guard.
 */
export function listRoutes(root: string): RouteRow[] {
  const document = execFileSync(process.execPath, ['server/src/main.ts', 'openapi'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return routesOf(JSON.parse(document) as Description);
}

/** The rows of a description, with paths as the route table writes them. */
export function routesOf({ paths }: Description): RouteRow[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method,
      path: path.replace(/\{(\w+)\}/g, ':$1'),
      guard: operation['x-guard'],
    })),
  );
}
