import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Router } from 'express';
import compression from 'compression';
import express, { type Response } from 'express';
import { AppError } from '../platform/index.ts';

const NONCE = /__CASEMATE_NONCE__/g;

/**
 * The built dashboard: assets by name (hashed, so cached for a year) and one page for every other
 * path, in which each response's own nonce is put.
 */
export function dashboard(webDirectory: string): Router {
  const router = express.Router();
  const page = readPage(webDirectory);
  // Public files only: compressing what holds secrets beside a client's words can leak them (BREACH).
  router.use(
    '/assets',
    compression(),
    express.static(join(webDirectory, 'assets'), {
      immutable: true,
      maxAge: '1y',
      index: false,
      dotfiles: 'deny',
      redirect: false,
    }),
    (_request, _response, next) => next(new AppError('not_found', 'No such file')),
  );
  router.use(
    express.static(webDirectory, {
      index: false,
      dotfiles: 'ignore',
      redirect: false,
      maxAge: '1h',
    }),
  );
  router.get(/^(?!\/api\/|\/health\/|\/\.well-known\/).*/, (_request, response: Response) => {
    const { nonce } = response.locals as { nonce: string };
    response.setHeader('Cache-Control', 'no-store');
    response.type('html').send(page().replace(NONCE, nonce));
  });
  return router;
}

function readPage(webDirectory: string): () => string {
  let held: string | undefined;
  return () => {
    try {
      held ??= readFileSync(join(webDirectory, 'index.html'), 'utf8');
      return held;
    } catch (error) {
      throw new AppError('unavailable', 'The dashboard is not built: run `npm run build`', {
        cause: error,
      });
    }
  };
}
