import { z } from 'zod';
import {
  endpoint,
  openToAll,
  ownOrigins,
  written,
  type Endpoint,
} from '../../../platform/index.ts';
import type { IdentityParts } from '../../parts.ts';
import { redirectUri } from '../own-addresses.ts';
import { readForm } from '../read-form.ts';
import { describeSelf } from './describe-self.ts';
import { hearLogoutRequest } from './hear-logout-request.ts';
import { keepResponse } from './keep-response.ts';
import { ACS_PATH } from './own-entity.ts';
import { MOST_CHARACTERS } from './read-xml.ts';

const connection = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'is no connection');
const limit = 'anonymous';

/** saml-bindings-2.0-os, 3.4.4: read again from the text of the address, of which the signature is. */
const part = z.string().max(12_000).optional();
const redirected = z.strictObject({
  SAMLRequest: part,
  SAMLResponse: part,
  RelayState: part,
  SigAlg: part,
  Signature: part,
});

/** What a SAML provider, and the browser that it sends, ask for. */
export function samlRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: ACS_PATH,
      summary: 'A page of a SAML provider posts its response; leads on to the page of sign-in',
      guard: openToAll,
      limit,
      fromOtherSites: true,
      input: {},
      body: 'raw',
      output: written('text/html', '303 to the page that hands the response over'),
      audit: null,
      run: async (ctx, _input, { request, response }) => {
        // As base64 in a form.
        const most = MOST_CHARACTERS * 2;
        const form = await readForm(request, { most, what: 'a SAML response' });
        const relayState = form('RelayState');
        const kept = await keepResponse(ctx, { response: form('SAMLResponse'), relayState });
        const to = new URL(redirectUri(ctx.platform.config));
        to.search = new URLSearchParams(
          'handle' in kept ? { state: relayState, code: kept.handle } : { error: kept.refused },
        ).toString();
        response.setHeader('Cache-Control', 'no-store');
        response.redirect(303, to.href);
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/session/saml/:connection/metadata',
      summary: 'What a SAML provider must know of this appliance for one connection',
      guard: openToAll,
      limit,
      input: { params: z.strictObject({ connection }) },
      output: written('application/samlmetadata+xml', 'saml-metadata-2.0-os'),
      audit: null,
      run: async (ctx, { params }, { response }) => {
        const text = await describeSelf(ctx, params.connection);
        response.setHeader('Cache-Control', 'no-store');
        response.type('application/samlmetadata+xml').send(text);
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/session/saml/:connection/sign-out',
      summary: 'A SAML provider sends the browser of somebody who signs out there, or has done so',
      guard: openToAll,
      limit,
      input: { params: z.strictObject({ connection }), query: redirected },
      output: written(
        'text/html',
        '303 to the provider with our answer, or to the page of sign-in',
      ),
      audit: ['session.end'],
      run: async (ctx, { params, query }, { request, response }) => {
        const { originalUrl } = request;
        const search = originalUrl.slice(originalUrl.indexOf('?') + 1);
        // Of a provider that answers ours nothing is believed: the session here has ended before.
        const answer =
          query.SAMLRequest === undefined
            ? null
            : await hearLogoutRequest(ctx, parts, { connectionId: params.connection, search });
        response.setHeader('Cache-Control', 'no-store');
        response.redirect(303, answer ?? `${ownOrigins(ctx.platform.config)[0]}/sign-in`);
      },
    }),
  ];
}
