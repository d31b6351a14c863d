import { z } from 'zod';
import { normalCertificate } from './certificates.ts';

const MOST_CERTIFICATES = 6;
const words = z.array(z.string().trim().min(1).max(200)).max(20);
const attribute = z.string().trim().min(1).max(300);

/** Where a browser is sent: https, without a user and a fragment. */
const address = z
  .url({ protocol: /^https$/ })
  .max(1_000)
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const { username, password, hash } = new URL(text);
    return username + password + hash === '';
  }, 'must be an https address without a user or a fragment');

const certificate = z
  .string()
  .max(10_000)
  .transform((text, context) => {
    try {
      return normalCertificate(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });

/** A draft may lack what the provider says of itself: it often has to know our addresses first. */
export const samlSettings = z.strictObject({
  /** By which the provider calls itself; compared exactly. */
  entity: z.string().trim().max(1_000).default(''),
  /** Its single sign-on service, by redirect. */
  signOnUrl: address.or(z.literal('')).default(''),
  /** Its single logout service, by redirect. */
  signOutUrl: address.nullable().default(null),
  /** Any of them may have signed: while a provider changes its key there are two. */
  certificates: z
    .array(certificate)
    .max(MOST_CERTIFICATES)
    .default([])
    .transform((all) => [...new Set(all)]),
  /** Whether our requests are signed. */
  signRequests: z.boolean().default(false),
  /** The attribute that names a person for ever; null: a persistent NameID does. */
  subjectAttribute: attribute.nullable().default(null),
  emailAttribute: attribute.default('email'),
  /** The directory itself gives people their addresses: what it says is as good as verified. */
  mailVouched: z.boolean().default(false),
  nameAttribute: attribute.default('displayName'),
  groupsAttribute: attribute.default('groups'),
  /** The provider's own second factor counts where it says one of these contexts; none: ours is asked. */
  trustedContexts: words.default([]),
});

/** The same of a provider that people can be sent to. */
export const wholeSamlSettings = samlSettings.extend({
  entity: samlSettings.shape.entity.unwrap().min(1),
  signOnUrl: address,
});
export type SamlSettings = z.output<typeof samlSettings>;
