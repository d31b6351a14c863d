import { z } from 'zod';
import { endpoint, json, platformPermission, type Endpoint } from '../platform/index.ts';
import { listSecrets, type SecretEntry } from './list-secrets.ts';
import { requestRotation } from './request-rotation.ts';
import type { Rotation } from './repo.ts';
import { commandOf } from './secret.ts';
import type { Secret } from './secret.ts';

const rotationSchema = z.object({
  reason: z.enum(['due', 'command', 'compromised']),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  requestedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});

const secretSchema = z.object({
  name: z.string(),
  title: z.string(),
  kind: z.string(),
  count: z.number().int(),
  state: z.enum(['current', 'due', 'overdue', 'unknown']),
  madeAt: z.iso.datetime().nullable(),
  ageDays: z.number().int().nullable(),
  periodDays: z.number().int().nullable(),
  nextAt: z.iso.datetime().nullable(),
  rotatedBy: z.enum(['appliance', 'operator']),
  /** Whether `rotate` below takes it; otherwise only the command on the host does. */
  rotatable: z.boolean(),
  command: z.string(),
  how: z.string(),
  note: z.string().nullable(),
  last: rotationSchema.nullable(),
});

export const secretsSchema = z.object({ secrets: z.array(secretSchema) });

/** `secrets` is the inventory of all rooms, which `app` puts together. */
export function rotationRoutes(secrets: readonly Secret[]): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/platform/secrets',
      summary: 'Each secret of the appliance: its age, and when it is rotated next',
      guard: platformPermission('secrets.read'),
      limit: 'account',
      input: {},
      output: json(secretsSchema),
      audit: null,
      run: async (ctx) => ({ secrets: (await listSecrets(ctx, secrets)).map(presentSecret) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/platform/secrets/:name/rotate',
      summary: 'Rotate a secret now; it begins within seconds',
      guard: platformPermission('secrets.rotate'),
      stepUp: true,
      limit: 'account',
      input: {
        params: z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/) }),
        body: z.strictObject({ compromised: z.boolean().default(false) }),
      },
      output: json(rotationSchema, 202),
      audit: ['secret.rotate'],
      run: async (ctx, { params, body }) =>
        presentRotation(await requestRotation(ctx, secrets, { ...params, ...body })),
    }),
  ];
}

export function presentSecret(entry: SecretEntry): z.input<typeof secretSchema> {
  const { secret, reading, state, ageDays, nextAt, last } = entry;
  const { name, title, kind, periodDays, rotatedBy, how } = secret;
  return {
    name,
    title,
    kind,
    count: reading.count,
    state,
    madeAt: reading.madeAt?.toISOString() ?? null,
    ageDays,
    periodDays,
    nextAt: nextAt?.toISOString() ?? null,
    rotatedBy,
    rotatable: secret.rotate !== undefined,
    command: commandOf(secret),
    how,
    note: reading.note ?? null,
    last: last && presentRotation(last),
  };
}

export function presentRotation(rotation: Rotation): z.input<typeof rotationSchema> {
  const { reason, state, requestedAt, finishedAt } = rotation;
  return {
    reason,
    state,
    requestedAt: requestedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
