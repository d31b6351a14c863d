import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import { askFor, type AskedFor } from '../factors/ask-for.ts';
import { isAsked } from '../factors/counting-factors.ts';
import type { SignedIn } from '../factors/sign-in-with-factor.ts';
import type { IdentityParts } from '../parts.ts';
import type { OpenedBy } from '../repo.ts';
import { openSession, viewSession } from '../start-session.ts';
import { admitFromDirectory, foresee } from './admit-from-directory.ts';
import type { FlowPurpose } from './flows-repo.ts';
import { takeFlow } from './flows.ts';
import { linkIdentity } from './link-identity.ts';
import { ownFault } from './oidc/own-fault.ts';
import { withProvider } from './oidc/open-provider.ts';
import { readPerson } from './oidc/read-person.ts';
import { redirectUri } from './own-addresses.ts';
import type { Decision, Refusal } from './policy.ts';
import { hashSession } from './provider-session.ts';
import { findConnection, type ConnectionRow } from './repo.ts';
import { takeResponse } from './saml/keep-response.ts';
import { readResponse } from './saml/read-response.ts';
import { keepName } from './saml/sign-out-at-provider.ts';
import { soundConnection } from './seals.ts';
import type { Shown } from './shown.ts';

/** What the browser brought back from the provider. */
export type BroughtBack = {
  state: string;
  /** Of a SAML provider the handle of its response, which was kept. */
  code: string;
  iss?: string | undefined;
  browser: string | null;
};

/** What somebody gets who is let in. */
export type LetIn =
  { kind: 'session'; signedIn: SignedIn } | { kind: 'challenge'; asked: AskedFor };
export type Outcome =
  | LetIn
  | { kind: 'test'; decision: Decision; claims: Record<string, unknown>; factor: boolean }
  | { kind: 'linked' };

/**
 * Ends a sign-in at a provider in the browser that began it. The flow is taken before anything is asked
 * of the provider, so that of two who bring the same answer one is heard.
 */
export async function answerSignIn(
  ctx: RequestContext,
  parts: IdentityParts,
  brought: BroughtBack,
): Promise<Outcome> {
  const flow = await ctx.inControl((tx) => takeFlow(tx, ctx, brought));
  if (flow.purpose !== 'sign-in' && flow.sessionId !== ctx.actor.sessionId)
    throw new AppError('forbidden', 'Somebody else began this: sign in and begin again');
  const connection = soundConnection(
    ctx,
    await ctx.inControl((tx) => findConnection(tx, flow.connectionId)),
  );
  if (!connection) throw new AppError('not_found', 'There is no such sign-in any more');
  const shown = await ask(ctx, connection, { ...brought, ...flow });
  if (flow.purpose === 'test') {
    const { person, claims, factor } = shown;
    return {
      kind: 'test',
      decision: await foresee(ctx, parts, { connection, person }),
      claims,
      factor,
    };
  }
  if (flow.purpose === 'link') {
    await linkIdentity(ctx, parts, { connection, subject: shown.person.subject });
    return { kind: 'linked' };
  }
  return admit(ctx, parts, { connection, shown });
}

type Flow = { nonce: string; verifier: string; purpose: FlowPurpose };

async function ask(
  ctx: RequestContext,
  connection: ConnectionRow,
  brought: BroughtBack & Flow,
): Promise<Shown> {
  const { state, nonce, code, purpose } = brought;
  try {
    if (connection.kind !== 'saml') return await askProvider(ctx, connection, brought);
    const xml = await takeResponse(ctx, { state, handle: code });
    return await readResponse(ctx, connection, { xml, nonce });
  } catch (error) {
    const fault =
      ownFault(error) ??
      new AppError(
        'forbidden',
        `What the directory answered could not be believed${purpose === 'test' ? `: ${wordsOf(error)}` : '; begin again, and if it stays so, tell your administrator'}`,
        { cause: error },
      );
    ctx.log.warn('a directory’s answer was refused', { connection: connection.id, error });
    await ctx.inControl((tx) =>
      recordOnPlatform(tx, ctx, {
        action: 'directory.admit',
        outcome: 'refused',
        resourceType: 'connection',
        resourceId: connection.id,
        ...(connection.tenantId === null ? {} : { tenantId: connection.tenantId }),
        after: { refusal: fault.code === 'unavailable' ? 'no_answer' : 'answer_not_believed' },
      }),
    );
    throw fault;
  }
}

function askProvider(
  ctx: RequestContext,
  connection: ConnectionRow,
  { state, nonce, verifier, code, iss }: BroughtBack & Flow,
): Promise<Shown> {
  const currentUrl = new URL(redirectUri(ctx.platform.config));
  currentUrl.search = new URLSearchParams({ state, code, ...(iss ? { iss } : {}) }).toString();
  return withProvider(ctx, connection, (provider) =>
    readPerson(provider, { currentUrl, state, nonce, verifier }),
  );
}

/** What a library says is wrong, for whoever sets the connection up: never what a token holds. */
function wordsOf(error: unknown): string {
  const { message = '', code = '' } = error as { message?: string; code?: string };
  return `${message} ${code}`.slice(0, 200).trim();
}

type Admitting = {
  connection: ConnectionRow;
  shown: Shown;
  /** Done once it is known who it is, and before anything is opened. */
  onAccount?: (accountId: string) => Promise<void>;
};

/** Lets in whom the directory has shown, or asks for a second factor. Throws forbidden, with the reason. */
export async function admit(
  ctx: RequestContext,
  parts: IdentityParts,
  { connection, shown, onAccount }: Admitting,
): Promise<LetIn> {
  const { person, factor } = shown;
  const { decision, account } = await admitFromDirectory(ctx, parts, { connection, person });
  if (!account) throw new AppError('forbidden', WORDS[decision.refusal ?? 'no_role']);
  await onAccount?.(account.id);
  if (connection.kind === 'saml') await keepName(ctx, connection, shown);
  const by: OpenedBy = {
    connectionId: connection.id,
    onlyTenant: connection.tenantId,
    providerSession: shown.session === null ? null : hashSession(ctx, connection.id, shown.session),
  };
  const asks = await ctx.inControl((tx) => isAsked(tx, account, by.onlyTenant));
  if (asks && !factor) {
    const asked = await askFor(ctx, parts, { account, purpose: 'sign-in', sessionId: null, by });
    return { kind: 'challenge', asked };
  }
  const { sessionId, refreshToken } = await ctx.inControl((tx) =>
    openSession(tx, ctx, { ...account, factorShown: factor && shownAt(ctx, shown), by }),
  );
  const view = await viewSession(ctx, parts, { account, sessionId });
  return { kind: 'session', signedIn: { view, refreshToken, email: account.email } };
}

/**
 * When the provider saw the factor, which may have been this morning; never later than now. What it does
 * not say is nothing fresh.
 */
function shownAt({ clock }: RequestContext, { authenticatedAt }: Shown): Date {
  const latest = clock.now().getTime();
  return new Date(Math.min(latest, authenticatedAt?.getTime() ?? 0));
}

const WORDS: Readonly<Record<Refusal, string>> = {
  email_not_vouched:
    'Your directory does not say that your e-mail address is yours; its administrator can change that',
  domain_not_owned: 'Nobody with the domain of your e-mail address comes in this way',
  not_invited: 'Nobody has invited you yet; ask an administrator',
  no_role: 'None of your groups has a role here; ask an administrator',
  confirm_first:
    'You have an account here already. Sign in to it as before, then connect it in your security settings',
  account_ended: 'Your account here has ended; ask an administrator',
  account_distrusted: 'Your account can not be used; ask an administrator',
};
