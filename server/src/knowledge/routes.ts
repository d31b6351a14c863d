import { z } from 'zod';
import {
  AppError,
  empty,
  endpoint,
  json,
  tenantPermission,
  type Endpoint,
  type RequestContext,
} from '../platform/index.ts';
import { deleteDocument } from './delete-document.ts';
import { getDocument } from './get-document.ts';
import { getPassage } from './get-passage.ts';
import { listKnowledge } from './list-knowledge.ts';
import { presentDocument, type NamePeople } from './present-document.ts';
import { retryDocument } from './retry-document.ts';
import {
  documentDetail,
  documentList,
  documentSchema,
  passageSchema,
  searchAnswer,
} from './schema.ts';
import { searchTimed } from './search-knowledge.ts';
import { uploadDocument } from './upload-document.ts';

const TENANT = '/api/tenants/:tenantId';
const ofTenant = z.strictObject({ tenantId: z.uuid() });
const ofDocument = z.strictObject({ tenantId: z.uuid(), documentId: z.uuid() });
const ofPassage = z.strictObject({ tenantId: z.uuid(), chunkId: z.uuid() });

/** The identity room knows people's names; `app` hands the question down. */
export function knowledgeRoutes(people: { names: NamePeople }): readonly Endpoint[] {
  const present = async (
    ctx: RequestContext,
    ...[row]: [Parameters<typeof presentDocument>[0]]
  ): Promise<z.input<typeof documentSchema>> =>
    presentDocument(row, await people.names(ctx, row.createdBy === null ? [] : [row.createdBy]));
  return [
    endpoint({
      method: 'get',
      path: `${TENANT}/documents`,
      summary: 'List the documents, newest first, with what they use of the storage',
      guard: tenantPermission('documents.read', 'documents'),
      limit: 'account',
      input: {
        params: ofTenant,
        query: z.strictObject({
          after: z.uuid().optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
      },
      output: json(documentList),
      audit: null,
      run: (ctx, { query }) => listKnowledge(ctx, { ...query, names: people.names }),
    }),
    endpoint({
      method: 'post',
      path: `${TENANT}/documents`,
      summary: 'Upload a document; its bytes are the body. It is searchable once it is ready',
      guard: tenantPermission('documents.write', 'upload'),
      limit: 'account',
      input: {
        params: ofTenant,
        query: z.strictObject({ name: z.string().min(1).max(1_000) }),
      },
      output: json(documentSchema, 202),
      body: 'raw',
      audit: ['document.upload'],
      run: async (ctx, { query }, { request }) => {
        const announced = Number(request.headers['content-length'] ?? Number.NaN);
        const named = request.headers['content-type'] !== undefined;
        if (named && !request.is('application/octet-stream'))
          throw new AppError(
            'unsupported_type',
            'Send the file itself as application/octet-stream, not in a form',
          );
        if (request.headers['content-encoding'] !== undefined)
          throw new AppError('unsupported_type', 'Send the file as it is, without compression');
        const bytes = Number.isSafeInteger(announced) ? announced : null;
        return present(ctx, await uploadDocument(ctx, { name: query.name, body: request, bytes }));
      },
    }),
    endpoint({
      method: 'get',
      path: `${TENANT}/documents/:documentId`,
      summary: 'One document with its outline',
      guard: tenantPermission('documents.read', 'documents'),
      limit: 'account',
      input: { params: ofDocument },
      output: json(documentDetail),
      audit: null,
      run: async (ctx, { params }) => {
        const { row, outline } = await getDocument(ctx, params.documentId);
        return { ...(await present(ctx, row)), outline };
      },
    }),
    endpoint({
      method: 'delete',
      path: `${TENANT}/documents/:documentId`,
      summary: 'Delete a document with its passages',
      guard: tenantPermission('documents.write', 'upload'),
      limit: 'account',
      input: { params: ofDocument },
      output: empty,
      audit: ['document.delete'],
      run: (ctx, { params }) => deleteDocument(ctx, params.documentId),
    }),
    endpoint({
      method: 'post',
      path: `${TENANT}/documents/:documentId/retry`,
      summary: 'Let a failed document go on from what was read of it',
      guard: tenantPermission('documents.write', 'upload'),
      limit: 'account',
      input: { params: ofDocument, body: z.strictObject({}) },
      output: json(documentSchema, 202),
      audit: ['document.retry'],
      run: async (ctx, { params }) => present(ctx, await retryDocument(ctx, params.documentId)),
    }),
    endpoint({
      method: 'get',
      path: `${TENANT}/passages/:chunkId`,
      summary: 'A passage with its place in the document and its neighbours',
      guard: tenantPermission('documents.read', 'documents'),
      limit: 'account',
      input: { params: ofPassage },
      output: json(passageSchema),
      audit: null,
      run: (ctx, { params }) => getPassage(ctx, params.chunkId),
    }),
    endpoint({
      method: 'get',
      path: `${TENANT}/search`,
      summary: 'The passages that best answer a question, by words and by meaning',
      guard: tenantPermission('documents.search', 'search'),
      limit: 'account',
      input: {
        params: ofTenant,
        query: z.strictObject({
          q: z.string().min(1).max(2_000),
          limit: z.coerce.number().int().min(1).max(50).default(10),
        }),
      },
      output: json(searchAnswer),
      audit: null,
      run: async (ctx, { query }, { response }) => {
        const found = await searchTimed(ctx, { query: query.q, limit: query.limit });
        const { embedding, search } = found.milliseconds;
        // W3C Server Timing: the model's part and the database's, told apart.
        response.setHeader(
          'Server-Timing',
          `embedding;dur=${embedding.toFixed(1)}, search;dur=${search.toFixed(1)}`,
        );
        return { hits: found.hits };
      },
    }),
  ];
}
