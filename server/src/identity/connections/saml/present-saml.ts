import { z } from 'zod';
import type { Config } from '../../../platform/index.ts';
import { time } from '../../account-schema.ts';
import type { ConnectionRow } from '../repo.ts';
import { describeCertificate } from './certificates.ts';
import { acsUrl, ownEntityId } from './own-entity.ts';
import { samlSettings } from './saml-settings.ts';

/** What a page shows of a SAML connection beside its settings. */
export const samlView = z.object({
  /** What the provider must know of this appliance; the entityID is where its description is to be had. */
  entityId: z.string(),
  acsUrl: z.string(),
  certificates: z.array(
    z.object({ subject: z.string(), fingerprint: z.string(), from: time, until: time }),
  ),
});

export const describedView = z.object({
  entity: z.string(),
  signOnUrl: z.string(),
  signOutUrl: z.string().nullable(),
  certificates: z.array(z.string()),
  signRequests: z.boolean(),
});

/** Null for one of another kind. */
export function presentSaml(
  config: Config,
  { id, kind, settings }: Pick<ConnectionRow, 'id' | 'kind' | 'settings'>,
): z.input<typeof samlView> | null {
  if (kind !== 'saml') return null;
  const parsed = samlSettings.safeParse(settings);
  const certificates = parsed.success ? parsed.data.certificates.map(describeCertificate) : [];
  return { entityId: ownEntityId(config, id), acsUrl: acsUrl(config), certificates };
}
