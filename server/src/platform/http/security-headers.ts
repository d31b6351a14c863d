import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Control HDR-01, word by word, but for the policy of content, which each kind of answer has its own. */
const FIXED = {
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains; preload',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** For what has no page: redirects, and what is answered before a request could be read. */
export const bareHeaders: Readonly<Record<string, string>> = {
  ...FIXED,
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
};

/**
 * The headers of control HDR-01 on every response, errors and files too. Styles and scripts need
 * the nonce of their response; there is no unsafe-inline.
 */
export function securityHeaders(): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: false,
      strictTransportSecurity: false,
      xContentTypeOptions: false,
      xFrameOptions: false,
      referrerPolicy: false,
      crossOriginOpenerPolicy: false,
      crossOriginResourcePolicy: false,
    }),
    (_request, response, next) => {
      response.locals['nonce'] = randomBytes(16).toString('base64');
      for (const [name, value] of Object.entries(FIXED)) response.setHeader(name, value);
      next();
    },
    helmet.contentSecurityPolicy({
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'", (_request, response) => nonceOf(response)],
        'style-src': ["'self'", (_request, response) => nonceOf(response)],
        'connect-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'manifest-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    }),
  ];
}

function nonceOf(response: object): string {
  const { locals } = response as { locals: Record<string, string> };
  return `'nonce-${locals['nonce'] ?? ''}'`;
}
