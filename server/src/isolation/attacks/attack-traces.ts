import { countRefusals } from '../repo/canaries.ts';
import { findSecrets } from '../canaries/find-secrets.ts';
import type { World } from '../world.ts';

/**
 * What the system says of itself: metrics, the description of its API, errors. And the audit: every
 * door that refused somebody who is signed in wrote it down.
 */
export async function attackTraces(world: World, since: Date): Promise<void> {
  const { b, http, ledger, platform, subject } = world;
  for (const path of ['/metrics', '/health/ready', '/api/openapi.json', '/.well-known/jwks.json']) {
    const token = path === '/metrics' ? subject.metricsToken() : undefined;
    const { status, text } = await http.send({ method: 'get', path }, token);
    const secrets = findSecrets(text, b);
    ledger.attempt(
      { kind: 'traces', name: path, twin: `${path} answers` },
      secrets.length > 0 ? { what: `it holds ${secrets.join(', ')}`, bytes: text.length } : null,
    );
    ledger.twin('traces', `${path} answers`, status < 300 && text.length > 0 ? null : `${status}`);
  }
  const state = await http.send(
    { method: 'get', path: '/api/platform/status' },
    platform.accessToken,
  );
  const shown = findSecrets(state.text, b);
  ledger.attempt(
    { kind: 'traces', name: "the platform's own state", twin: 'the platform reads its state' },
    shown.length > 0 ? { what: `it holds ${shown.join(', ')}`, bytes: state.text.length } : null,
  );
  ledger.twin(
    'traces',
    'the platform reads its state',
    state.status === 200 ? null : `${state.status}`,
  );
  await readAudit(world, since);
}

const WRITTEN = 'a refusal, written down';

/** One more refusal must be one more line of the audit. */
async function readAudit(world: World, since: Date): Promise<void> {
  const { a, b, http, ledger, stranger, subject } = world;
  const auditIds = [a.admin.auditId, stranger.auditId];
  const count = (): Promise<number> =>
    subject.ctx.inControl((tx) => countRefusals(tx, { auditIds, since }));
  const before = await count();
  const paths = [`/api/tenants/${b.id}`, `/api/tenants/${b.id}/documents`];
  for (const path of paths)
    for (const person of [a.admin, stranger])
      await http.send({ method: 'get', path }, person.accessToken);
  const written = (await count()) - before;
  ledger.attempt(
    { kind: 'traces', name: 'refused without a line in the audit', twin: WRITTEN },
    written >= 4
      ? null
      : { what: `of 4 refusals ${written} are in the audit`, effects: 4 - written },
  );
  ledger.twin('traces', WRITTEN, written > 0 || before > 0 ? null : 'no refusal is in the audit');
}
