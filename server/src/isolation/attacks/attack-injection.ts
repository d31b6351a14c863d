import { setTimeout as sleep } from 'node:timers/promises';
import { mayInTenant } from '../../access/index.ts';
import type { Endpoint, TenantScope } from '../../platform/index.ts';
import { stopCanary } from '../canaries/ask-canary.ts';
import { inParallel } from '../in-parallel.ts';
import { noteCanary } from '../repo/canaries.ts';
import { composeRequest } from '../requests/compose-request.ts';
import { endingAt, textsFor } from '../requests/fixtures.ts';
import type { Sent } from '../requests/http-client.ts';
import { idPositions } from '../requests/list-variants.ts';
import { positionName, positionsOf, routeName, type Position } from '../requests/positions.ts';
import type { World } from '../world.ts';
import { judge } from './attack-routes.ts';
import { METACHARACTERS, payloadsFor, PROBE_CHANNEL, type Payload } from './payloads.ts';

type Field = {
  route: Endpoint;
  name: string;
  /** How many characters it takes. */
  most?: number | undefined;
  compose: (text: string) => Sent;
};
type Probe = { payload: Payload; name: string; twin: string };

/**
 * SQL in every text field of every route, at every depth, and in headers. A text that was run says
 * so on a channel of its own and leaves a digest; the twin of each payload runs it on purpose.
 */
export async function attackInjection(world: World): Promise<void> {
  const { ledger, subject, watch } = world;
  const heard = new Set<string>();
  const stop = await subject.db.listen(PROBE_CHANNEL, (nonce) => heard.add(nonce));
  try {
    await provePayloads(world, heard);
    await watch.begin();
    const probes: Probe[] = [];
    for (const field of fieldsOf(world)) {
      ledger.demand('text_fields', [field.name]);
      const tried = await attackField(world, field);
      probes.push(...tried);
      if (tried.length > 0) ledger.cover('text_fields', field.name);
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
  for (const { name, nonce, statement } of [...payloadsFor(), ...payloadsFor(0)]) {
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
        most: position.schema.maxLength,
        compose: (text: string) => compose(position, `${text}${endingAt(route, position)}`),
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

async function attackField(world: World, field: Field): Promise<Probe[]> {
  const { route, name, most } = field;
  const texts = textsFor(route);
  const all = payloadsFor(most);
  const payloads = texts === 'all' ? all : texts === 'one' ? all.slice(0, 1) : [];
  const probes = payloads.map((payload) => ({
    payload,
    name: `${name}: SQL ${payload.name}`,
    twin: twinOf(payload.name),
  }));
  const width = route.path.endsWith('/messages') ? 1 : undefined;
  await inParallel(
    probes,
    ({ payload, ...probe }) => sendText(world, field, { ...probe, ...payload, name: probe.name }),
    width,
  );
  const marks = texts === 'all' ? METACHARACTERS : [];
  await inParallel(
    marks,
    (text) => sendText(world, field, { name: `${name}: ${text}`, twin: twinOf('in quotes'), text }),
    width,
  );
  return probes;
}

type Text = { name: string; twin: string; text: string; computed?: string };

async function sendText(world: World, field: Field, sent: Text): Promise<void> {
  const { a, http, ledger } = world;
  const request = { ...field.compose(sent.text), streamMs: 50 };
  const answer = await http.send(request, authorOf(world, field.route));
  const ran = sent.computed !== undefined && answer.text.includes(sent.computed);
  ledger.attempt(
    { kind: 'injection', name: sent.name, twin: sent.twin },
    judge(world, answer, {
      differs: ran ? 'the answer holds what the SQL computed' : null,
      sent: [],
      platform: true,
    }),
  );
  // A question must not keep the model busy, nor the next text from being asked.
  if (answer.streams) await stopCanary(http, a, a.objects.get('talk') ?? '');
  if (textsFor(field.route) === 'one' && answer.status < 300) await removeMade(world, answer.text);
}

/** What a text made is noted, so that it goes when the canaries go. */
async function removeMade({ subject, runId }: World, text: string): Promise<void> {
  const { id } = JSON.parse(text) as { id: string };
  await subject.ctx.inControl((tx) => noteCanary(tx, { runId, kind: 'tenant', id }));
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
