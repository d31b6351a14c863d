import { z } from 'zod';
import { endpoint, json, platformPermission, type Endpoint } from '../../platform/index.ts';
import {
  certificateSchema,
  certifyDeletion,
  deletionSchema,
  listDeletions,
  type SignDeletion,
} from './certify-deletion.ts';

export function deletionRoutes(sign: SignDeletion): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/platform/deletions',
      summary: 'The last deleted tenants, and when their last copy in the backups dies',
      guard: platformPermission('tenants.delete'),
      limit: 'account',
      input: {},
      output: json(z.object({ deletions: z.array(deletionSchema) })),
      audit: null,
      run: async (ctx) => ({ deletions: await listDeletions(ctx) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/platform/deletions/:entry/certificate',
      summary: 'The signed certificate of a deletion',
      guard: platformPermission('tenants.delete'),
      limit: 'account',
      // Its place in the ledger of deletions: of who is gone, no id is left to be asked for.
      input: { params: z.strictObject({ entry: z.coerce.number().int().positive() }) },
      output: json(certificateSchema),
      audit: null,
      run: (ctx, { params }) => certifyDeletion(ctx, params.entry, sign),
    }),
  ];
}
