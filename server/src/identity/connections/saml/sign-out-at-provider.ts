import { z } from 'zod';
import { newId, type RequestContext } from '../../../platform/index.ts';
import { hashSession } from '../provider-session.ts';
import type { ConnectionRow } from '../repo.ts';
import type { Shown } from '../shown.ts';
import { findNameOf, insertName } from './names-repo.ts';
import { openSaml } from './open-saml.ts';
import { samlSettings } from './saml-settings.ts';

const nameAtProvider = z.strictObject({
  nameID: z.string(),
  nameIDFormat: z.string(),
  nameQualifier: z.string().optional(),
  spNameQualifier: z.string().optional(),
  sessionIndex: z.string(),
});
/** By which a provider knows somebody in one of its sessions. */
export type NameAtProvider = z.output<typeof nameAtProvider>;

/** Keeps it where one can sign out at the provider, until the session here has ended. */
export async function keepName(
  ctx: RequestContext,
  { id: connectionId, settings }: ConnectionRow,
  { nameAtProvider: name }: Shown,
): Promise<void> {
  if (!name || samlSettings.parse(settings).signOutUrl === null) return;
  const id = newId();
  const fields = await ctx.openPlatformFields();
  const value = fields.encrypt(placeOf(id), JSON.stringify(name));
  const providerSession = hashSession(ctx, connectionId, name.sessionIndex);
  await ctx.inControl((tx) => insertName(tx, { id, connectionId, providerSession, value }));
}

/** The address at the provider at which this session ends there, too (saml-profiles-2.0-os, 4.4); null for none. */
export async function addressOfSignOut(
  ctx: RequestContext,
  connection: ConnectionRow,
): Promise<string | null> {
  if (samlSettings.parse(connection.settings).signOutUrl === null) return null;
  const held = await ctx.inControl((tx) => findNameOf(tx, ctx.actor.sessionId ?? ''));
  if (!held) return null;
  const fields = await ctx.openPlatformFields();
  const name = nameAtProvider.parse(JSON.parse(fields.decrypt(placeOf(held.id), held.value)));
  const { saml, settings } = await openSaml(ctx, connection, { sign: true });
  const { nameQualifier, spNameQualifier, ...rest } = name;
  const qualifiers = {
    ...(nameQualifier === undefined ? {} : { nameQualifier }),
    ...(spNameQualifier === undefined ? {} : { spNameQualifier }),
  };
  return saml.getLogoutUrlAsync({ issuer: settings.entity, ...rest, ...qualifiers }, '', {});
}

function placeOf(id: string): { table: string; row: string; field: string } {
  return { table: 'names_at_providers', row: id, field: 'value' };
}
