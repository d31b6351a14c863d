import { newId, type Actor, type ControlTx, type TenantTx } from '../platform/index.ts';

export type AuditEvent = {
  /** `noun.verb`, lower case. */
  action: string;
  resourceType: string;
  resourceId: string;
  /** Never personal data: values that describe a person stay out. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  outcome?: 'done' | 'refused';
};

/** The part of a context that an audit row needs; requests and jobs both have it. */
export type AuditSource = {
  readonly requestId: string;
  readonly actor: Actor;
  readonly ip: string | null;
  readonly userAgent: string | null;
};

/**
 * Inserts the audit row of a state change into the tenant's own log, in the same transaction: a
 * plain insert that waits for nobody. The sequencer gives it its place within a second.
 */
export async function record(tx: TenantTx, source: AuditSource, event: AuditEvent): Promise<void> {
  await tx.execute(
    `insert into audit_events (tenant_id, id, actor_kind, actor_id, action, outcome, resource_type,
       resource_id, before, after, ip, user_agent, request_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [tx.tenantId, ...valuesOf(source, event)],
  );
}

/** The same for what happens on the platform: accounts, sessions, tenants. */
export async function recordOnPlatform(
  tx: ControlTx,
  source: AuditSource,
  event: AuditEvent & { tenantId?: string },
): Promise<void> {
  await tx.execute(
    `insert into control.audit_events (tenant_id, id, actor_kind, actor_id, action, outcome,
       resource_type, resource_id, before, after, ip, user_agent, request_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [event.tenantId ?? null, ...valuesOf(source, event)],
  );
}

function valuesOf(source: AuditSource, event: AuditEvent): unknown[] {
  return [
    newId(),
    source.actor.kind,
    source.actor.auditId,
    event.action,
    event.outcome ?? 'done',
    event.resourceType,
    event.resourceId,
    event.before ? JSON.stringify(event.before) : null,
    event.after ? JSON.stringify(event.after) : null,
    source.ip,
    source.userAgent?.slice(0, 300) ?? null,
    source.requestId,
  ];
}
