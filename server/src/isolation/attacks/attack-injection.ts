import { setTimeout as sleep } from 'node:timers/promises';
import { mayInTenant } from '../../access/index.ts';
import type { Endpoint, TenantScope } from '../../platform/index.ts';
import { inParallel } from '../in-parallel.ts';
import { composeRequest } from '../requests/compose-request.ts';
import type { Sent } from '../requests/http-client.ts';
import { idPositions } from '../requests/list-variants.ts';
import { positionName, positionsOf, routeName, type Position } from '../requests/positions.ts';
import type { World } from '../world.ts';
import { judge } from './attack-routes.ts';
import { METACHARACTERS, payloadsFor, type Payload } from './payloads.ts';

const CHANNEL = 'casemate_isolation_probe';
type Field = { route: Endpoint; name: string; compose: (text: string) => Sent };
type Probe = { payload: Payload; name: string; twin: string };

/**
 * SQL in every text field of every route, at every depth, and in headers. A text that was run says
 * so on a channel of its own and leaves a digest; the twin of each payload runs it on purpose.
 */
export async function attackInjection(world: World): Promise<void> {
  const { ledger, subject, watch } = world;
  const heard = new Set<string>();
  const stop = await subject.db.listen(CHANNEL, (nonce) => heard.add(nonce));
  try {
    await provePayloads(world, heard);
    await watch.begin();
    const probes: Probe[] = [];
    for (const field of fieldsOf(world)) {
      ledger.demand('text_fields', [field.name]);
      probes.push(...(await attackField(world, field)));
      ledger.cover('text_fields', field.name);
    }
    await sleep(200);
    for (const { payload, name, twin } of probes)
      if (heard.has(payload.nonce))
        ledger.attempt(
          { kind: 'injection', name, twin },
          { what: 'the text ran as SQL', effects: 1 },
        );
    const changed = await watch.changes();
    if (changed.length > 0)
      ledger.attempt(
        { kind: 'injection', name: 'all of these attempts together', twin: twinOf('in quotes') },
        { what: `changed B: ${changed.join('; ')}`, effects: changed.length },
      );
  } finally {
    await stop();
  }
}

const twinOf = (shape: string): string => `injection ${shape}, run on purpose`;

/** Puts each payload into a statement, as a careless program would, in A's own transaction. */
async function provePayloads({ a, ledger, subject }: World, heard: Set<string>): Promise<void> {
  const scope: TenantScope = await subject.openTenant(a.id, a.admin.accountId);
  for (const { name, nonce, statement } of payloadsFor(CHANNEL)) {
    await subject.db.inTenant(scope, (tx) => tx.query(statement)).catch(() => undefined);
    await sleep(5);
    for (let waits = 0; waits < 40 && !heard.has(nonce); waits += 1) await sleep(10);
    ledger.twin('injection', twinOf(name), heard.has(nonce) ? null : 'the payload does not run');
  }
}

/** Each text field with a request around it that is right but for the text. */
function fieldsOf({ a, subject }: World): Field[] {
  return subject.routes.flatMap((route) => {
    const ids = new Map(
      idPositions(route).named.map(({ position, kind }) => [
        positionName(position),
        a.objects.get(kind),
      ]),
    );
    const compose = (position: Position | null, text: string): Sent =>
      composeRequest({
        route,
        wanted: position ? [position] : [],
        fill: (part, at) =>
          position && positionName(position) === positionName({ part, at })
            ? text
            : ids.get(positionName({ part, at })),
      });
    const inside = positionsOf(route)
      .filter(({ takes }) => takes !== 'other')
      .map((position) => ({
        route,
        name: `${routeName(route)} ${positionName(position)}`,
        compose: (text: string) => compose(position, text),
      }));
    const around: Field = {
      route,
      name: `${routeName(route)} headers`,
      compose: (text: string): Sent => ({ ...compose(null, ''), headers: headersWith(text) }),
    };
    return [...inside, ...(route.method === 'get' ? [around] : [])];
  });
}

/** Every header whose text is stored or looked up, all with the same text. */
function headersWith(text: string): Record<string, string> {
  return {
    'user-agent': text,
    'last-event-id': text,
    origin: text,
    'x-forwarded-for': text,
    'accept-language': text,
    'x-request-id': text,
    cookie: `__Secure-casemate-refresh=${encodeURIComponent(text)}`,
  };
}

async function attackField(world: World, { route, name, compose }: Field): Promise<Probe[]> {
  const { http, ledger } = world;
  const who = authorOf(world, route);
  const payloads = payloadsFor(CHANNEL);
  const probes = payloads.map((payload) => ({
    payload,
    name: `${name}: SQL ${payload.name}`,
    twin: twinOf(payload.name),
  }));
  await inParallel(probes, async ({ payload, name: attempt, twin }) => {
    const answer = await http.send(compose(payload.text), who);
    const ran = answer.text.includes(payload.computed)
      ? 'the answer holds what the SQL computed'
      : null;
    ledger.attempt(
      { kind: 'injection', name: attempt, twin },
      judge(world, answer, { differs: ran, sent: [], platform: true }),
    );
  });
  await inParallel(METACHARACTERS, async (text) => {
    const answer = await http.send(compose(text), who);
    ledger.attempt(
      { kind: 'injection', name: `${name}: ${text}`, twin: twinOf('in quotes') },
      judge(world, answer, { differs: null, sent: [], platform: true }),
    );
  });
  return probes;
}

/** Whoever may use the route around A: an injection needs a request that is heard. */
function authorOf({ a, platform }: World, { guard }: Endpoint): string | undefined {
  if (guard.kind === 'public' || guard.kind === 'secret') return undefined;
  if (guard.kind === 'platform') return platform.accessToken;
  const permission = 'permission' in guard ? guard.permission : '';
  const role = (['admin', 'member', 'reviewer'] as const).find((one) =>
    mayInTenant(one, permission),
  );
  return a[role ?? 'admin'].accessToken;
}
