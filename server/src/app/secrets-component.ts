import type { RequestContext } from '../platform/index.ts';
import { listSecrets } from '../rotation/index.ts';
import { secrets } from './secrets.ts';

type Component = {
  id: 'secrets';
  status: 'ok' | 'degraded';
  detail: string;
  mend: string | null;
};

const KEEP_MS = 60_000;
const unread: Component = {
  id: 'secrets',
  status: 'degraded',
  detail: 'their ages could not be read',
  mend: 'Mend the database and the key service first',
};

/** One line of the status page: whether any secret is older than its plan. Asked once a minute. */
export function createSecretsComponent(): (ctx: RequestContext) => Promise<Component> {
  let known: { at: number; component: Promise<Component> } | undefined;
  return (ctx) => {
    if (!known || performance.now() - known.at > KEEP_MS)
      known = { at: performance.now(), component: look(ctx).catch(() => unread) };
    return known.component;
  };
}

async function look(ctx: RequestContext): Promise<Component> {
  const entries = await listSecrets(ctx, secrets);
  const of = (state: string): string[] =>
    entries.filter((entry) => entry.state === state).map(({ secret }) => secret.title);
  const [overdue, due, unknown] = [of('overdue'), of('due'), of('unknown')];
  const parts = [
    overdue.length > 0 ? `overdue: ${overdue.join(', ')}` : null,
    due.length > 0 ? `due: ${due.join(', ')}` : null,
    unknown.length > 0 ? `of unknown age: ${unknown.join(', ')}` : null,
  ].filter((part) => part !== null);
  const late = overdue.length + unknown.length > 0;
  return {
    id: 'secrets',
    status: late ? 'degraded' : 'ok',
    detail: parts.length > 0 ? parts.join('; ') : `${entries.length} kinds, none is due`,
    mend: late
      ? 'Open Secrets in the dashboard, or run `casemate rotation list` on the host'
      : null,
  };
}
